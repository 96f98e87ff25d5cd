"""Who pays and who gains: cost of a plan against a reference, by sector and payer."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.pathway.plan import Plan

NEGLIGIBLE = 1e-9
"""Changes below this share of the larger amount are none."""


def incidence(reference: Plan, plan: Plan) -> pl.DataFrame:
    """Return cost by sector, payer, item and year in both plans.

    The sector is that of the technology; what is bought, sold or sent has none. A tax is a cost of who
    pays it; damage is left out since nobody pays it.

    Returns
    -------
    polars.DataFrame
        Table ``incidence``: `before` and `after` a year, `change` (positive: pays more) and its discounted
        sum over the years the period stands for.
    """
    keys = ["sector", "payer", "item", "year"]
    one, other = (_costs(p) for p in (reference, plan))
    both = one.rename({"value": "before", "discounted": "was"}).join(
        other.rename({"value": "after", "discounted": "is"}), on=keys, how="full", coalesce=True
    )
    both = both.with_columns(pl.col("before", "after", "was", "is").fill_null(0.0))
    change = pl.col("after") - pl.col("before")
    small = NEGLIGIBLE * pl.max_horizontal(pl.col("before", "after").abs())
    rows = both.with_columns(
        change=pl.when(change.abs() > small).then(change).otherwise(0.0),
        discounted=pl.when(change.abs() > small).then(pl.col("is") - pl.col("was")).otherwise(0.0),
        verdict=pl.when(change > small)
        .then(pl.lit("pays"))
        .when(change < -small)
        .then(pl.lit("gains"))
        .otherwise(pl.lit("neutral")),
        currency=pl.lit(plan.problem.case.settings.currency),
        scenario=pl.lit(plan.scenario),
    ).drop("was", "is")
    return conform("incidence", rows.sort(keys))


def _costs(plan: Plan) -> pl.DataFrame:
    problem = plan.problem
    terms = problem.terms.filter(pl.col("item") != "damage")
    amount = terms["cost"].to_numpy() * plan.solution.x[terms["column"].to_numpy()]
    option = problem.case["technology_option"].select("technology", "sector")
    sectors = dict(option.filter(pl.col("sector") != "").unique("technology", keep="first").iter_rows())
    names = pl.Series([sectors.get(k, "") for k in problem.codes.technology], dtype=pl.String)
    code = problem.columns["k"].gather(terms["column"])
    rows = terms.with_columns(
        value=pl.Series(amount),
        sector=names.gather(code),
        discounted=pl.Series(amount * problem.factor[terms["t"].to_numpy() - 1]),
        year=pl.Series(problem.codes.year, dtype=pl.Int64).gather(terms["t"] - 1),
    )
    keys = ["sector", "payer", "item", "year"]
    return rows.group_by(keys, maintain_order=True).agg(pl.col("value", "discounted").sum())
