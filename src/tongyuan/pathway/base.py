"""The base point: every variable held at its base-year activity."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.pathway.case import Case
from tongyuan.pathway.coefficient import emissions
from tongyuan.pathway.encode import Codes, codes

BASE = "base"
"""Scenario of the base year."""


def base_year(case: Case) -> int:
    """Return the year of the existing stock."""
    year = case.settings.base_year
    return min(case.years) if year is None else year


def codes_with_base(case: Case) -> Codes:
    """Return the codes of `case` with its base year among the years."""
    names, year = codes(case), base_year(case)
    return names if year in names.year else replace(names, year=[*names.year, year])


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
