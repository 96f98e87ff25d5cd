"""From tables to the labelled sparse problem, by array operations only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from scipy import sparse

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, codes, resolve
from tongyuan.pathway.case.known import remembered
from tongyuan.pathway.case.measure import Bound, bound_of
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.base import base_value, with_base
from tongyuan.pathway.problem.coefficient import coefficients
from tongyuan.pathway.problem.decline import add_decline
from tongyuan.pathway.problem.problem import LABELS, Array, Builder, Problem
from tongyuan.pathway.problem.slice import sliced
from tongyuan.pathway.problem.timed import add_timed
from tongyuan.pathway.problem.variable import INFINITY, add_activity, add_capacity, add_exchange, options


@dataclass(frozen=True)
class Aim:
    """One target in one year (or over several years when cumulative), with its bound as a number.

    `bound` is in the unit of the quantity; divided by `scale` it is in `unit`, in which it is reported. A
    ratio of two things of one dimension is `pure`.
    """

    target: str
    family: str
    kind: str
    quantity: str
    control: str
    denominator_kind: str
    denominator: str
    comparator: str
    bound: float
    unit: str
    years: tuple[int, ...]
    scope: str
    cumulative: bool = False
    scale: float = 1.0
    pure: bool = False

    @property
    def year(self) -> int:
        """Last of the years."""
        return self.years[-1]


READ_BY = ("quantity_kind", "quantity", "denominator_kind", "denominator", "unit", "basis")
"""Columns of a target that say what its bound is counted in."""


def factors(case: Case) -> Array:
    """Return discount factor times years represented of every period; the first period is not discounted."""
    period = case["period"].sort("year")
    year = period["year"].to_numpy().astype(float)
    return np.asarray(period["weight"].to_numpy() * (1.0 + case.settings.discount_rate) ** -(year - year[0]))


def aims(case: Case, names: Codes | None = None) -> tuple[Aim, ...]:
    """Return the targets of `case` spelled out by year, bounds in the units of their quantities.

    A bound relative to the base year is worked out: of a ratio from the base-year ratio, and cumulative over
    the years represented by its periods.
    """
    return _aims(case, with_base(case, codes(case) if names is None else names))


@remembered
def _aims(case: Case, names: Codes) -> tuple[Aim, ...]:
    known = quantity.units_in(case)
    weights = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    reads: dict[tuple[Any, ...], Bound] = {}
    found = []
    every = case.years
    for row in case["target"].to_dicts():
        first, last = row["year"], row["year_to"] or row["year"]
        years = every if first is None else [y for y in every if first <= y <= last]
        kind = tuple(row[c] for c in READ_BY)
        if kind not in reads:
            reads[kind] = bound_of(known, row, case.settings.currency)
        read = reads[kind]
        relative = row["basis"] == "share_of_base"
        cumulative = row["accumulation"] == "cumulative"
        bound = row["bound"] * (read.share * _base(case, names, row, read.scale) if relative else read.scale)
        spans = [tuple(years)] if cumulative else [(y,) for y in years]
        for span in spans:
            if not span:
                continue
            times = sum(weights[y] for y in span) if relative and cumulative else 1.0
            found.append(
                Aim(
                    row["target"], row["family"], row["quantity_kind"], row["quantity"], row["control"],
                    row["denominator_kind"], row["denominator"], row["comparator"],
                    bound if row["denominator_kind"] else bound * times, read.unit,
                    span, row["scope"], cumulative, read.scale, read.pure,
                )
            )  # fmt: skip
    return tuple(found)


def _base(case: Case, names: Codes, row: dict[str, Any], scale: float) -> float:
    """Return the base-year value a target is relative to, in the unit of its quantity."""
    if row["base_value"] is not None:
        return float(row["base_value"]) * scale
    top = base_value(case, names, row["quantity_kind"], row["quantity"], row["control"], row["scope"])
    if not row["denominator_kind"]:
        return top
    below = base_value(case, names, row["denominator_kind"], row["denominator"], "", row["scope"])
    return top / below if below else float("nan")


def aim_vector(problem: Problem, aim: Aim) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Return the quantity of an aim and its denominator, if it has one, as ``column, weight``."""
    years = list(aim.years)
    top = quantity.vector(problem, aim.kind, aim.quantity, years, aim.scope, aim.control, aim.cumulative)
    if not aim.denominator_kind:
        return top, None
    return top, quantity.vector(
        problem, aim.denominator_kind, aim.denominator, years, aim.scope, "", aim.cumulative
    )


def fixed_part(case: Case, aim: Aim, *, below: bool = False) -> float:
    """Return what of an aim's quantity, or of what is `below` it, no column moves."""
    kind, name = (aim.denominator_kind, aim.denominator) if below else (aim.kind, aim.quantity)
    return quantity.constant(case, kind, name, aim.years, aim.scope, aim.cumulative)


def aim_row(problem: Problem, aim: Aim) -> tuple[pl.DataFrame, float, float]:
    """Return an aim as ``column, weight`` with the lower and upper limit of its row."""
    rows, below = aim_vector(problem, aim)
    fixed = fixed_part(problem.case, aim)
    limit = aim.bound - fixed
    if below is not None:
        rows = (
            pl.concat([rows, below.with_columns(pl.col("weight") * -aim.bound)])
            .group_by("column", maintain_order=True)
            .agg(pl.col("weight").sum())
        )
        limit = aim.bound * fixed_part(problem.case, aim, below=True) - fixed
    low = limit if aim.comparator in ("at_least", "equal") else -INFINITY
    high = limit if aim.comparator in ("at_most", "equal") else INFINITY
    return rows, low, high


def assemble(case: Case, species: list[str] | None = None) -> Problem:
    """Assemble the problem of `case`.

    Parameters
    ----------
    species
        Further species or groups whose emission shall be a column (those of targets and taxes always are).
    """
    needed = tuple(species_columns(case, species))
    problem = replace(_untargeted(case, needed), case=case)
    return with_aims(problem, aims(case, problem.codes))


class Body(NamedTuple):
    """What of a problem neither demands nor targets nor the choice of species touch."""

    build: Builder
    x: pl.DataFrame
    here: pl.DataFrame
    capacity: pl.DataFrame
    built: pl.DataFrame
    apart: pl.DataFrame
    trade: pl.DataFrame
    sent: pl.DataFrame
    flow: pl.DataFrame
    """Entries of technologies and devices in the balances: ``column, n, f, t, coefficient, side``."""


@remembered
def _body(case: Case) -> Body:
    names = codes(case)
    build = Builder()
    here = options(case, names)
    x, here = add_activity(build, case, names, here)
    here, capacity, built, apart = add_capacity(build, case, names, here)
    add_decline(build, case, names, here)
    trade, sent = add_exchange(build, case, names)
    sign = pl.when(pl.col("role") == "output").then(1.0).otherwise(-1.0)
    flows = (
        names.frame(case["technology_flow"])
        .with_columns(coefficient=sign * pl.col("coefficient"))
        .select("k", "f", "coefficient", side="role")
    )
    extra = (
        names.frame(case["control_flow"])
        .with_columns(coefficient=sign * pl.col("coefficient"))
        .select("k", "c", "f", "coefficient", side="role")
    )
    flow = pl.concat(
        [
            here.select("n", "k", "t", column="total").join(flows, on="k", maintain_order="left").drop("k"),
            x.select("n", "k", "c", "t", "column")
            .join(extra, on=["k", "c"], maintain_order="left")
            .drop("k", "c"),
        ]
    ).select("column", "n", "f", "t", "coefficient", "side")
    return Body(build, x, here, capacity, built, apart, trade, sent, flow)


@remembered
def _untargeted(case: Case, needed: tuple[str, ...]) -> Problem:
    """Return the problem without its targets."""
    names = codes(case)
    body = _body(case)
    build = body.build.copy()
    x, here, capacity, trade, sent, flow = (
        body.x, body.here, body.capacity, body.trade, body.sent, body.flow,
    )  # fmt: skip
    demand = names.frame(case["demand"]).select("n", "f", "t", "value")
    timed = add_timed(build, case, names, here, x, capacity, trade, sent, demand)
    if timed is not None:
        flow = pl.concat([flow, timed.by_year().select(flow.columns)])
    moved = pl.concat(
        [
            flow.drop("side"),
            trade.select("column", "n", "f", "t", coefficient="sign"),
            sent.select("column", "n", "f", "t", coefficient=pl.lit(-1.0)),
            sent.select("column", "f", "t", n="g", coefficient="arriving").select(
                "column", "n", "f", "t", "coefficient"
            ),
        ]
    )
    by_slice = [names.flow.index(f) for f in sliced(case)]
    moved = moved.filter(~pl.col("f").is_in(by_slice)) if by_slice else moved
    demand = demand.filter(~pl.col("f").is_in(by_slice)) if by_slice else demand
    balance = (
        pl.concat([moved.select("n", "f", "t"), demand.select("n", "f", "t")])
        .unique(maintain_order=True)
        .join(demand, on=["n", "f", "t"], how="left", maintain_order="left")
        .join(names.frame(case["flow"]).select("f", "balance"), on="f", how="left", maintain_order="left")
        .with_columns(pl.col("value").fill_null(0.0))
    )
    need = balance["value"].to_numpy()
    exact = (balance["balance"] == "equal").to_numpy()
    rows = build.add_rows("balance", balance, need, np.where(exact, need, INFINITY))
    place = balance.select("n", "f", "t", row=pl.Series(rows))
    entries = moved.join(place, on=["n", "f", "t"], maintain_order="left")
    build.add_entries(entries["row"], entries["column"], entries["coefficient"])

    emission = _add_emission(build, case, names, x, needed)
    _add_tax(build, case, names, emission)
    problem = _finish(build, case, names)
    parts = {
        "x": x.select("column", "o", "n", "k", "c", "t"),
        "here": here.select(
            "o", "n", "k", "t", "total", "existing", "retire", "year", "unit", "capacity_unit", "capacity"
        ),
        "capacity": capacity,
        "built": body.built,
        "apart": body.apart,
        "flow": flow,
        "trade": trade,
        "sent": sent,
        "emission": emission,
        "balance": place,
    }
    return replace(problem, parts=parts, timed=timed)


def species_columns(case: Case, extra: list[str] | None) -> list[str]:
    """Return the species that get a column of their own, in order."""
    return sorted(quantity.species_needed(case, extra))


def _add_emission(
    build: Builder, case: Case, names: Codes, x: pl.DataFrame, needed: tuple[str, ...]
) -> pl.DataFrame:
    rates = _rates(case, names, x, needed)
    i, value = rates["i"].to_numpy(), rates["value"].to_numpy()
    nodes, years = len(names.node), len(names.year) + 1
    place = (x["n"].to_numpy() * years + x["t"].to_numpy())[i]
    key = rates["s"].to_numpy().astype(np.int64) * (nodes * years) + place
    least = np.full(len(names.species) * nodes * years, INFINITY)
    np.minimum.at(least, key, value)
    used = np.flatnonzero(least < INFINITY)
    number = np.empty(least.size, dtype=np.int64)
    number[used] = np.arange(used.size)
    keys = pl.DataFrame(
        {"n": used // years % nodes, "s": used // (nodes * years), "t": used % years},
        schema={"n": pl.Int32, "s": pl.Int32, "t": pl.Int32},
    )
    # an emission that no activity can lower is never negative
    floor = np.where(least[used] >= 0.0, 0.0, -INFINITY)
    column = build.add_columns("emission", keys, floor, INFINITY)
    rows = build.add_rows("emission", keys, 0.0, 0.0)
    build.add_entries(rows, column, 1.0)
    build.add_entries(rows[number[key]] if used.size else rows, x["column"].to_numpy()[i], -value)
    return keys.with_columns(column=pl.Series(column))


@remembered
def _rates(case: Case, names: Codes, x: pl.DataFrame, needed: tuple[str, ...]) -> pl.DataFrame:
    """Return what a unit of every activity emits of the species that are columns."""
    return coefficients(case, names, x.select("n", "k", "c", "t").with_row_index("i"), needed)


def _add_tax(build: Builder, case: Case, names: Codes, emission: pl.DataFrame) -> None:
    for item in ("tax", "damage"):
        rows = case["tax"].filter(pl.col("item") == item)
        if rows.is_empty():
            continue
        spread = [
            {**row, "species": member, "value": row["value"] * weight}
            for row in rows.to_dicts()
            for member, weight in quantity.members(case, row["quantity"]).items()
            if member in names.species
        ]
        rate = names.frame(pl.DataFrame(spread, schema={**rows.schema, "species": pl.String}))
        for one in rate.partition_by("tax", "quantity"):
            hit = resolve(emission.with_row_index("i"), one.select("n", "t", "s", "value", "payer"), ["s"])
            build.add_cost(item, hit.select("column", "n", "t", "payer", cost="value"))


def _finish(build: Builder, case: Case, names: Codes) -> Problem:
    columns = pl.concat(build.columns)
    rows = pl.concat(build.rows)
    r, c, v = (np.concatenate([e[i] for e in build.entries]) for i in range(3))
    matrix = sparse.coo_matrix((v, (r, c)), shape=(build.n_rows, build.n_columns)).tocsc()
    terms = pl.concat(build.terms)
    factor = factors(case)
    counted = terms if case.settings.include_damage else terms.filter(pl.col("item") != "damage")
    cost = np.bincount(
        counted["column"].to_numpy(),
        weights=counted["cost"].to_numpy() * factor[counted["t"].to_numpy() - 1],
        minlength=build.n_columns,
    )
    return Problem(
        case=case,
        codes=names,
        columns=columns,
        rows=rows,
        matrix=matrix,
        cost=cost.astype(np.float64),
        lower=np.concatenate([b[0] for b in build.bounds]),
        upper=np.concatenate([b[1] for b in build.bounds]),
        integer=np.concatenate([np.full(b[0].size, b[2]) for b in build.bounds]),
        row_lower=np.concatenate([b[0] for b in build.row_bounds]),
        row_upper=np.concatenate([b[1] for b in build.row_bounds]),
        terms=terms,
        factor=factor,
    )


def with_aims(problem: Problem, wanted: Sequence[Aim]) -> Problem:
    """Return `problem` with one more row for every aim, in the order given."""
    plain = [a.kind == "emission" and not a.denominator_kind and not a.cumulative for a in wanted]
    together = _emission_rows(problem, [a for a, p in zip(wanted, plain, strict=True) if p])
    blank = pl.DataFrame(schema={"column": pl.Int64, "weight": pl.Float64})
    rows: list[tuple[str, int, pl.DataFrame, float, float]] = []
    for aim, simple in zip(wanted, plain, strict=True):
        if simple:
            low = aim.bound if aim.comparator in ("at_least", "equal") else -INFINITY
            high = aim.bound if aim.comparator in ("at_most", "equal") else INFINITY
            rows.append((aim.target, aim.year, blank, low, high))
        else:
            rows.append((aim.target, aim.year, *aim_row(problem, aim)))
    number = np.flatnonzero(plain)
    return with_rows(
        problem,
        rows,
        entries=together.with_columns(row=pl.Series(number, dtype=pl.Int64).gather(together["row"])),
    )


def _emission_rows(problem: Problem, wanted: list[Aim]) -> pl.DataFrame:
    """Return the entries ``row, column, weight`` of yearly emission aims, all at once."""
    names, case = problem.codes, problem.case
    node = {n: i for i, n in enumerate(names.node)}
    species = {s: i for i, s in enumerate(names.species)}
    scope = {x: [node[n] for n in quantity.scope_nodes(case, x)] for x in {a.scope for a in wanted}}
    share = {q: quantity.members(case, q) for q in {a.quantity for a in wanted}}
    parts: list[tuple[int, int, int, int, float]] = [
        (i, n, species[m], names.year.index(a.year) + 1, weight)
        for i, a in enumerate(wanted)
        for m, weight in share[a.quantity].items()
        if m in species
        for n in scope[a.scope]
    ]
    schema = {"row": pl.Int64, "n": pl.Int32, "s": pl.Int32, "t": pl.Int32, "weight": pl.Float64}
    frame = pl.DataFrame(parts, schema=schema, orient="row")
    return frame.join(problem.parts["emission"], on=["n", "s", "t"], maintain_order="left").select(
        "row", pl.col("column").cast(pl.Int64), "weight"
    )


def with_rows(
    problem: Problem,
    rows: list[tuple[str, int, pl.DataFrame, float, float]],
    kind: str = "target",
    entries: pl.DataFrame | None = None,
) -> Problem:
    """Return `problem` with further rows ``(subject, year, column/weight, lower, upper)``.

    `entries` (``row, column, weight``, rows counted from 0) are added to those of the rows themselves.
    """
    if not rows:
        return problem
    count = len(rows)
    own = [(i, frame) for i, (_, _, frame, _, _) in enumerate(rows) if frame.height]
    place = np.repeat([i for i, _ in own], [frame.height for _, frame in own]).astype(np.int64)
    none = np.empty(0, dtype=np.int64), np.empty(0)
    column, weight = (
        np.concatenate([blank, *(frame[c].to_numpy() for _, frame in own)])
        for c, blank in zip(("column", "weight"), none, strict=True)
    )
    if entries is not None:
        place = np.append(place, entries["row"].to_numpy())
        column, weight = (
            np.append(part, entries[c].to_numpy()) for part, c in ((column, "column"), (weight, "weight"))
        )
    block = sparse.coo_matrix((weight, (place, column)), shape=(count, problem.matrix.shape[1]))
    code = {y: i + 1 for i, y in enumerate(problem.codes.year)}
    labels = pl.DataFrame(
        {
            "kind": [kind] * count,
            "subject": [r[0] for r in rows],
            **{c: [0] * count for c in LABELS[:-1]},
            "t": [code.get(r[1], 0) for r in rows],
        },
        schema=problem.rows.schema,
    )
    return replace(
        problem,
        rows=pl.concat([problem.rows, labels]),
        matrix=sparse.vstack([problem.matrix, block.tocsc()], format="csc"),
        row_lower=np.concatenate([problem.row_lower, [r[3] for r in rows]]),
        row_upper=np.concatenate([problem.row_upper, [r[4] for r in rows]]),
    )
