"""Linear quantities a target can bound: their columns and weights, and their value in reported tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, codes, resolve
from tongyuan.pathway.case.known import remembered
from tongyuan.pathway.case.measure import UNITS_IN, Units, units_of
from tongyuan.pathway.problem.problem import Array, Problem

KINDS = (
    "emission", "concentration", "activity", "capacity", "production", "consumption", "purchase", "cost",
)  # fmt: skip
"""Kinds of quantity a target may bound and an objective may count."""


def names(case: Case, kind: str) -> set[str]:
    """Return the names a quantity of `kind` may have in `case`, without groups."""
    if kind == "emission":
        return set(case["emission_coefficient"]["species"])
    if kind == "concentration":
        return set(case["response"]["receptor"])
    if kind == "activity":
        return set(case["technology_option"]["technology"])
    if kind == "capacity":
        return set(case["technology_option"].filter(pl.col("capacity") == "tracked")["technology"])
    return set(case["flow"]["flow"]) if kind in ("production", "consumption", "purchase") else {"total"}


@remembered
def units_in(case: Case) -> Units:
    """Return the one unit of every name of `case`."""
    return units_of({name: case[name] for name in UNITS_IN})


@remembered
def members(case: Case, quantity: str, kind: str = "emission") -> dict[str, float]:
    """Return the members of a group with their weights per unit of each; the quantity itself has weight 1.

    A weight is in the unit of the group per unit of the member; see
    :class:`tongyuan.pathway.case.measure.Units`.
    """
    if not (case["quantity_member"]["quantity"] == quantity).any():
        return {quantity: 1.0}
    return units_in(case).weights(kind, quantity)


def species_needed(case: Case, quantities: list[str] | None = None) -> set[str]:
    """Return the species whose emission is a column: those of targets, taxes and `quantities`."""
    wanted: set[str] = set(quantities or [])
    target = case["target"]
    for kind, name in (("quantity_kind", "quantity"), ("denominator_kind", "denominator")):
        wanted |= set(target.filter(pl.col(kind) == "emission")[name].unique())
        if target.height and bool((target[kind] == "concentration").any()):
            wanted |= set(case["response"]["species"])
    wanted |= set(case["tax"]["quantity"])
    known = set(case["emission_coefficient"]["species"].unique())
    return {s for q in wanted for s in members(case, q) if s in known}


def costs(case: Case, quantity: str) -> pl.Expr:
    """Return which cost terms a quantity counts: those of an item or payer, or all of the objective."""
    if quantity not in ("", "total"):
        return (pl.col("payer") == quantity) | (pl.col("item") == quantity)
    return pl.lit(True) if case.settings.include_damage else pl.col("item") != "damage"


@remembered
def scope_nodes(case: Case, scope: str) -> list[str]:
    """Return the nodes of a scope: all when empty, one node, or the nodes of a group."""
    node = case["node"]
    if not scope:
        return node["node"].to_list()
    if scope in set(node["node"]):
        return [scope]
    return node.filter(pl.col("group") == scope)["node"].to_list()


def vector(
    problem: Problem, kind: str, quantity: str, years: list[int], scope: str = "", control: str = "",
    cumulative: bool | None = None,
) -> pl.DataFrame:  # fmt: skip
    """Return the quantity as weights on columns, ``column, weight``, for one or more years.

    Parameters
    ----------
    cumulative
        Every year counts with the years its period represents; when None, over several years only.
    """
    parts = problem.parts
    frames: dict[str, tuple[pl.DataFrame, ...]] = {
        "emission": (parts["emission"],),
        "concentration": (parts["emission"],),
        "activity": (parts["x" if control else "here"],),
        "capacity": (parts["capacity"], parts["here"]),
        "production": (parts["flow"],),
        "consumption": (parts["flow"],),
        "purchase": (parts["trade"],),
        "cost": (problem.terms,),
    }
    if kind not in frames:
        raise ValueError(f"no quantity of kind {kind!r}")
    asked = (kind, quantity, tuple(years), scope, control, cumulative)
    return _vector(problem.case, problem.codes, *asked, *frames[kind])


@remembered
def _vector(
    case: Case, names: Codes, kind: str, quantity: str, years: tuple[int, ...], scope: str, control: str,
    cumulative: bool | None, frame: pl.DataFrame, *more: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Return :func:`vector` from the part of the problem that knows the kind of quantity."""
    nodes = [names.node.index(n) for n in scope_nodes(case, scope)]
    weights = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    many = len(years) > 1 if cumulative is None else cumulative
    times = pl.DataFrame(
        {
            "t": [names.year.index(y) + 1 for y in years],
            "times": [weights[y] if many else 1.0 for y in years],
        },
        schema={"t": pl.Int32, "times": pl.Float64},
    )
    weight = members(case, quantity, kind)

    def pick(frame: pl.DataFrame, code: str, index: list[str], value: pl.Expr) -> pl.DataFrame:
        table = pl.DataFrame(
            {
                code: [index.index(m) for m in weight if m in index],
                "share": [w for m, w in weight.items() if m in index],
            },
            schema={code: pl.Int32, "share": pl.Float64},
        )
        chosen = frame.filter(pl.col("n").is_in(nodes))
        chosen = chosen.join(times, on="t", maintain_order="left").join(table, on=code, maintain_order="left")
        return chosen.select("column", weight=value * pl.col("share") * pl.col("times"))

    if kind == "emission":
        rows = pick(frame, "s", names.species, pl.lit(1.0))
    elif kind == "concentration":
        response = names.frame(case["response"].filter(pl.col("receptor") == quantity))
        reach = resolve(
            frame.filter(pl.col("n").is_in(nodes)).with_row_index("i"),
            response.select("s", "n", "t", "value"),
            ["s"],
        )
        rows = reach.join(times, on="t", maintain_order="left").select(
            "column", weight=pl.col("value") * pl.col("times")
        )
    elif kind == "activity":
        if control:
            frame = frame.filter(pl.col("c") == names.control.index(control))
        else:
            frame = frame.select("n", "k", "t", column="total")
        rows = pick(frame, "k", names.technology, pl.lit(1.0))
    elif kind == "capacity":
        (here,) = more
        frame = frame.join(here.select("o", "n", "k", "t"), on="o", maintain_order="left")
        rows = pick(frame, "k", names.technology, pl.col("coefficient"))
    elif kind in ("production", "consumption"):
        side, sign = ("output", 1.0) if kind == "production" else ("input", -1.0)
        frame = frame.filter(pl.col("side") == side, pl.col("coefficient") != 0.0)
        rows = pick(frame, "f", names.flow, sign * pl.col("coefficient"))
    elif kind == "purchase":
        rows = pick(frame.filter(pl.col("direction") == "purchase"), "f", names.flow, pl.lit(1.0))
    else:
        frame = frame.filter(pl.col("n").is_in(nodes)).join(times, on="t", maintain_order="left")
        rows = frame.filter(costs(case, quantity)).select("column", weight=pl.col("cost") * pl.col("times"))
    rows = rows.group_by("column", maintain_order=True).agg(pl.col("weight").sum()).sort("column")
    return rows.with_columns(pl.col("column").cast(pl.Int64))


@remembered
def constant(
    case: Case, kind: str, name: str, years: tuple[int, ...], scope: str = "", cumulative: bool | None = None
) -> float:
    """Return the part of a quantity that no emission moves: of a concentration its level without the plan's.

    The concentration of table ``receptor`` less what the base emissions of table ``response`` make of it, so
    that weights and constant together are a line through the base. With a scope the quantity is what the
    nodes of the scope add, and nothing else.
    """
    if kind != "concentration" or scope:
        return 0.0
    weights = dict(zip(case["period"]["year"], case["period"]["weight"], strict=True))
    many = len(years) > 1 if cumulative is None else cumulative
    levels = case["receptor"].filter(pl.col("receptor") == name)
    rows = case["response"].filter(pl.col("receptor") == name, pl.col("base_emission").is_not_null())
    total = 0.0
    for year in years:
        found = 0.0
        for frame, keys in ((levels, ["receptor"]), (rows, ["species", "node"])):
            here = frame.filter(pl.col("year").is_null() | (pl.col("year") == year))
            here = here.sort("year", nulls_last=True).unique(keys, keep="first", maintain_order=True)
            value = here["value"] if frame is levels else here["value"] * here["base_emission"] * -1.0
            found += float(value.sum())
        total += found * (weights[year] if many else 1.0)
    return total


class Coded(NamedTuple):
    """Columns of a reported table as numbers: codes of nodes and names, years, values."""

    nodes: dict[str, int]
    names: dict[str, int]
    node: npt.NDArray[np.int64]
    name: npt.NDArray[np.int64]
    year: npt.NDArray[np.int64]
    value: Array


@remembered
def _coded(case: Case, column: str, by: str, control: str, frame: pl.DataFrame) -> Coded:
    """Return `frame` (its rows of one `control` when given) as numbers, once for all targets."""
    rows = frame.filter(pl.col("control") == control) if control else frame
    found = {}
    for key in ("node", by):
        kinds = rows[key].unique(maintain_order=True).drop_nulls()
        code = rows[key].cast(pl.Enum(kinds)).to_physical().cast(pl.Int64).fill_null(kinds.len())
        found[key] = ({name: i for i, name in enumerate(kinds)}, code.to_numpy())
    year, value = rows["year"].to_numpy(), rows[column].cast(pl.Float64).to_numpy()
    return Coded(found["node"][0], found[by][0], found["node"][1], found[by][1], year, value)


def value(
    case: Case, tables: Mapping[str, pl.DataFrame], kind: str, quantity: str, years: list[int],
    scope: str = "", control: str = "", cumulative: bool | None = None,
) -> float:  # fmt: skip
    """Return the quantity as the reported tables have it, without looking at the problem.

    `tables` are the ``plan_*`` tables of one scenario, see :func:`tongyuan.pathway.plan.tables`; `cumulative`
    is that of :func:`vector`.
    """
    nodes = scope_nodes(case, scope)
    many = len(years) > 1 if cumulative is None else cumulative
    period = dict(case["period"].select("year", "weight").iter_rows())
    times = {y: period[y] if many else 1.0 for y in years if not many or y in period}
    weights = pl.DataFrame({"year": list(times), "times": list(times.values())})
    share = members(case, quantity, kind)

    def total(frame: pl.DataFrame, column: str, by: str) -> float:
        coded = _coded(case, column, by, control if kind == "activity" else "", frame)
        here = np.zeros(len(coded.nodes) + 1, dtype=np.bool_)
        here[[coded.nodes[n] for n in nodes if n in coded.nodes]] = True
        weight = np.full(len(coded.names) + 1, np.nan)
        for name, one in share.items():
            if name in coded.names:
                weight[coded.names[name]] = one
        counted = here[coded.node] & np.isin(coded.year, list(times)) & ~np.isnan(weight[coded.name])
        year = coded.year[counted]
        count = np.ones(year.size)
        for one_year, one in times.items():
            count[year == one_year] = one
        return float(np.sum(coded.value[counted] * weight[coded.name[counted]] * count))

    if kind == "emission":
        return total(tables["plan_emission"], "value", "species")
    if kind == "concentration":
        known = codes(case)
        outside = [y for y in years if y not in known.year]
        known = replace(known, year=[*known.year, *outside])
        response = known.frame(
            case["response"].filter(pl.col("receptor") == quantity).select("species", "node", "year", "value")
        )
        rows = tables["plan_emission"].filter(
            pl.col("species").is_in(known.species), pl.col("node").is_in(nodes)
        )
        rows = rows.join(weights, on="year", maintain_order="left").rename({"value": "emitted"})
        domain = known.frame(rows.select("node", "species", "year", "emitted", "times")).with_row_index("i")
        reach = resolve(domain, response, ["s"])
        linear = float((reach["emitted"] * reach["value"] * reach["times"]).sum())
        return linear + constant(case, kind, quantity, tuple(years), scope, cumulative)
    if kind == "activity":
        return total(tables["plan_activity"], "value", "technology")
    if kind == "capacity":
        return total(tables["plan_capacity"], "capacity", "technology")
    if kind in ("production", "consumption", "purchase"):
        return total(tables["plan_flow"], kind, "flow")
    frame = tables["plan_cost"].filter(pl.col("node").is_in(nodes))
    frame = frame.join(weights, on="year", maintain_order="left")
    frame = frame.filter(costs(case, quantity))
    return float((frame["value"] * frame["times"]).sum())
