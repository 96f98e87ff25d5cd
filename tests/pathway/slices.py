"""A small power system by day and night, of which tests take what they need."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings
from tongyuan.pathway.case.check import case
from tongyuan.pathway.plan import Plan

Rows = list[dict[str, Any]]
HALF = 4380.0
"""Hours of all days, and of all nights, of a year."""


def world(**changed: Rows) -> dict[str, Rows]:
    """Return a year of days and nights: 1.2 MW are asked for by day, 0.8 MW by night, all from coal.

    A MW of coal costs 200,000 a year (4 million over 20 years without interest), a MWh 100.
    """
    tables: dict[str, Rows] = {
        "node": [{"node": "a"}],
        "period": [{"year": 2025, "weight": 1.0}],
        "flow": [{"flow": "power", "unit": "MWh", "balance_time": "slice"}],
        "slice": [
            {"slice": "day", "hours": HALF, "season": "all"},
            {"slice": "night", "hours": HALF, "season": "all"},
        ],
        "technology_option": [coal()],
        "technology_flow": [flow("coal", "power", "output")],
        "demand": [{"node": "a", "flow": "power", "year": 2025, "value": 8760.0, "unit": "MWh"}],
        "demand_slice": [
            {"flow": "power", "slice": "day", "share": 0.6},
            {"flow": "power", "slice": "night", "share": 0.4},
        ],
    }
    for name, rows in changed.items():
        tables[name] = tables.get(name, []) + rows
    return tables


def coal(**more: Any) -> dict[str, Any]:
    return option("coal", cost_capital=4e6, cost_variable=100.0, **more)


def option(technology: str, **more: Any) -> dict[str, Any]:
    return {
        "technology": technology,
        "unit": "MWh",
        "capacity_unit": "MW",
        "lifetime": 20.0,
        "availability": 1.0,
        "cost_fixed": 0.0,
        **more,
    }


def flow(technology: str, name: str, role: str, coefficient: float = 1.0, **more: Any) -> dict[str, Any]:
    return {"technology": technology, "flow": name, "role": role, "coefficient": coefficient, **more}


def made(tables: dict[str, Rows], rate: float = 0.0) -> Case:
    frames = {name: pl.DataFrame(rows, infer_schema_length=None) for name, rows in tables.items() if rows}
    return case(frames, Settings(discount_rate=rate, base_year=2025))


def solved(tables: dict[str, Rows], rate: float = 0.0) -> Plan:
    return least_cost(made(tables, rate), explain=False)


def of(plan: Plan, table: str, column: str, **at: Any) -> float:
    """Return the sum of a column of a result over the rows at a place."""
    return float(plan[table].filter([pl.lit(True), *(pl.col(k) == v for k, v in at.items())])[column].sum())
