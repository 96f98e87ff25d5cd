from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.case.check import case, check
from tongyuan.pathway.example import national, steel, typed, water_reuse


def test_published_water_reuse_reaches_its_published_minimum():
    """Wang and Smith (1994): 90 t/h of fresh water with reuse, against 112.5 t/h of fresh water without."""
    plan = least_cost(case(water_reuse(), Settings(discount_rate=0.0)))
    fresh = plan["plan_flow"].filter(pl.col("flow") == "fresh_water")["purchase"].sum()
    assert fresh == pytest.approx(90.0, rel=1e-9)


def test_tables_typed_as_text_are_read_by_name():
    tables = typed("[node]\nnode,  group\nnorth, key\nsouth,\n\n[period]\nyear\n2025\n")
    assert tables["node"].rows() == [("north", "key"), ("south", None)]
    assert tables["period"]["year"].to_list() == [2025]


def test_demand_of_steel_grows_and_that_of_power_does_not():
    demand = steel(growth=0.2)["demand"].filter(pl.col("year") == 2030)
    at = dict(demand.group_by("flow").agg(pl.col("value").sum()).iter_rows())
    assert at == pytest.approx({"steel": 14_400.0, "electricity": 140_000.0})


@pytest.mark.parametrize(
    "world",
    [steel(), national(nodes=2, groups=4, controls=3, years=2)],
    ids=["steel", "national"],
)
def test_example_worlds_have_no_errors_and_a_plan(world):
    assert not [f for f in check(world) if f.severity == "error"]
    assert least_cost(world).status == "optimal"
