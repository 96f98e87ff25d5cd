"""The audit sees flows that nothing makes, exchange beyond its limits, growth too fast and parts of units."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
import pytest
from tests.pathway.slices import flow, made, of, option

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.audit import audit

YEARS = (2025, 2030)


def world():
    """Return two nodes, of which `a` makes power in 2 MW units and sends it to `b`, which also buys.

    Node b asks for 30,000 MWh, of which 8,760 may be bought and 20,000 sent to it, 5 % of it lost on the way;
    so at least 2,240 must come from its own panels, which may grow by 10 % a year from 0.1 MW, plus 0.2 MW.
    Node a closes whole units of 0.5 MW of old coal, which cost 1 million a MW a year to keep.
    """
    return {
        "node": [{"node": "a"}, {"node": "b"}],
        "period": [{"year": y, "weight": 5.0} for y in YEARS],
        "flow": [{"flow": "power", "unit": "MWh"}],
        "technology_option": [
            option("gas", cost_capital=4e6, cost_variable=50.0, unit_size=2.0, node="a"),
            option("panel", cost_capital=2e7, cost_variable=0.0, node="b", growth=0.1, growth_start=0.2),
            option("old", cost_variable=20.0, node="a"),
        ],
        "technology_flow": [flow(k, "power", "output") for k in ("gas", "panel", "old")],
        "stock": [
            {"node": "b", "technology": "panel", "capacity": 0.1},
            {"node": "a", "technology": "old", "class": "small", "capacity": 1.5, "unit_size": 0.5}
            | {"cost_fixed": 1e6},
        ],
        "price": [
            {"flow": "power", "direction": "purchase", "node": "b", "value": 45.0, "unit": "CNY/MWh"}
            | {"limit": 8760.0}
        ],
        "link": [
            {"from_node": "a", "to_node": "b", "flow": "power", "year": y, "limit": most, "loss": 0.05}
            for y, most in ((None, 20_000.0), (2030, 21_000.0))
        ],
        "demand": [
            {"node": "b", "flow": "power", "year": y, "value": 30_000.0, "unit": "MWh"} for y in YEARS
        ],
    }  # fmt: skip


@pytest.fixture(scope="module")
def plan():
    case = made(world())
    return case, least_cost(case, explain=False)


def test_a_plan_at_its_limits_has_nothing_missed(plan):
    case, found = plan
    assert found.status == "optimal"
    assert audit(case, found.tables).is_empty()
    assert of(found, "plan_flow", "purchase", year=2025) == pytest.approx(8760.0)
    assert of(found, "plan_link", "sent", year=2025) == pytest.approx(20_000.0)
    assert of(found, "plan_capacity", "built", technology="gas", year=2025) == pytest.approx(2.0)
    assert of(found, "plan_stock", "retired", year=2025) == pytest.approx(1.0)


def spoilt(tables: Mapping[str, pl.DataFrame], table: str, **to: pl.Expr) -> dict[str, pl.DataFrame]:
    return {**tables, table: tables[table].with_columns(**to)}


@pytest.mark.parametrize(
    ("table", "to", "constraint"),
    [
        ("plan_flow", {"production": pl.col("production") * 1.01}, "flow"),
        ("plan_flow", {"received": pl.col("received") * 1.01}, "flow"),
        ("plan_flow", {"demand": pl.col("demand") * 0.99}, "demand"),
        ("plan_flow", {"purchase": pl.col("purchase") * 1.01}, "purchase limit"),
        ("plan_flow", {"sale": pl.lit(5.0)}, "sale limit"),  # nothing has a price at which it is sold
        ("plan_link", {"sent": pl.col("sent") * 1.06}, "link"),
        ("plan_link", {"received": pl.col("sent")}, "link"),
        ("plan_link", {"to_node": pl.lit("c")}, "link"),
        ("plan_capacity", {"built": pl.col("built") * 1.1}, "whole units"),
        ("plan_capacity", {"retired": pl.col("existing") + 1.0}, "stock"),
        ("plan_stock", {"retired": pl.col("retired") * 0.9}, "whole units closed"),
    ],
)
def test_a_planted_violation_is_caught(plan, table, to, constraint):
    case, found = plan
    assert constraint in set(audit(case, spoilt(found.tables, table, **to))["constraint"])


def test_growth_counts_from_the_stock_of_the_base_year(plan):
    """0.1 MW in 2025 may be 0.1 + 0.2 there (no years past), and 1.1^5 of that and 0.2 more in 2030."""
    case, found = plan
    panel = (pl.col("technology") == "panel") & (pl.col("node") == "b")
    for year, room in ((2025, 0.3), (2030, 1.1**5 * 0.3 + 0.2)):
        at = panel & (pl.col("year") == year)
        for size, wrong in ((room, False), (room * 1.01, True)):
            base = {"capacity": pl.when(panel & (pl.col("year") == 2025)).then(0.3).otherwise("capacity")}
            tables = spoilt(found.tables, "plan_capacity", **base)
            tables = spoilt(tables, "plan_capacity", capacity=pl.when(at).then(size).otherwise("capacity"))
            rows = audit(case, tables).filter(pl.col("constraint") == "growth", pl.col("year") == year)
            assert bool(rows.height) is wrong, (year, size)


def test_what_has_retired_stays_so_until_it_would_have_ended(plan):
    case, found = plan
    panel = pl.col("technology") == "panel"
    early = pl.when(panel & (pl.col("year") == 2025)).then(0.05).otherwise("retired")
    rows = audit(case, spoilt(found.tables, "plan_capacity", retired=early))
    assert "retired stays retired" in set(rows["constraint"])


def test_a_demand_that_no_flow_reports_is_seen(plan):
    case, found = plan
    fewer = found.tables["plan_flow"].filter(~((pl.col("node") == "b") & (pl.col("year") == 2030)))
    rows = audit(case, {**found.tables, "plan_flow": fewer})
    assert "demand" in set(rows["constraint"])
