"""Units of the stock by hand, and tables of slices that add up to those of the year."""

from __future__ import annotations

import polars as pl
import pytest
from tests.pathway.slices import coal, of, solved, world

CLASSES = [
    {
        "node": "a",
        "technology": "coal",
        "class": "small",
        "year_built": 2010,
        "capacity": 1.0,
        "cost_fixed": 9e5,
    },
    {
        "node": "a",
        "technology": "coal",
        "class": "large",
        "year_built": 2015,
        "capacity": 1.0,
        "cost_fixed": 5e4,
    },
]


def stocked(rows, **option):
    tables = world(stock=rows)
    tables["technology_option"] = [coal(**option)]
    return tables


def test_the_dear_unit_goes_first():
    plan = solved(stocked(CLASSES))
    kept = dict(plan["plan_stock"].select("class", "kept").rows())
    # 0.2 MW beside the large unit is built for 200,000 a MW and year, the small one costs 900,000
    assert kept == {"large": pytest.approx(1.0), "small": pytest.approx(0.0)}
    assert plan.cost == pytest.approx(876_000 + 50_000 + 0.2 * 200_000, rel=1e-9)
    assert of(plan, "plan_capacity", "retired") == pytest.approx(1.0)
    assert of(plan, "plan_capacity", "existing") == pytest.approx(2.0)


def test_units_close_whole():
    rows = [
        {
            "node": "a",
            "technology": "coal",
            "class": "unit",
            "capacity": 2.0,
            "unit_size": 0.5,
            "cost_fixed": 1e5,
        }
    ]
    # 1.2 MW are needed: one of four units closes, 1.5 MW stay; two and 0.2 MW new cost less
    plan = solved(stocked(rows))
    assert of(plan, "plan_stock", "retired") == pytest.approx(1.0)
    assert plan.cost == pytest.approx(876_000 + 1.0 * 1e5 + 0.2 * 2e5, rel=1e-9)
    plan = solved(stocked(rows, last_year=2020))
    assert of(plan, "plan_stock", "retired") == pytest.approx(0.5)
    assert plan.gap == 0.0


def test_pool_and_units_stand_side_by_side():
    rows = [*CLASSES, {"node": "a", "technology": "coal", "class": "", "year_built": None, "capacity": 0.3}]
    plan = solved(stocked(rows))
    row = plan["plan_capacity"].to_dicts()[0]
    assert (row["existing"], row["capacity"]) == pytest.approx((2.3, 1.2), rel=1e-9)
    # the pool has no fixed cost and stays whole: 0.9 MW of the large unit are kept beside it
    kept = dict(plan["plan_stock"].select("class", "kept").rows())
    assert kept["large"] == pytest.approx(0.9, rel=1e-9)
    assert row["built"] == pytest.approx(0.0, abs=1e-9)
    assert plan["plan_stock"].height == 2


def test_what_has_closed_stays_closed_and_ends_with_its_life():
    rows = [
        {
            "node": "a",
            "technology": "coal",
            "class": "old",
            "year_built": 2010,
            "capacity": 1.0,
            "cost_fixed": 9e5,
        }
    ]
    tables = stocked(rows)
    tables["period"] = [{"year": y} for y in (2025, 2028, 2032)]
    tables["demand"] = [{**tables["demand"][0], "year": y} for y in (2025, 2028, 2032)]
    plan = solved(tables)
    # twenty years from 2010: it stands in 2025 and 2028, not in 2032
    assert plan["plan_stock"]["year"].to_list() == [2025, 2028]
    assert plan["plan_stock"]["retired"].to_list() == pytest.approx([1.0, 1.0])


def test_slices_sum_to_the_year():
    plan = solved(world())
    flows = plan["plan_slice"].group_by("flow").agg(pl.col("production", "demand").sum()).row(0, named=True)
    assert flows["production"] == pytest.approx(of(plan, "plan_flow", "production"), rel=1e-12)
    assert flows["demand"] == pytest.approx(8760.0, rel=1e-12)
