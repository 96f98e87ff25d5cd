"""Export in the format of the Integrated Assessment Modeling Consortium."""

from __future__ import annotations

import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan


def iamc(case: Case, plan: Plan, model: str = "tongyuan") -> pl.DataFrame:
    """Return emissions, activity, capacity, flows and cost of `plan` as an IAMC table (wide).

    Columns are ``Model, Scenario, Region, Variable, Unit`` and one per year; the sum over all nodes stands
    under region ``World`` as the format wants it.
    """
    unit = pl.col("unit").fill_null("")
    parts = [
        _part(plan["plan_emission"], pl.lit("Emissions|") + pl.col("species"), "value", unit + "/yr"),
        _part(plan["plan_activity"], pl.lit("Activity|") + pl.col("technology"), "value", unit + "/yr"),
        _part(plan["plan_capacity"], pl.lit("Capacity|") + pl.col("technology"), "capacity", unit),
        _part(plan["plan_capacity"], pl.lit("Capacity Additions|") + pl.col("technology"), "built", unit),
        _part(plan["plan_flow"], pl.lit("Production|") + pl.col("flow"), "production", unit + "/yr"),
        _part(plan["plan_flow"], pl.lit("Consumption|") + pl.col("flow"), "consumption", unit + "/yr"),
        _part(plan["plan_cost"], pl.lit("Cost|") + pl.col("item"), "value", pl.col("currency") + "/yr"),
    ]
    rows = pl.concat(parts)
    nation = rows.with_columns(Region=pl.lit("World"))
    keys = ["Region", "Variable", "Unit", "year"]
    rows = pl.concat([rows, nation]).group_by(keys, maintain_order=True).agg(pl.col("value").sum())
    wide = rows.pivot("year", index=["Region", "Variable", "Unit"], values="value", sort_columns=True)
    years = [str(y) for y in case.years if str(y) in wide.columns]
    return wide.sort("Region", "Variable").select(
        pl.lit(model).alias("Model"),
        pl.lit(plan.scenario or "plan").alias("Scenario"),
        "Region",
        "Variable",
        "Unit",
        *years,
    )


def _part(frame: pl.DataFrame, variable: pl.Expr, value: str, unit: pl.Expr) -> pl.DataFrame:
    return frame.select(
        Region=pl.col("node"),
        Variable=variable,
        Unit=unit,
        year=pl.col("year").cast(pl.String),
        value=pl.col(value).fill_null(0.0),
    )
