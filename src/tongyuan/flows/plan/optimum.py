"""From the optimum to tasks: what the tables of the plan flow say, put into the plan of a programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.programme.optimum import from_plan
from tongyuan.programme.plan import Plan

SCENARIO = "plan"
"""Scenario of the least-cost plan, where its tables hold several."""

TABLES = frozenset({"plan_measure", "plan_activity"})
"""Tables of the plan flow that tasks are made of."""


def optimum_tasks(tables: Mapping[str, pl.DataFrame], plan: str, **choices: Any) -> pl.DataFrame:
    """Return the tasks that carry out a least-cost plan.

    Parameters
    ----------
    tables
        Tables of the plan flow: ``plan_measure`` (or ``plan_activity`` where there are no measures),
        ``coordinate`` for costs, ``measure`` for titles and departments, ``technology_option`` for units.
    plan
        Id of the plan the tasks belong to.
    choices
        See :func:`tongyuan.programme.optimum.from_plan`; they go before what the tables say.
    """
    measures = tables.get("plan_measure")
    activities = None if measures is not None and measures.height else tables.get("plan_activity")
    told = measures if activities is None else activities
    scenarios = set() if told is None else set(told["scenario"])
    known: dict[str, Any] = {
        "scenario": SCENARIO if len(scenarios) > 1 and SCENARIO in scenarios else None,
        "titles": _titles(tables),
        "units": _units(tables),
        "owners": _owners(tables),
        "cost": tables.get("coordinate"),
    }
    return from_plan(measures, activities, plan=plan, **(known | choices))


def with_optimum(plan: Plan, tables: Mapping[str, pl.DataFrame], **choices: Any) -> Plan:
    """Return `plan` with the tasks of the least-cost plan; earlier ones of the same id give way."""
    names = plan["task"]["plan"].drop_nulls().to_list()
    added = optimum_tasks(tables, names[0] if names else "plan", **choices)
    others = plan["task"].filter(~pl.col("task").is_in(added["task"].implode()))
    return plan | {"task": pl.concat([others, added])}


def _owners(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return the department of every measure that table ``measure`` gives one."""
    if "measure" not in tables or "department" not in tables["measure"].columns:
        return {}
    known = tables["measure"].filter(pl.col("department").fill_null("") != "")
    return dict(known.select("measure", "department").iter_rows())


def _titles(tables: Mapping[str, pl.DataFrame]) -> dict[str, tuple[str, str]]:
    """Return Chinese and English titles of technologies and measures."""
    found: dict[str, tuple[str, str]] = {}
    for name, column in (("technology_option", "technology"), ("measure", "measure")):
        if name in tables:
            for key, zh, en in tables[name].select(column, "title_zh", "title_en").iter_rows():
                found[key] = (zh or key, en or zh or key)
    return found


def _units(tables: Mapping[str, pl.DataFrame]) -> dict[str, str]:
    """Return the unit of every measure that consists of technologies of one unit."""
    if not {"measure", "technology_option"} <= set(tables):
        return {}
    technologies = tables["technology_option"].select("technology", "unit").unique()
    joined = tables["measure"].join(technologies, on="technology", how="left")
    grouped = joined.group_by("measure").agg(pl.col("unit").unique().alias("units"))
    return {m: u[0] for m, u in grouped.iter_rows() if len(u) == 1 and u[0]}
