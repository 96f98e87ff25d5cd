from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.case import Settings
from tongyuan.pathway.check import case, check
from tongyuan.pathway.example import national, park, steel, water_reuse
from tongyuan.pathway.least_cost import least_cost


def test_published_water_reuse_reaches_its_published_minimum():
    """Wang and Smith (1994): 90 t/h of fresh water with reuse, against 112.5 t/h of fresh water without."""
    plan = least_cost(case(water_reuse(), Settings(discount_rate=0.0)))
    fresh = plan["plan_flow"].filter(pl.col("flow") == "fresh_water")["purchase"].sum()
    assert fresh == pytest.approx(90.0, rel=1e-9)


def test_the_park_contains_the_published_case():
    plan = least_cost(park())
    fresh = plan["plan_flow"].filter(pl.col("flow") == "fresh_water")["purchase"].sum()
    assert fresh == pytest.approx(90.0, rel=1e-9)


@pytest.mark.parametrize(
    "world",
    [steel(), park(), national(nodes=2, groups=4, controls=3, years=2)],
    ids=["steel", "park", "national"],
)
def test_example_worlds_have_no_errors_and_a_plan(world):
    assert not [f for f in check(world) if f.severity == "error"]
    assert least_cost(world).status == "optimal"
