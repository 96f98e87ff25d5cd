from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.coalition import plan_total
from tongyuan.pathway.example import steel
from tongyuan.pathway.least_cost import least_cost
from tongyuan.pathway.sweep import alternatives, budget, pareto


def test_front_points_equal_cold_solves():
    case = steel().with_targets(names=[])
    front = pareto(case, [("emission", "CO2e")], points=6)
    assert set(front["status"]) == {"optimal"}
    cost = front.filter(pl.col("objective") == "cost")["value"]
    assert cost.is_sorted()
    row = front.filter((pl.col("point") == 4) & (pl.col("objective") == "CO2e")).row(0, named=True)
    target = pl.DataFrame(
        {
            "target": ["cap"], "quantity_kind": ["emission"], "quantity": ["CO2e"], "comparator": ["at_most"],
            "bound": [row["bound"]], "year": [2025], "year_to": [2030], "accumulation": ["cumulative"],
        }
    )  # fmt: skip
    cold = least_cost(case.with_tables(target=target))
    assert front.filter((pl.col("point") == 4) & (pl.col("objective") == "cost"))[
        "value"
    ].item() == pytest.approx(cold.cost, rel=1e-7)


def test_front_of_three_objectives():
    front = pareto(steel().with_targets(names=[]), [("emission", "CO2e"), ("emission", "NOx")], points=3)
    assert front["point"].n_unique() == 9


def test_budget_is_spent_and_buys_benefit():
    case = steel().with_targets(names=[])
    free = least_cost(case)
    plan = budget(case, 1.0e7, {("emission", "NOx"): 1.0})
    assert plan.cost == pytest.approx(free.cost + 1.0e7, rel=1e-7)
    assert plan_total(case, plan, ("emission", "NOx")) < plan_total(case, free, ("emission", "NOx"))


def test_alternatives_bracket_the_optimum_and_say_what_is_a_must():
    rows = alternatives(steel(), 0.01)
    assert (rows["least"] <= rows["optimum"] + 1e-4).all()
    assert (rows["most"] >= rows["optimum"] - 1e-4).all()
    verdict = {(r["measure"], r["year"]): r["verdict"] for r in rows.to_dicts()}
    assert verdict["arc_furnace", 2030] == "must"  # the plan's share of short-process steel
