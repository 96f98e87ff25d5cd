"""Stranded stock: what retires before its time, and what stands and is not needed."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import codes, resolve
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.base import vintages
from tongyuan.pathway.problem.variable import alive_in

SMALL = 1e-6
"""Share of what stands below which nothing is stranded."""


def stranded(case: Case, plan: Plan) -> pl.DataFrame:
    """Return what of the stock has retired early by each period, the years it had left and their worth.

    Of a pool of vintages the oldest retire first; rows of the stock that retire on their own account are
    counted by table ``plan_stock``. `value_left` is the capital cost of the technology times the share of its
    life that was left: a figure for comparison, not a book value. `idle` is capacity that stands in the
    period and is not needed by the year's activity.

    Returns
    -------
    polars.DataFrame
        Table ``stranded``: one row per node, technology and year with something retired early or idle.
    """
    keys = ["node", "technology", "year"]
    rows = plan["plan_capacity"].join(_used(case, plan), on=keys, how="left", maintain_order="left")
    idle = (pl.col("capacity") - pl.col("used").fill_null(0.0)).clip(0.0)
    rows = rows.with_columns(idle=pl.when(idle > SMALL * pl.col("capacity")).then(idle).otherwise(0.0))
    rows = rows.join(_years_left(case, plan), on=keys, how="left", maintain_order="left")
    rows = rows.join(_capital(case, rows), on=keys, how="left", maintain_order="left")
    rows = rows.filter((pl.col("retired") > SMALL * pl.col("existing")) | (pl.col("idle") > 0.0))
    worth = pl.col("cost_capital") * pl.col("unit_years") / pl.col("lifetime")
    made = rows.with_columns(
        value_left=worth,
        years_left=pl.col("unit_years") / pl.col("retired"),
        currency=pl.lit(case.settings.currency),
    )
    columns = [
        "scenario",
        *keys,
        "existing",
        "retired",
        "years_left",
        "value_left",
        "capacity",
        "idle",
        "unit",
        "currency",
    ]
    return conform("stranded", made.select(columns).with_columns(pl.col("years_left").fill_nan(None)))


def _used(case: Case, plan: Plan) -> pl.DataFrame:
    """Return the capacity that the year's activity needs, or the fullest slice, whichever is more."""
    keys = ["node", "technology", "year"]
    names = codes(case)
    year = plan["plan_activity"].group_by(keys, maintain_order=True).agg(pl.col("value").sum())
    option = names.frame(
        case["technology_option"].select("technology", "node", "availability", "yearly_output")
    )
    domain = names.frame(year.select("node", "technology")).with_row_index("i")
    found = resolve(domain, option, ["k"], wild=("n",), give=("i",))
    year = year.with_row_index("i").join(found, on="i", maintain_order="left")
    year = year.with_columns(used=pl.col("value") / (pl.col("availability") * pl.col("yearly_output")))
    if "plan_dispatch" in plan.tables:
        full = plan["plan_dispatch"].group_by(keys, maintain_order=True).agg(share=pl.col("use").max())
        stands = plan["plan_capacity"].select(*keys, "capacity")
        full = full.join(stands, on=keys, maintain_order="left").select(
            *keys, fullest=pl.col("share") * pl.col("capacity")
        )
        year = year.join(full, on=keys, how="left", maintain_order="left").with_columns(
            used=pl.max_horizontal("used", "fullest")
        )
    return year.select(*keys, "used")


def _years_left(case: Case, plan: Plan) -> pl.DataFrame:
    """Return capacity times years that retired stock had left, the oldest first."""
    pool = vintages(case).filter(~pl.col("apart"))
    table = plan["plan_capacity"].select("node", "technology", "year", "retired")
    parts = []
    if "plan_stock" in plan.tables:
        own = plan["plan_stock"]
        ends = (
            vintages(case)
            .filter(pl.col("apart"))
            .select("node", "technology", "class", "year_built", "until")
        )
        ends = ends.unique(["node", "technology", "class", "year_built"], keep="first", maintain_order=True)
        at = ["node", "technology", "class", "year_built"]
        parts.append(
            own.join(ends, on=at, nulls_equal=True, maintain_order="left").select(
                "node", "technology", "year", gone="retired", left=pl.col("until") - pl.col("year")
            )
        )
        mine = own.group_by("node", "technology", "year").agg(mine=pl.col("retired").sum())
        table = table.join(mine, on=["node", "technology", "year"], how="left", maintain_order="left")
        table = table.with_columns(retired=pl.col("retired") - pl.col("mine").fill_null(0.0)).drop("mine")
    alive = table.join(pool, on=["node", "technology"], maintain_order="left_right").filter(
        alive_in(pl.col("year"))
    )
    alive = alive.sort("node", "technology", "year", "year_built", nulls_last=False, maintain_order=True)
    before = pl.col("capacity").cum_sum().over("node", "technology", "year") - pl.col("capacity")
    alive = alive.with_columns(gone=(pl.col("retired") - before).clip(0.0, pl.col("capacity")))
    parts.append(alive.select("node", "technology", "year", "gone", left=pl.col("until") - pl.col("year")))
    rows = pl.concat([p.with_columns(pl.col("left").cast(pl.Float64)) for p in parts])
    return rows.group_by("node", "technology", "year", maintain_order=True).agg(
        # a vintage without an end has no years one could count
        unit_years=pl.when(pl.col("left").filter(pl.col("gone") > 0.0).is_null().any())
        .then(None)
        .otherwise((pl.col("gone") * pl.col("left")).sum())
    )


def _capital(case: Case, rows: pl.DataFrame) -> pl.DataFrame:
    names = codes(case)
    option = names.frame(case["technology_option"].select("technology", "node", "cost_capital", "lifetime"))
    domain = names.frame(rows.select("node", "technology")).with_row_index("i")
    found = resolve(domain, option, ["k"], wild=("n",), give=("i",))
    given = rows.select("node", "technology", "year").with_row_index("i")
    return given.join(found, on="i", how="left", maintain_order="left").drop("i")
