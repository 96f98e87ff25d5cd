"""Time slices by hand: capacity follows the fullest part of the year, not its mean."""

from __future__ import annotations

import pytest
from tests.pathway.slices import HALF, coal, flow, made, of, option, solved, world

from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.problem.slice import calendar, sliced

EV = {
    "flow": [{"flow": "travel", "unit": "MWh"}],
    "technology_flow": [flow("ev", "power", "input"), flow("ev", "travel", "output")],
    "demand": [{"node": "a", "flow": "travel", "year": 2025, "value": 876.0, "unit": "MWh"}],
}
"""Vehicles that draw 876 MWh a year, 0.1 MW on average."""


def vehicles(operation="", **more):
    """Return the world with vehicles of one way of operation."""
    free = {"technology": "ev", "unit": "MWh", "capacity": "free", "operation": operation, **more}
    return world(**EV, technology_option=[free])


def test_capacity_meets_the_mean_of_the_fullest_slice():
    plan = solved(world())
    # 0.6 of 8,760 MWh in 4,380 h are 1.2 MW: 240,000 for capacity and 876,000 for energy
    assert plan.cost == pytest.approx(1_116_000.0, rel=1e-12)
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(1.2, rel=1e-12)
    assert of(plan, "plan_dispatch", "value", slice="night") == pytest.approx(3504.0, rel=1e-12)
    assert of(plan, "plan_dispatch", "use", slice="night") == pytest.approx(0.8 / 1.2, rel=1e-12)
    # one more MWh a year is 0.6 MWh by day, with its capacity, and 0.4 by night
    assert of(plan, "plan_flow", "marginal_value") == pytest.approx(100.0 + 0.6 * 200_000.0 / HALF, rel=1e-9)
    assert of(plan, "plan_slice", "marginal_value", slice="night") == pytest.approx(100.0, rel=1e-9)


def test_a_year_without_slices_has_no_peak():
    tables = world()
    tables["flow"][0]["balance_time"] = "year"
    del tables["slice"], tables["demand_slice"]
    plan = solved(tables)
    assert plan.cost == pytest.approx(1_076_000.0, rel=1e-12)
    assert "plan_slice" not in plan.tables


def test_sun_gives_only_by_day():
    sun = option("sun", cost_capital=4e5, cost_variable=0.0, availability=0.25)
    shape = [
        {"technology": "sun", "slice": "day", "availability": 0.5},
        {"technology": "sun", "slice": "night", "availability": 0.0},
    ]
    more = {"technology_option": [sun], "technology_flow": [flow("sun", "power", "output")]}
    plan = solved(world(**more, technology_slice=shape))
    # coal for the night's 0.8 MW, sun for the 0.4 MW more by day and for the fuel of coal by day
    assert of(plan, "plan_capacity", "capacity", technology="coal") == pytest.approx(0.8, rel=1e-9)
    assert of(plan, "plan_capacity", "capacity", technology="sun") == pytest.approx(2.4, rel=1e-9)
    # 2.4 MW × 20,000 + 0.8 MW × 200,000 + 3,504 MWh × 100
    assert plan.cost == pytest.approx(48_000 + 160_000 + 350_400, rel=1e-9)


@pytest.mark.parametrize(
    ("operation", "more", "peak"),
    [
        ("", {}, 1.3),  # 0.1 MW at every hour
        ("flexible_day", {}, 1.2),  # all of it by night
        ("flexible_day", {"flexible_share": 0.5}, 1.25),  # half of it stays where it was
        ("flexible_year", {}, 1.2),
    ],
)
def test_a_flexible_load_avoids_the_peak(operation, more, peak):
    tables = vehicles(operation, **more)
    tables["technology_slice"] = [{"technology": "ev", "slice": "", "share_max": 1.0}]
    plan = solved(tables)
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(peak, rel=1e-9)
    drawn = of(plan, "plan_dispatch", "value", technology="ev")
    assert drawn == pytest.approx(876.0, rel=1e-9)


def test_a_load_follows_its_profile_and_its_greatest_share():
    tables = vehicles()
    tables["technology_slice"] = [
        {"technology": "ev", "slice": "day", "share": 0.75},
        {"technology": "ev", "slice": "night", "share": 0.25},
    ]
    # 0.75 × 876 MWh in 4,380 h are 0.15 MW by day
    assert of(solved(tables), "plan_capacity", "capacity") == pytest.approx(1.35, rel=1e-9)
    tables = vehicles("flexible_year")
    tables["technology_slice"] = [
        {"technology": "ev", "slice": "night", "share_max": 0.75},
        {"technology": "ev", "slice": "day", "share_max": 1.0},
    ]
    assert of(solved(tables), "plan_capacity", "capacity") == pytest.approx(1.25, rel=1e-9)


def test_a_daily_load_keeps_its_season():
    half = HALF / 2
    tables = vehicles("flexible_day")
    tables["slice"] = [
        {"slice": f"{s}_{p}", "hours": half, "season": s}
        for s in ("summer", "winter")
        for p in ("day", "night")
    ]
    tables["demand_slice"] = [
        {"flow": "power", "slice": s, "share": v}
        for s, v in (("summer_day", 0.35), ("summer_night", 0.25), ("winter_day", 0.2), ("winter_night", 0.2))
    ]
    tables["technology_slice"] = [{"technology": "ev", "slice": "", "share_max": 1.0}]
    plan = solved(tables)
    for season in ("summer", "winter"):
        parts = [
            of(plan, "plan_dispatch", "value", technology="ev", slice=f"{season}_{p}")
            for p in ("day", "night")
        ]
        assert sum(parts) == pytest.approx(438.0, rel=1e-9)
    assert of(plan, "plan_dispatch", "value", technology="ev", slice="summer_day") == pytest.approx(
        0.0, abs=1e-9
    )


def test_what_is_on_line_runs_at_its_least_load():
    tables = world()
    tables["technology_option"] = [
        coal(load_min=0.5),
        option("peaker", cost_capital=4e6, cost_variable=140.0),
    ]
    tables["technology_flow"].append(flow("peaker", "power", "output"))
    tables["demand"][0]["value"] = 2.5 * HALF
    tables["demand_slice"] = [
        {"flow": "power", "slice": "day", "share": 0.8},
        {"flow": "power", "slice": "night", "share": 0.2},
    ]
    plan = solved(tables)
    # 2 MW by day, 0.5 MW by night: 1 MW of coal on line, which gives 0.5 MW by night, and 1 MW of the peaker
    assert of(plan, "plan_dispatch", "value", technology="peaker", slice="day") == pytest.approx(
        HALF, rel=1e-9
    )
    assert plan.cost == pytest.approx(2 * 200_000 + HALF * (100 + 140 + 50), rel=1e-9)


def test_a_line_has_its_power_in_every_hour():
    price = {"flow": "power", "direction": "purchase", "value": 50.0, "unit": "CNY/MWh", "limit": 8760.0}
    plan = solved(world(price=[price]))
    # 1 MW at every hour: by night all of 0.8 MW, by day 1 MW, and 0.2 MW of coal
    assert of(plan, "plan_slice", "purchase", slice="day") == pytest.approx(HALF, rel=1e-9)
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(0.2, rel=1e-9)
    plan = solved(world(price=[{**price, "full_hours": 4380.0}]))
    # the same year's amount over a line of 2 MW
    assert of(plan, "plan_flow", "purchase") == pytest.approx(8760.0, rel=1e-9)
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(0.0, abs=1e-9)


def test_links_carry_by_slice_with_their_loss():
    tables = world(
        node=[{"node": "b"}], link=[{"from_node": "a", "to_node": "b", "flow": "power", "loss": 0.2}]
    )
    tables["demand"][0]["node"] = "b"
    tables["technology_option"] = [coal(node="a")]
    plan = solved(tables)
    assert of(plan, "plan_capacity", "capacity", node="a") == pytest.approx(1.5, rel=1e-9)
    assert of(plan, "plan_slice", "received", node="b", slice="day") == pytest.approx(5256.0, rel=1e-9)


def test_an_import_carries_its_emission():
    """Power from outside is a technology: it takes what is bought and has a coefficient of its own."""
    outside = {"technology": "import", "unit": "MWh", "capacity": "free"}
    tables = world(
        flow=[{"flow": "power_outside", "unit": "MWh"}],
        technology_option=[outside],
        technology_flow=[flow("import", "power", "output"), flow("import", "power_outside", "input")],
        price=[{"flow": "power_outside", "direction": "purchase", "value": 50.0, "unit": "CNY/MWh"}],
        emission_coefficient=[
            {"technology": "import", "species": "CO2", "value": 0.6, "unit": "t/MWh"},
            {"technology": "coal", "species": "CO2", "value": 0.0, "unit": "t/MWh"},
        ],
        target=[
            {
                "target": "carbon",
                "quantity_kind": "emission",
                "quantity": "CO2",
                "comparator": "at_most",
                "bound": 2628.0,
                "unit": "t",
                "family": "carbon",
            }
        ],
    )
    plan = solved(tables)
    assert of(plan, "plan_dispatch", "value", technology="import") == pytest.approx(4380.0, rel=1e-9)
    # all of it by day: a MWh then saves fuel and, spread over the hours of the day, capacity
    assert of(plan, "plan_dispatch", "value", technology="import", slice="day") < 5256.0


def test_slices_in_order():
    tables = world()
    tables["slice"] = [
        {"slice": "s1", "hours": 1000.0, "season": "s"},
        {"slice": "w1", "hours": 2000.0, "season": "w"},
        {"slice": "s2", "hours": 1400.0, "season": "s"},
        {"slice": "s3", "hours": 4360.0, "season": "s"},
    ]
    tables["demand_slice"] = []
    found = made(tables)
    rows = calendar(found, codes(found))
    assert sliced(found) == ["power"]
    assert rows.select("l", "g", "before").rows() == [(1, 1, 4), (2, 2, 2), (3, 1, 1), (4, 1, 3)]
    assert rows["days"].to_list() == pytest.approx([6760 / 24, 2000 / 24, 6760 / 24, 6760 / 24])
