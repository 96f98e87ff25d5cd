"""The least-cost plan of plan tables that bring their own emission coefficients, without an inventory."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.flows.ask.plan.given import given_of_tables
from tongyuan.flows.plan.read import plan_settings
from tongyuan.ledger.branch import PlanSettings
from tongyuan.ledger.table import empty
from tongyuan.pathway.ask.diagnose import diagnose
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import STEEL, typed


def plan_tables(
    tables: Mapping[str, pl.DataFrame], settings: PlanSettings, scenario: str = "plan"
) -> dict[str, pl.DataFrame]:
    """Return the tables of the least-cost plan that meets every target.

    Parameters
    ----------
    tables
        Input tables of a plan; those of other rooms are left aside.
    settings
        Branch ``[plan]``: discount rate, base year, currency.
    scenario
        Name of the plan in its tables.

    Returns
    -------
    dict
        ``plan_activity, plan_capacity, plan_emission, plan_flow, plan_link, plan_cost, plan_measure``,
        ``shadow_price`` and an empty ``conflict``; only ``conflict``, with its sentences, where no plan meets
        every target.

    Raises
    ------
    FindingError
        If the tables or the settings are wrong.
    """
    given = given_of_tables(tables, plan_settings(settings))
    found = least_cost(given.case, scenario=scenario, explain=False)
    if not found.tables:
        return {"conflict": diagnose(given.case)}
    return {**found.tables, "conflict": empty("conflict")}


def teaching_tables() -> dict[str, pl.DataFrame]:
    """Return the plan tables of the teaching example *steel*: two nodes, two periods, made-up figures."""
    return typed(STEEL)
