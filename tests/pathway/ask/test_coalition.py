from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.coalition import attribute, coordinates, macc_expert, macc_system, plan_total
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.example import steel
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
