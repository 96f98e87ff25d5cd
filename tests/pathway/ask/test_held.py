"""A held problem answers as one that is made from nothing."""

from __future__ import annotations

import polars as pl
import pytest
from tests.pathway.slices import flow, made, of, option, solved, world

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.held import Held
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.example_grid import grid


def same(held):
    """Hold the plan against one of the same tables that starts anew."""
    found, fresh = held.plan(), least_cost(held.case)
    assert found.cost == pytest.approx(fresh.cost, rel=1e-9)
    for name in ("plan_emission", "plan_capacity", "shadow_price"):
        column = {"plan_emission": "value", "plan_capacity": "capacity", "shadow_price": "shadow_price"}[name]
        one, other = found[name][column].sum(), fresh[name][column].sum()
        assert one == pytest.approx(other, rel=1e-6, abs=1e-6)
    return found


def test_every_change_is_answered_as_from_nothing():
    held = Held(steel())
    first = same(held)
    held.bound("NOx_cap", 40.0)
    assert same(held).cost > first.cost
    held.price("coal", 1.3)
    same(held)
    held.cost("arc", 0.5)
    held.demand("steel", 1.1)
    same(held)
    held.back()
    assert same(held).cost == pytest.approx(first.cost, rel=1e-12)


def test_changes_are_of_the_start_and_do_not_add_up():
    held = Held(made(world()))
    held.cost("coal", 2.0)
    held.cost("coal", 2.0)
    # 1.2 MW at 400,000 a year, and 8,760 MWh at 100
    assert held.plan().cost == pytest.approx(480_000 + 876_000, rel=1e-12)
    held.demand("power", 2.0)
    assert held.plan().cost == pytest.approx(2 * (480_000 + 876_000), rel=1e-12)


def test_a_ratio_and_a_problem_of_another_shape_are_taken_too():
    sun = option("sun", cost_capital=4e7, cost_variable=0.0)
    share = {
        "target": "sun", "quantity_kind": "activity", "quantity": "sun", "denominator_kind": "production",
        "denominator": "power", "comparator": "at_least", "bound": 0.2,
    }  # fmt: skip
    tables = world(technology_option=[sun], technology_flow=[flow("sun", "power", "output")], target=[share])
    held = Held(made(tables))
    assert of(held.plan(), "plan_activity", "value", technology="sun") == pytest.approx(0.2 * 8760.0)
    held.bound("sun", 0.4)
    solver = held.solver
    assert of(held.plan(), "plan_activity", "value", technology="sun") == pytest.approx(0.4 * 8760.0)
    assert held.solver is solver
    held.change(target=held.case["target"].clear())
    assert held.solver is not solver
    assert held.plan().cost == pytest.approx(solved({**tables, "target": []}).cost, rel=1e-12)


def test_a_conflict_is_told_and_can_be_taken_back():
    held = Held(steel())
    cost = held.plan().cost
    held.bound("NOx_cap", 0.0)
    assert held.plan(explain=False).status == "infeasible"
    with pytest.raises(FindingError):
        held.plan()
    held.bound("NOx_cap", float(steel()["target"].filter(target="NOx_cap")["bound"][0]))
    assert held.plan().cost == pytest.approx(cost, rel=1e-9)


def test_what_is_not_there_is_refused():
    held = Held(steel())
    for change in (
        lambda: held.bound("SO9", 1.0),
        lambda: held.price("snow", 2.0),
        lambda: held.tax("none", 2.0),
    ):
        with pytest.raises(FindingError):
            change()


def test_a_generated_province_is_answered_too():
    held = Held(grid(1, 4))
    same(held)
    held.bound("carbon_2035", 0.9 * held.case["target"].filter(pl.col("target") == "carbon_2035")["bound"][0])
    same(held)
    held.price("coal", 1.2)
    same(held)
