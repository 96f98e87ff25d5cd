from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.coalition import attribute, coordinates, macc_expert, macc_system, plan_total
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.example import steel, typed
from tongyuan.pathway.plan import Plan

QUANTITIES = [("emission", "CO2e"), ("emission", "NOx"), ("emission", "SO2"), ("cost", "total")]


@pytest.fixture(scope="module")
def world() -> tuple[Case, Plan, Plan]:
    case = steel()
    return case, least_cost(case), least_cost(case.with_targets(names=[]))


def test_attribution_sums_to_the_change(world):
    case, plan, free = world
    rows = attribute(case, plan, QUANTITIES)
    for quantity in QUANTITIES:
        total = rows.filter(pl.col("quantity") == quantity[1])["value"].sum()
        change = plan_total(case, plan, quantity) - plan_total(case, free, quantity)
        assert total == pytest.approx(change, rel=1e-9)
    assert set(rows["player"]) == {"arc_furnace", "wind_power", "scr", "fgd", "remainder"}


def test_quantities_told_too_leave_the_others_as_they_are_and_sum_up(world):
    case, plan, free = world
    alone = attribute(case, plan, [("emission", "CO2e"), ("cost", "total")])
    more = attribute(case, plan, [("emission", "CO2e"), ("cost", "total")], also=[("emission", "SO2")])
    both = alone.join(more, on=["player", "quantity"], how="left")
    assert both["value_right"].to_list() == pytest.approx(both["value"].to_list(), rel=1e-7, abs=1e-3)
    change = plan_total(case, plan, ("emission", "SO2")) - plan_total(case, free, ("emission", "SO2"))
    assert more.filter(pl.col("quantity") == "SO2")["value"].sum() == pytest.approx(change, rel=1e-9)


def test_departments_are_players_too(world):
    case, plan, _ = world
    rows = attribute(case, plan, [("emission", "CO2e")], by="department")
    assert set(rows["player"]) == {"industry", "energy", "environment", "remainder"}


def test_coordinates_show_the_device_that_raises_carbon(world):
    case, plan, _ = world
    rows = coordinates(case, plan)
    quadrant = dict(zip(rows["measure"], rows["quadrant"], strict=True))
    assert quadrant["scr"] == "pollution_falls_carbon_rises"
    assert quadrant["wind_power"] == "both_fall"
    assert quadrant["fgd"] == "no_effect"


def test_expert_curve_is_ordered_and_cumulates(world):
    case, plan, _ = world
    rows = macc_expert(case, plan)
    assert rows["marginal_cost"].is_sorted()
    assert rows["cumulative"].to_list() == pytest.approx(rows["abatement"].cum_sum().to_list())


def test_system_curve_is_convex_and_integrates_to_its_cost():
    rows = macc_system(steel().with_targets(names=[]), steps=40)
    assert rows.with_columns(pl.col("marginal_cost").round(6))["marginal_cost"].is_sorted()
    steps = (rows["abatement"] * rows["marginal_cost"]).sum()
    assert steps == pytest.approx(rows["cost"][-1], rel=0.05)


def test_targets_kept_in_the_baseline_leave_the_measures_they_force_out(world):
    """A share of arc furnaces is a policy target: against it, arc furnaces contribute nothing."""
    case, plan, _ = world
    kept = least_cost(case.with_targets(("policy",)))
    rows = attribute(case, plan, [("cost", "total")], keep=("policy",))
    assert rows["value"].sum() == pytest.approx(plan.cost - kept.cost, rel=1e-9)
    at = dict(rows.select("player", "value").iter_rows())
    assert at["arc_furnace"] == pytest.approx(0.0, abs=1e-6 * plan.cost)
    assert at["wind_power"] > 0.0
    assert macc_expert(case, plan, keep=("policy",))["step"].to_list() == ["wind_power"]
    moved = coordinates(case, plan, keep=("policy",)).filter(pl.col("quadrant") != "no_effect")
    assert "arc_furnace" not in moved["measure"].to_list()


def test_measures_nobody_uses_are_no_players(world):
    case, plan, _ = world
    rows = attribute(case, plan, [("emission", "CO2e")])
    assert rows.filter(pl.col("player") == "fgd")["value"].to_list() == [0.0]
    assert rows.filter(pl.col("player") == "fgd")["method"].to_list() == ["exact"]


HEAT = """
[node]
node
town

[period]
year, weight
2030, 1

[flow]
flow, unit, kind
heat, TJ, service

[technology_option]
technology, unit, capacity, potential, cost_variable, payer, sector
boiler, TJ, free, , 10, works, heat
electric, TJ, free, 60, 5, works, heat

[technology_flow]
technology, flow, role, coefficient
boiler, heat, output, 1
electric, heat, output, 1

[control_option]
technology, control, share_max, cost_variable
boiler, scr, 1, 2
boiler, sncr, 1, 0.5

[control_removal]
control, species, efficiency
scr, NOx, 0.8
sncr, NOx, 0.4

[emission_coefficient]
technology, species, value, unit
boiler, CO2, 90, t/TJ
boiler, NOx, 1, t/TJ
electric, CO2, 200, t/TJ

[demand]
node, flow, year, value, unit
town, heat, 2030, 100, TJ

[stock]
node, technology, activity
town, boiler, 100

[measure]
measure, technology, control, department
power, electric, , energy
denox, , scr, environment
denox, , sncr, environment

[target]
target, family, quantity_kind, quantity, comparator, bound, unit, year
carbon, carbon, emission, CO2, at_most, 9000, t, 2030
nitrogen, pollution, emission, NOx, at_most, 30, t, 2030
"""
WORTH = [("emission", "CO2"), ("emission", "NOx"), ("cost", "total")]


def _heat(text: str = HEAT) -> Case:
    return draft(typed(text), Settings(discount_rate=0.0, base_year=2030))


def _credit(rows: pl.DataFrame) -> dict[tuple[str, str], float]:
    return {(p, q): v for p, q, v in rows.select("player", "quantity", "value").iter_rows()}


def test_a_device_does_not_make_its_boiler_run():
    """Untargeted: 60 TJ of cheap electric heat and 40 of boilers, 15,600 t of CO2 and 40 t of NOx, cost 700.

    Planned: 100 TJ of boilers of which 87.5 have SCR, 9,000 t and 30 t, cost 1,175. SCR alone fits 87.5 % of
    the 40 TJ: no CO2, −28 t of NOx, +70. Boilers in place of electric heat alone: −6,600 t, +60 t, +300.
    """
    case = _heat(HEAT.replace("denox, , sncr, environment\n", "").replace("boiler, sncr, 1, 0.5\n", ""))
    plan = least_cost(case)
    credit = _credit(attribute(case, plan, WORTH))
    assert credit["denox", "CO2"] == pytest.approx(0.0, abs=1e-3)
    assert credit["power", "CO2"] == pytest.approx(-6600.0, rel=1e-6)
    assert credit["denox", "NOx"] == pytest.approx(0.5 * (-28.0 - 70.0), rel=1e-6)
    assert credit["power", "NOx"] == pytest.approx(0.5 * (60.0 + 18.0), rel=1e-6)
    assert credit["denox", "total"] == pytest.approx(0.5 * (70.0 + 175.0), rel=1e-6)
    assert credit["power", "total"] == pytest.approx(0.5 * (300.0 + 405.0), rel=1e-6)
    assert all(credit["remainder", q] == pytest.approx(0.0, abs=1e-3) for _, q in WORTH)
    at = {r["measure"]: r for r in coordinates(case, plan, WORTH[1], WORTH[0]).to_dicts()}
    assert at["denox"]["carbon"] == pytest.approx(0.0, abs=1e-3)
    assert at["denox"]["pollution"] == pytest.approx(28.0, rel=1e-6)


def test_every_device_of_a_measure_is_held_at_its_own_share():
    """30 t of 100 need SCR on 75 TJ and SNCR on 25: a measure of both is not the cheaper one on 100."""
    case = _heat()
    plan = least_cost(case)
    used = dict(plan["plan_activity"].filter(pl.col("control") != "").select("control", "value").iter_rows())
    assert used == pytest.approx({"scr": 75.0, "sncr": 25.0}, rel=1e-6)
    credit = _credit(attribute(case, plan, WORTH))
    assert credit["denox", "NOx"] == pytest.approx(0.5 * (-28.0 - 70.0), rel=1e-6)
    assert credit["denox", "total"] == pytest.approx(0.5 * 1.4 * (75 * 2 + 25 * 0.5), rel=1e-6)
    assert credit["remainder", "NOx"] == pytest.approx(0.0, abs=1e-3)


def test_departments_hold_devices_as_shares_too():
    case = _heat()
    plan = least_cost(case)
    by_department = _credit(attribute(case, plan, WORTH, by="department"))
    by_measure = _credit(attribute(case, plan, WORTH))
    for quantity in ("CO2", "NOx", "total"):
        assert by_department["environment", quantity] == pytest.approx(
            by_measure["denox", quantity], rel=1e-6, abs=1e-3
        )


def test_of_answers_of_equal_cost_every_set_takes_the_one_with_least_emission():
    """A second boiler that costs the same and emits half the CO2 is taken with and without a device."""
    text = HEAT.replace("electric, TJ, free, 60, 5,", "electric, TJ, free, 60, 10,")
    text = text.replace("electric, CO2, 200", "electric, CO2, 45")
    text = text.replace("at_most, 9000", "at_most, 7000").replace("power, electric, , energy\n", "")
    case = _heat(text)
    plan = least_cost(case, species=["CO2", "NOx"])
    credit = _credit(attribute(case, plan, WORTH))
    assert credit["denox", "CO2"] == pytest.approx(0.0, abs=1e-3)


def test_a_device_on_a_plant_the_plan_does_without_stands_as_in_the_baseline():
    """Where the plan runs no boiler there is no share of its devices to hold, and nothing is asked."""
    text = HEAT.replace("electric, TJ, free, 60, 5,", "electric, TJ, free, , 20,")
    text = text.replace("electric, CO2, 200", "electric, CO2, 10").replace("at_most, 9000", "at_most, 1000")
    case = _heat(text)
    plan = least_cost(case)
    credit = _credit(attribute(case, plan, WORTH))
    assert credit["power", "CO2"] == pytest.approx(1000.0 - 9000.0, rel=1e-6)
    assert credit["denox", "NOx"] == 0.0


STOVES = """
[node]
node
village

[period]
year, weight
2030, 1

[flow]
flow, unit, kind
heat, TJ, service

[technology_option]
technology, unit, capacity, potential, cost_variable, payer, sector
stove, TJ, free, 40, 10, homes, heat
gas_old, TJ, free, 60, 20, homes, heat
gas_new, TJ, free, 30, 25, homes, heat
pump, TJ, free, 30, 40, homes, heat

[technology_flow]
technology, flow, role, coefficient
stove, heat, output, 1
gas_old, heat, output, 1
gas_new, heat, output, 1
pump, heat, output, 1

[emission_coefficient]
technology, species, value, unit
stove, CO2, 100, t/TJ
gas_old, CO2, 56, t/TJ
gas_new, CO2, 56, t/TJ
pump, CO2, 40, t/TJ

[demand]
node, flow, year, value, unit
village, heat, 2030, 100, TJ

[stock]
node, technology, activity
village, stove, 40
village, gas_old, 60

[measure]
measure, technology, department
to_gas, gas_new, housing
to_power, pump, housing

[target]
target, family, quantity_kind, quantity, comparator, bound, unit, year
carbon, carbon, emission, CO2, at_most, 5440, t, 2030
"""


def test_what_comes_in_stands_in_place_of_what_the_plan_closes():
    """Stoves give 40 of 100 TJ; the plan closes them for 30 TJ of new gas and 10 of pumps, 7,360 → 5,440 t.

    Left to cost alone, new gas would drive out old gas (dearer than the stoves) and save nothing. In place
    of stoves 30 TJ save 1,320 t for 450 and 10 TJ of pumps 600 t for 300.
    """
    case = _heat(STOVES)
    plan = least_cost(case)
    assert plan["plan_emission"].filter(pl.col("species") == "CO2")["value"].sum() == pytest.approx(5440.0)
    credit = _credit(attribute(case, plan, [("emission", "CO2"), ("cost", "total")]))
    assert credit["to_gas", "CO2"] == pytest.approx(-1320.0, rel=1e-6)
    assert credit["to_power", "CO2"] == pytest.approx(-600.0, rel=1e-6)
    assert credit["to_gas", "total"] == pytest.approx(450.0, rel=1e-6)
    assert credit["to_power", "total"] == pytest.approx(300.0, rel=1e-6)
    assert credit["remainder", "CO2"] == pytest.approx(0.0, abs=1e-3)
