"""The audit sees every amount of a slice that is not what the case allows."""

from __future__ import annotations

import polars as pl
import pytest
from tests.pathway.problem.test_storage import BATTERY, CHP
from tests.pathway.slices import coal, flow, made, option, solved, world

from tongyuan.pathway.audit import audit


def everything():
    """Return a world with storage, extraction, reserve, a flexible load and units of the stock."""
    return world(
        flow=[{"flow": "travel", "unit": "MWh"}, {"flow": "heat", "unit": "MWh", "balance_time": "slice"}],
        technology_option=[
            option("battery", cost_capital=4e5, cost_variable=0.0),
            {
                "technology": "ev",
                "unit": "MWh",
                "capacity": "free",
                "operation": "flexible_day",
                "flexible_share": 0.5,
            },
            {"technology": "tram", "unit": "MWh", "capacity": "free"},
        ],
        technology_flow=[
            flow("battery", "power", "output"),
            flow("ev", "power", "input"),
            flow("ev", "travel", "output"),
            flow("tram", "power", "input", 2.0),
            flow("tram", "travel", "output"),
        ],
        technology_slice=[{"technology": "ev", "slice": "", "share_max": 0.7}],
        technology_swap=[CHP | {"technology": "coal"}],
        storage=[BATTERY],
        reserve=[{"flow": "power", "margin": 0.2, "peak_ratio": 1.1}],
        price=[{"flow": "power", "direction": "purchase", "value": 90.0, "unit": "CNY/MWh", "limit": 876.0}],
        stock=[{"node": "a", "technology": "coal", "class": "unit", "capacity": 0.4, "cost_fixed": 1e4}],
        demand=[
            {"node": "a", "flow": f, "year": 2025, "value": v, "unit": "MWh"}
            for f, v in (("travel", 500.0), ("heat", 400.0))
        ],
        target=[
            {
                "target": "tram",
                "quantity_kind": "activity",
                "quantity": "tram",
                "comparator": "at_least",
                "bound": 100.0,
                "unit": "MWh",
            },
        ],
    )


@pytest.fixture(scope="module")
def plan():
    tables = everything()
    tables["technology_option"][0] = coal(load_min=0.3)
    return made(tables), solved(tables).tables


def test_a_plan_as_it_was_found_has_nothing_missed(plan):
    case, tables = plan
    assert audit(case, tables).is_empty()
    assert {"plan_slice", "plan_dispatch", "plan_storage", "plan_swap", "plan_reserve", "plan_stock"} <= set(
        tables
    )


@pytest.mark.parametrize(
    ("table", "column", "where", "constraint"),
    [
        ("plan_dispatch", "value", pl.col("technology") == "coal", "slices"),
        ("plan_dispatch", "value", pl.col("technology") == "tram", "profile"),
        ("plan_dispatch", "value", pl.col("technology") == "ev", "slices"),
        ("plan_slice", "production", pl.col("flow") == "power", "flow"),
        ("plan_slice", "demand", pl.col("flow") == "power", "demand"),
        ("plan_slice", "purchase", pl.col("flow") == "power", "exchange"),
        ("plan_capacity", "capacity", pl.col("technology") == "coal", "capacity of a slice"),
        ("plan_storage", "level", pl.lit(True), "level"),
        ("plan_storage", "charged", pl.lit(True), "flow"),
        ("plan_swap", "gained", pl.lit(True), "exchange of outputs"),
        ("plan_swap", "given_up", pl.lit(True), "flow"),
        ("plan_reserve", "firm", pl.lit(True), "reserve"),
        ("plan_stock", "retired", pl.lit(True), "stock"),
    ],
)
def test_a_changed_amount_is_seen(plan, table, column, where, constraint):
    case, tables = plan
    factor = 0.9 if table == "plan_capacity" else 1.1
    changed = tables[table]
    if table == "plan_stock":
        changed = changed.with_columns(retired=pl.col("existing") * 1.1)
    else:
        at = changed.select(pl.arg_where(where & (pl.col(column).abs() > 0.0))).to_series()[0]
        amount = changed[column].to_list()
        amount[at] *= factor
        changed = changed.with_columns(pl.Series(column, amount))
    found = audit(case, {**tables, table: changed})
    assert constraint in found["constraint"].to_list()
