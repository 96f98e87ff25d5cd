"""Every constraint and target evaluated anew from the reported tables; a violation is an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.audit_limit import audit_limits
from tongyuan.pathway.audit_slice import audit_slices
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, codes, resolve
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.assemble import aims
from tongyuan.pathway.problem.coefficient import emissions
from tongyuan.pathway.problem.decline import least
from tongyuan.pathway.problem.variable import options, standing

Evaluate = Callable[[pl.DataFrame], pl.DataFrame]
"""Activity table (node, technology, control, year, value) → emission rows of every species."""

TOLERANCE = 1e-6


def audit(
    case: Case,
    plan: Mapping[str, pl.DataFrame],
    evaluate: Evaluate | None = None,
    tolerance: float = TOLERANCE,
) -> pl.DataFrame:
    """Return how far every constraint and target is missed in the reported tables.

    Parameters
    ----------
    plan
        The ``plan_*`` tables.
    evaluate
        The inventory's own evaluation of an activity table; the coefficients of the case when None.
    tolerance
        Excess relative to the size of the terms of a constraint above which it counts as violated.

    Returns
    -------
    polars.DataFrame
        Table ``violation``: only rows whose relative excess is above `tolerance`.
    """
    names = codes(case)
    activity = plan["plan_activity"].select("node", "technology", "control", "year", "value")
    emitted = evaluate(activity) if evaluate else emissions(case, names, activity)
    fresh = {**plan, "plan_emission": emitted}
    parts = [
        _balance(plan["plan_flow"], case),
        _emission(plan["plan_emission"], emitted),
        _share(case, names, activity),
        _capacity(case, names, plan),
        _built(case, names, plan),
        _decline(case, activity),
        _target(case, names, fresh),
        _negative(plan),
        audit_limits(case, names, plan),
        audit_slices(case, names, plan),
    ]
    rows = pl.concat([conform("violation", p) for p in parts])
    return rows.filter((pl.col("relative") > tolerance) | pl.col("relative").is_nan())


def require_audit(case: Case, plan: Mapping[str, pl.DataFrame], evaluate: Evaluate | None = None) -> None:
    """Raise :class:`~tongyuan.ledger.finding.FindingError` with a finding for every violation."""
    require(
        finding(
            "pathway", "audit_violation", constraint=r["constraint"], subject=r["subject"],
            year=r["year"] or "—",
            value=f"{r['value']:.6g}", bound=f"{r['bound']:.6g}", excess=f"{r['excess']:.3g}",
        )
        for r in audit(case, plan, evaluate).to_dicts()
    )  # fmt: skip


def _rows(
    frame: pl.DataFrame, constraint: str, value: pl.Expr, bound: pl.Expr, excess: pl.Expr, size: pl.Expr
) -> pl.DataFrame:
    size = pl.max_horizontal(size.abs(), pl.lit(1e-12))
    return frame.select(
        constraint=pl.lit(constraint), subject="subject", year=pl.col("year").cast(pl.Int64), value=value,
        bound=bound,
        excess=excess, relative=excess / size,
    )  # fmt: skip


def _balance(flow: pl.DataFrame, case: Case) -> pl.DataFrame:
    net = (
        pl.col("production")
        - pl.col("consumption")
        + pl.col("purchase")
        - pl.col("sale")
        + pl.col("received")
        - pl.col("sent")
    )
    size = pl.max_horizontal(
        "production", "consumption", "purchase", "sale", "received", "sent", pl.col("demand").abs()
    )
    frame = flow.join(
        case["flow"].select("flow", "balance"), on="flow", how="left", maintain_order="left"
    ).with_columns(subject=pl.col("node") + "/" + pl.col("flow"))
    short = pl.col("demand") - net
    excess = pl.when(pl.col("balance") == "equal").then(short.abs()).otherwise(short.clip(0.0))
    largest = size.max().over("flow")
    return _rows(frame, "balance", net, pl.col("demand"), excess, pl.max_horizontal(size, 1e-6 * largest))


def _decline(case: Case, activity: pl.DataFrame) -> pl.DataFrame:
    keys = ["node", "technology", "year"]
    run = activity.group_by(keys, maintain_order=True).agg(pl.col("value").sum())
    rows = least(case).join(run, on=keys, how="left", maintain_order="left").with_columns(
        pl.col("value").fill_null(0.0), subject=pl.col("node") + "/" + pl.col("technology")
    )  # fmt: skip
    low = pl.col("least")
    return _rows(rows, "decline", pl.col("value"), low, (low - pl.col("value")).clip(0.0), low)


def _emission(reported: pl.DataFrame, emitted: pl.DataFrame) -> pl.DataFrame:
    keys = ["node", "species", "year"]
    mine = reported.group_by(keys, maintain_order=True).agg(value=pl.col("value").sum())
    theirs = emitted.group_by(keys, maintain_order=True).agg(bound=pl.col("value").sum())
    both = mine.join(theirs, on=keys, how="full", coalesce=True, maintain_order="left_right").with_columns(
        pl.col("value", "bound").fill_null(0.0)
    )
    both = both.with_columns(subject=pl.col("node") + "/" + pl.col("species"))
    apart = (pl.col("value") - pl.col("bound")).abs()
    return _rows(
        both,
        "emission",
        pl.col("value"),
        pl.col("bound"),
        apart,
        pl.max_horizontal(pl.col("value").abs(), pl.col("bound").abs()),
    )


def _share(case: Case, names: Codes, activity: pl.DataFrame) -> pl.DataFrame:
    bounds = case["control_option"].select("technology", "control", "node", "year", "share_min", "share_max")
    if bounds.is_empty():
        return empty("violation")
    whole = activity.with_columns(
        whole=pl.col("value").sum().over("node", "technology", "year"),
        subject=pl.col("node") + "/" + pl.col("technology") + "/" + pl.col("control"),
    )
    domain = names.frame(whole.drop("value")).with_row_index("i")
    found = resolve(domain.select("i", "n", "k", "c", "t"), names.frame(bounds), ["k", "c"])
    rows = whole.with_row_index("i").join(
        found.select("i", "share_min", "share_max"), on="i", maintain_order="left"
    )
    high, low = pl.col("share_max") * pl.col("whole"), pl.col("share_min") * pl.col("whole")
    return pl.concat(
        [
            _rows(
                rows, "share_max", pl.col("value"), high, (pl.col("value") - high).clip(0.0), pl.col("whole")
            ),
            _rows(
                rows, "share_min", pl.col("value"), low, (low - pl.col("value")).clip(0.0), pl.col("whole")
            ),
        ]
    )


def _capacity(case: Case, names: Codes, plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    whole = (
        plan["plan_activity"]
        .group_by("node", "technology", "year", maintain_order=True)
        .agg(used=pl.col("value").sum())
    )
    limits = names.frame(
        case["technology_option"].select("node", "technology", "availability", "yearly_output", "potential")
    )
    rows = (
        plan["plan_capacity"]
        .join(whole, on=["node", "technology", "year"], how="left", maintain_order="left")
        .with_columns(pl.col("used").fill_null(0.0), subject=pl.col("node") + "/" + pl.col("technology"))
    )
    domain = names.frame(rows.select("node", "technology")).with_row_index("i")
    found = resolve(domain, limits, ["k"], wild=("n",)).select(
        "i", "availability", "yearly_output", "potential"
    )
    rows = rows.with_row_index("i").join(found, on="i", how="left", maintain_order="left")
    room = pl.col("availability") * pl.col("yearly_output") * pl.col("capacity")
    capped = rows.filter(pl.col("potential").is_not_null())
    return pl.concat(
        [
            _rows(rows, "capacity", pl.col("used"), room, (pl.col("used") - room).clip(0.0), pl.col("used")),
            _rows(
                capped, "potential", pl.col("capacity"), pl.col("potential"),
                (pl.col("capacity") - pl.col("potential")).clip(0.0),
                pl.col("potential"),
            ),
        ]
    )  # fmt: skip


def _built(case: Case, names: Codes, plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Capacity is stock alive, less retirement, plus what was built and still stands."""
    here = options(case, names)
    stock = here.select(
        node=pl.Series(names.node, dtype=pl.String).gather(here["n"]),
        technology=pl.Series(names.technology, dtype=pl.String).gather(here["k"]),
        year="year",
        alive=standing(case, names, here, pl.col("year")),
        lifetime="lifetime",
    )
    table = plan["plan_capacity"].join(
        stock, on=["node", "technology", "year"], how="left", maintain_order="left"
    )
    built = table.select("node", "technology", "built", "lifetime", since="year")
    still = (
        table.select("node", "technology", "year")
        .join(built, on=["node", "technology"], maintain_order="left_right")
        .filter(
            (pl.col("since") <= pl.col("year"))
            & (pl.col("lifetime").is_null() | (pl.col("year") < pl.col("since") + pl.col("lifetime")))
        )
        .group_by("node", "technology", "year", maintain_order=True)
        .agg(standing=pl.col("built").sum())
    )
    table = table.join(
        still, on=["node", "technology", "year"], how="left", maintain_order="left"
    ).with_columns(subject=pl.col("node") + "/" + pl.col("technology"))
    should = pl.col("alive") - pl.col("retired") + pl.col("standing").fill_null(0.0)
    return _rows(
        table,
        "vintage",
        pl.col("capacity"),
        should,
        (pl.col("capacity") - should).clip(0.0),
        pl.max_horizontal("capacity", pl.col("alive")),
    )


def _target(case: Case, names: Codes, plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = []
    for aim in aims(case, names):
        years = list(aim.years)
        value = quantity.value(
            case, plan, aim.kind, aim.quantity, years, aim.scope, aim.control, aim.cumulative
        )
        size = max(abs(value), abs(aim.bound))
        bound = aim.bound
        if aim.denominator_kind:
            below = quantity.value(
                case, plan, aim.denominator_kind, aim.denominator, years, aim.scope, "", aim.cumulative
            )
            bound, size = aim.bound * below, max(abs(below), abs(value))
        over, under = value - bound, bound - value
        excess = {"at_most": max(over, 0.0), "at_least": max(under, 0.0), "equal": abs(over)}[aim.comparator]
        rows.append(
            {
                "constraint": "target", "subject": aim.target, "year": aim.year, "value": value,
                "bound": bound,
                "excess": excess, "relative": excess / max(size, 1e-12),
            }
        )  # fmt: skip
    return pl.DataFrame(rows) if rows else empty("violation")


def _negative(plan: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    rows = (
        plan["plan_activity"]
        .filter(pl.col("value") < 0.0)
        .with_columns(subject=pl.col("node") + "/" + pl.col("technology"))
    )
    return _rows(rows, "negative", pl.col("value"), pl.lit(0.0), -pl.col("value"), -pl.col("value"))
