"""Storage and exchanged outputs by hand."""

from __future__ import annotations

import pytest
from tests.pathway.slices import HALF, flow, of, option, solved, world

from tongyuan.ledger.finding import FindingError

BATTERY = {
    "technology": "battery",
    "flow": "power",
    "duration": 12.0,
    "efficiency_in": 0.8,
    "efficiency_out": 1.0,
}


def stored(**changed):
    """Return the day and night with a battery of 20,000 a MW and year."""
    more = option("battery", cost_capital=4e5, cost_variable=0.0)
    return world(
        technology_option=[more],
        technology_flow=[flow("battery", "power", "output")],
        storage=[BATTERY | changed],
    )


def test_storage_moves_the_night_into_the_day():
    plan = solved(stored())
    # d by day from d / 0.8 by night until both need the same coal: 3504 + 1.25 d = 5256 - d
    given = 1752 / 2.25
    coal = (5256 - given) / HALF
    assert of(plan, "plan_storage", "discharged") == pytest.approx(given, rel=1e-9)
    assert of(plan, "plan_storage", "charged") == pytest.approx(given / 0.8, rel=1e-9)
    assert of(plan, "plan_capacity", "capacity", technology="coal") == pytest.approx(coal, rel=1e-9)
    # 12 h at full power hold what a night brings to a day
    assert of(plan, "plan_storage", "level", slice="night") == pytest.approx(given / 365, rel=1e-9)
    # its power is that of charging, which takes more than it gives
    power = given / 0.8 / HALF
    assert of(plan, "plan_capacity", "capacity", technology="battery") == pytest.approx(power, rel=1e-9)
    assert plan.cost == pytest.approx(coal * 200_000 + power * 20_000 + 100 * (8760 + 0.25 * given), rel=1e-9)
    drawn = of(plan, "plan_flow", "consumption")
    assert drawn == pytest.approx(given / 0.8, rel=1e-9)


@pytest.mark.parametrize(
    ("changed", "power"),
    [
        ({"duration": 6.0}, 2.0),  # half the hours: twice the power
        ({"power_in": 0.5}, 2.5),  # 1.25 d is taken in through half the power
        ({"efficiency_in": 1.0, "efficiency_out": 0.8}, 1.25),  # what is held is larger than what comes out
        ({"cycle": "year"}, 365.0),  # a year's turn is held at once
    ],
)
def test_power_follows_what_must_be_held(changed, power):
    tables = stored(**changed)
    tables["technology_option"][1]["cost_capital"] = 4.0
    plan = solved(tables)
    given = 1752 / 2.25
    assert of(plan, "plan_storage", "discharged") == pytest.approx(given, rel=1e-9)
    size = of(plan, "plan_capacity", "capacity", technology="battery")
    if changed.get("cycle"):
        # within one season a store of the year has nothing to carry over
        assert size == pytest.approx(given * 1.25 / HALF, rel=1e-9)
    else:
        assert size == pytest.approx(power * given / HALF, rel=1e-9)


def test_what_is_held_is_lost_by_the_hour():
    plan = solved(stored(loss=0.01))
    kept = 0.99**12
    # e_night = e_day·k + 0.8 c, e_day = e_night·k - d with an empty store by day: d = 0.8 c k
    given, taken = of(plan, "plan_storage", "discharged"), of(plan, "plan_storage", "charged")
    assert given == pytest.approx(0.8 * taken * kept, rel=1e-9)


def test_a_store_of_the_year_carries_summer_into_winter():
    tables = stored(cycle="year", duration=8760.0)
    tables["slice"] = [{"slice": s, "hours": HALF, "season": s} for s in ("summer", "winter")]
    tables["demand_slice"] = [
        {"flow": "power", "slice": "winter", "share": 0.6},
        {"flow": "power", "slice": "summer", "share": 0.4},
    ]
    plan = solved(tables)
    given = 1752 / 2.25
    assert of(plan, "plan_storage", "discharged", slice="winter") == pytest.approx(given, rel=1e-9)
    assert of(plan, "plan_storage", "level", slice="summer") == pytest.approx(given, rel=1e-9)
    # one that cycles by the day can do nothing for the winter
    daily = solved({**tables, "storage": [BATTERY]})
    assert of(daily, "plan_storage", "discharged") == pytest.approx(0.0, abs=1e-9)
    assert daily.cost == pytest.approx(1_116_000.0, rel=1e-9)


CHP = {
    "technology": "chp",
    "flow": "heat",
    "instead_of": "power",
    "rate": 0.2,
    "greatest": 1 / (0.5 + 0.2),
}
"""Extraction: 0.2 MWh of power less per MWh of heat, down to 0.5 MWh of power per MWh of heat."""


def heating(heat, **changed):
    """Return a year without slices: 1,000 MWh of power, some heat, a CHP plant at 300 and a boiler at 400."""
    free = {"unit": "MWh", "capacity": "free"}
    return {
        "node": [{"node": "a"}],
        "period": [{"year": 2025, "weight": 1.0}],
        "flow": [{"flow": "power", "unit": "MWh"}, {"flow": "heat", "unit": "MWh"}],
        "technology_option": [
            {"technology": "chp", "cost_variable": 300.0, **free},
            {"technology": "boiler", "cost_variable": 400.0, **free},
        ],
        "technology_flow": [flow("chp", "power", "output"), flow("boiler", "heat", "output")],
        "technology_swap": [CHP | changed],
        "demand": [
            {"node": "a", "flow": f, "year": 2025, "value": v, "unit": "MWh"}
            for f, v in (("power", 1000.0), ("heat", heat))
        ],
    }


@pytest.mark.parametrize(
    ("heat", "activity", "surplus"),
    [
        (500.0, 1100.0, 0.0),  # 0.2 × 500 more than the power
        (2000.0, 1400.0, 0.0),  # at the back-pressure line: 1000 of power to 2000 of heat
        (3000.0, 2100.0, 500.0),  # 0.7 of activity per heat; power is left over
    ],
)
def test_extracted_heat_costs_power(heat, activity, surplus):
    plan = solved(heating(heat))
    assert of(plan, "plan_activity", "value", technology="chp") == pytest.approx(activity, rel=1e-9)
    assert plan.cost == pytest.approx(300.0 * activity, rel=1e-9)
    assert of(plan, "plan_swap", "given_up") == pytest.approx(0.2 * heat, rel=1e-9)
    power = plan["plan_flow"].filter(flow="power").to_dicts()[0]
    assert power["production"] == pytest.approx(activity - 0.2 * heat, rel=1e-9)
    assert power["surplus"] == pytest.approx(surplus, abs=1e-6)


def test_a_fixed_ratio_gives_heat_whether_it_is_wanted_or_not():
    plan = solved(heating(100.0, least=0.5, greatest=0.5))
    # power 1000 = 0.9 × activity
    assert of(plan, "plan_activity", "value", technology="chp") == pytest.approx(1000 / 0.9, rel=1e-9)
    assert of(plan, "plan_swap", "gained") == pytest.approx(500 / 0.9, rel=1e-9)


def test_rates_are_in_their_units():
    one = solved(heating(2000.0))
    # 0.2 MWh per MWh are 200 kWh per 3.6 GJ; the greatest gain is 3.6 / 0.7 GJ per MWh
    other = solved(heating(2000.0, rate=200 / 3.6, rate_unit="kWh/GJ", greatest=3.6 / 0.7, unit="GJ/MWh"))
    assert other.cost == pytest.approx(one.cost, rel=1e-12)


def test_targets_count_what_is_left_of_the_power():
    tables = heating(500.0)
    tables["target"] = [
        {
            "target": "most",
            "quantity_kind": "production",
            "quantity": "heat",
            "comparator": "at_most",
            "bound": 500.0,
            "unit": "MWh",
        },
        {
            "target": "more",
            "quantity_kind": "production",
            "quantity": "power",
            "comparator": "at_least",
            "bound": 1200.0,
            "unit": "MWh",
        },
    ]
    plan = solved(tables)
    # 1,200 are asked for: 200 more of activity, of which heat takes nothing away
    assert of(plan, "plan_activity", "value", technology="chp") == pytest.approx(1300.0, rel=1e-9)
    assert plan["shadow_price"].filter(target="more")["shadow_price"].item() == pytest.approx(300.0, rel=1e-9)


def test_heat_by_slice_moves_the_power_of_that_slice():
    tables = world(
        flow=[{"flow": "heat", "unit": "MWh", "balance_time": "slice"}],
        technology_swap=[CHP | {"technology": "coal"}],
        demand=[{"node": "a", "flow": "heat", "year": 2025, "value": 438.0, "unit": "MWh"}],
    )
    tables["demand_slice"] += [{"flow": "heat", "slice": "day", "share": 1.0}]
    plan = solved(tables)
    # 0.2 × 438 MWh of power are not generated by day: 0.02 MW more of coal
    assert of(plan, "plan_capacity", "capacity") == pytest.approx(1.22, rel=1e-9)
    assert of(plan, "plan_slice", "production", flow="power", slice="day") == pytest.approx(5256.0, rel=1e-9)


def test_storage_needs_slices():
    tables = stored()
    tables["flow"][0]["balance_time"] = "year"
    with pytest.raises(FindingError):
        solved(tables)
