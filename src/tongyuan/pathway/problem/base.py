"""The base point: every variable held at its base-year activity, and what quantities come to there."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, codes, resolve
from tongyuan.pathway.case.known import remembered
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.coefficient import emissions

BASE = "base"
"""Scenario of the base year."""

UNKNOWN_IN_BASE = ("purchase", "cost")
"""Kinds of quantity whose base-year value the tables do not hold."""


def base_year(case: Case) -> int:
    """Return the year of the existing stock."""
    year = case.settings.base_year
    return min(case.years) if year is None else year


def codes_with_base(case: Case) -> Codes:
    """Return the codes of `case` with its base year among the years."""
    return with_base(case, codes(case))


@remembered
def with_base(case: Case, names: Codes) -> Codes:
    """Return `names` with the base year of `case` among the years."""
    year = base_year(case)
    return names if year in names.year else replace(names, year=[*names.year, year])


@remembered
def base_activity(case: Case) -> pl.DataFrame:
    """Return what table ``stock`` gives as activity: ``node, technology, control, year, value``."""
    return (
        case["stock"]
        .filter(pl.col("activity").is_not_null())
        .group_by("node", "technology", "control", maintain_order=True)
        .agg(value=pl.col("activity").sum())
        .select("node", "technology", "control", year=pl.lit(base_year(case), dtype=pl.Int64), value="value")
    )


def base_point(case: Case) -> dict[str, pl.DataFrame]:
    """Return ``plan_activity`` and ``plan_emission`` of the base year."""
    units = case["technology_option"].select("technology", "unit").unique()
    activity = (
        base_activity(case)
        .join(units, on="technology", maintain_order="left")
        .with_columns(scenario=pl.lit(BASE))
    )
    emitted = emissions(case, codes_with_base(case), activity).with_columns(scenario=pl.lit(BASE))
    return {
        "plan_activity": conform("plan_activity", activity),
        "plan_emission": conform("plan_emission", emitted),
    }


@remembered
def base_value(case: Case, names: Codes, kind: str, name: str, control: str, scope: str) -> float:
    """Return a quantity at the base point: what the base-year activity of table ``stock`` makes of it.

    Flows are those of the technologies and of the devices on them; purchases and cost are not known there.
    `names` has the base year among its years (:func:`codes_with_base`).
    """
    year = base_year(case)
    activity = base_activity(case)
    tables = {"plan_activity": activity}
    if kind in ("emission", "concentration"):
        tables["plan_emission"] = emissions(case, names, activity)
    if kind == "capacity":
        standing = (pl.col("year_built").is_null() | (pl.col("year_built") <= year)) & (
            pl.col("until").is_null() | (pl.col("until") > year)
        )
        tables["plan_capacity"] = (
            vintages(case)
            .filter(standing)
            .select("node", "technology", "capacity", year=pl.lit(year, dtype=pl.Int64))
        )
    if kind in ("production", "consumption"):
        tables["plan_flow"] = flows(case, activity, {"production": "output", "consumption": "input"}[kind])
        tables["plan_flow"] = tables["plan_flow"].rename({"value": kind})
    return quantity.value(case, tables, kind, name, [year], scope, control)


@remembered
def vintages(case: Case) -> pl.DataFrame:
    """Return the stock with capacity: ``node, technology, year_built, capacity`` and its end, ``until``.

    Rows with a class, a fixed cost or a size of units are `apart`: they retire on their own account.
    """
    names = codes(case)
    stock = case["stock"].filter(pl.col("capacity").is_not_null())
    apart = (pl.col("class") != "") | pl.any_horizontal(pl.col("cost_fixed", "unit_size").is_not_null())
    stock = stock.select(
        "node", "technology", "year_built", "capacity", "class", "unit_size", "cost_fixed", apart=apart
    ).with_row_index("i")
    life = names.frame(case["technology_option"].select("technology", "node", "lifetime"))
    found = resolve(names.frame(stock), life, ["k"], wild=("n",), give=("i",))
    return stock.join(found.select("i", "lifetime"), on="i", how="left", maintain_order="left").select(
        pl.exclude("i", "lifetime"), until=pl.col("year_built") + pl.col("lifetime")
    )


def flows(case: Case, activity: pl.DataFrame, role: str) -> pl.DataFrame:
    """Return what an activity table takes (``input``) or gives (``output``): ``node, flow, year, value``.

    Technologies and the devices on them, row by row.
    """
    given = activity.select("node", "technology", "control", "year", "value")
    parts = [
        given.join(
            case[table].filter(pl.col("role") == role).select(*keys, "flow", "coefficient"),
            on=keys,
            maintain_order="left_right",
        )
        for table, keys in (("technology_flow", ["technology"]), ("control_flow", ["technology", "control"]))
    ]
    columns = ["node", "flow", "year", pl.col("value") * pl.col("coefficient")]
    return pl.concat([part.select(columns) for part in parts])
