"""Reserve by hand: what stands ready above the peak."""

from __future__ import annotations

import pytest
from tests.pathway.slices import coal, flow, of, option, solved, world

RESERVE = [{"flow": "power", "margin": 0.2, "peak_ratio": 1.5}]


def test_firm_capacity_stands_above_the_peak():
    plan = solved(world(reserve=RESERVE))
    # 1.2 × 1.5 × 1.2 MW by day
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(2.16, rel=1e-9)
    assert plan.cost == pytest.approx(2.16 * 200_000 + 876_000, rel=1e-9)
    day = plan["plan_reserve"].filter(slice="day").to_dicts()[0]
    assert (day["load"], day["required"], day["firm"]) == pytest.approx((1.8, 2.16, 2.16), rel=1e-9)
    assert (day["price"], day["unit"]) == (pytest.approx(200_000.0, rel=1e-9), "MWh/h")


def test_only_the_firm_share_counts():
    tables = world(reserve=RESERVE)
    tables["technology_option"] = [coal(firm=0.9)]
    assert of(solved(tables), "plan_capacity", "capacity") == pytest.approx(2.4, rel=1e-9)


def test_the_sun_is_firm_only_while_it_shines():
    sun = option("sun", cost_capital=4e4, cost_variable=0.0)
    shape = [
        {"technology": "sun", "slice": "day", "availability": 0.5},
        {"technology": "sun", "slice": "night", "availability": 0.0},
    ]
    plan = solved(
        world(
            technology_option=[sun],
            technology_flow=[flow("sun", "power", "output")],
            technology_slice=shape,
            reserve=RESERVE,
        )
    )
    # coal answers for the night alone: 1.2 × 1.5 × 0.8 MW
    assert of(plan, "plan_capacity", "capacity", technology="coal") == pytest.approx(1.44, rel=1e-9)
    # by day 2.16 MW less 1.44 MW of coal, at half a MW each; energy asks for 2.4 MW of sun
    assert of(plan, "plan_capacity", "capacity", technology="sun") == pytest.approx(2.4, rel=1e-9)


def test_storage_is_firm_and_its_charging_is_no_load():
    battery = option("battery", cost_capital=4e5, cost_variable=0.0)
    plan = solved(
        world(
            technology_option=[battery],
            technology_flow=[flow("battery", "power", "output")],
            storage=[
                {
                    "technology": "battery",
                    "flow": "power",
                    "duration": 12.0,
                    "efficiency_in": 0.8,
                    "efficiency_out": 1.0,
                }
            ],
            reserve=RESERVE,
        )
    )
    firm = of(plan, "plan_reserve", "firm", slice="day")
    assert firm == pytest.approx(2.16, rel=1e-9)
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(2.16, rel=1e-9)
    assert of(plan, "plan_reserve", "load", slice="night") == pytest.approx(1.2, rel=1e-9)


def test_a_load_of_a_technology_counts():
    plan = solved(
        world(
            flow=[{"flow": "travel", "unit": "MWh"}],
            technology_option=[{"technology": "ev", "unit": "MWh", "capacity": "free"}],
            technology_flow=[flow("ev", "power", "input"), flow("ev", "travel", "output")],
            demand=[{"node": "a", "flow": "travel", "year": 2025, "value": 876.0, "unit": "MWh"}],
            reserve=RESERVE,
        )
    )
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(1.8 * 1.3, rel=1e-9)
    assert of(plan, "plan_reserve", "load", slice="day") == pytest.approx(1.95, rel=1e-9)
