"""Ranges of assumptions by hand, and proof by solving."""

from __future__ import annotations

import numpy as np
import pytest
from tests.pathway.slices import flow, made

from tongyuan.pathway.ask.held import Held
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.example_grid import grid
from tongyuan.pathway.tell.assumption import _candidates, assumptions, ranged, set_to


def fuels(**limits):
    """Return 1,000 units of a good, made of fuel a at 100 or of fuel b at 110."""
    free = {"unit": "t", "capacity": "free"}
    return {
        "node": [{"node": "n"}],
        "period": [{"year": 2025, "weight": 1.0}],
        "flow": [{"flow": f, "unit": "t"} for f in ("good", "a", "b")],
        "technology_option": [
            {"technology": k, "potential": limits.get(k), **free} for k in ("by_a", "by_b")
        ],
        "technology_flow": [
            flow("by_a", "a", "input"),
            flow("by_a", "good", "output"),
            flow("by_b", "b", "input"),
            flow("by_b", "good", "output"),
        ],
        "demand": [{"node": "n", "flow": "good", "year": 2025, "value": 1000.0, "unit": "t"}],
        "price": [
            {"flow": f, "direction": "purchase", "value": v, "unit": "CNY/t"}
            for f, v in (("a", 100.0), ("b", 110.0))
        ],
    }


def found(case):
    held = Held(case)
    plan = held.plan(explain=False)
    return {(a.kind, a.name): a for a in ranged(held.problem, _candidates(held.problem, plan))}


def test_the_range_of_a_price_is_the_distance_to_the_next_fuel():
    ranges = found(made(fuels()))
    assert ranges["price", "a"].up == pytest.approx(0.1, rel=1e-9)
    assert ranges["price", "a"].down == np.inf or ranges["price", "a"].down >= 1.0
    assert ranges["price", "b"].down == pytest.approx(10 / 110, rel=1e-9)
    assert ranges["price", "b"].up == np.inf
    # twice the demand is twice the same plan
    assert ranges["demand", "good"].up == np.inf


def test_the_range_of_a_demand_ends_at_the_potential():
    ranges = found(made(fuels(by_a=1050.0)))
    assert ranges["demand", "good"].up == pytest.approx(0.05, rel=1e-9)


def test_what_changes_the_plan_is_proved_by_solving():
    table = assumptions(made(fuels()), change=0.2)
    assert set(table["name"]) == {"a", "b"}
    row = table.filter(kind="price", name="a").row(0, named=True)
    assert (row["change"], row["moved"]) == (0.2, pytest.approx(1.0, rel=1e-9))
    # at 120 the plan takes b at 110
    assert row["cost"] == pytest.approx(10_000.0, rel=1e-9)
    assert (row["rises"], row["falls"]) == ("by_b", "by_a")
    assert "10%" in row["sentence_en"]
    assert assumptions(made(fuels()), change=0.05).is_empty()


@pytest.mark.parametrize("case", [steel, lambda: grid(1, 3)], ids=["steel", "province"])
def test_within_its_range_nothing_is_used_otherwise(case):
    held = Held(case())
    base = held.plan(explain=False)
    basis = np.abs(base.solution.x) > 1e-9
    near = sorted(ranged(held.problem, _candidates(held.problem, base)), key=lambda a: a.nearest)
    for one in [a for a in near if a.cost is not None and 1e-3 < a.nearest < 0.5][:3]:
        sign = 1.0 if one.up <= one.down else -1.0
        set_to(held, one, 1.0 + 0.9 * sign * one.nearest)
        inside = held.plan(explain=False)
        assert inside.cost == pytest.approx(float(held.problem.cost @ base.solution.x), rel=1e-8)
        set_to(held, one, 1.0 + sign * (one.nearest + 0.05))
        beyond = held.plan(explain=False)
        assert beyond.cost <= float(held.problem.cost @ base.solution.x) * (1.0 + 1e-9)
        held.back()
    assert basis.any()


def test_a_target_out_of_reach_is_said():
    case = steel()
    table = assumptions(case, change=0.9, count=20)
    assert table.height > 0
    assert table["rank"].to_list() == list(range(1, table.height + 1))
    said = table.filter(table["cost"].is_null())
    assert all("no plan" in s for s in said["sentence_en"])
    assert least_cost(case).status == "optimal"
