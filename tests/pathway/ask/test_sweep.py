from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.coalition import macc_system, plan_total
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.sweep import alternatives, budget, pareto
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.example import steel, typed


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


TIES = """
[node]
node
A

[period]
year, weight
2030, 1

[flow]
flow,  unit
power, MWh

[technology_option]
technology, unit, capacity, cost_variable
coal,       MWh,  free,     10
gas,        MWh,  free,     10
wind,       MWh,  free,     30
sun,        MWh,  free,     40

[technology_flow]
technology, flow,  role,   coefficient
coal,       power, output, 1
gas,        power, output, 1
wind,       power, output, 1
sun,        power, output, 1

[emission_coefficient]
technology, species, value, unit
coal,       CO2,     2,     t/MWh
coal,       NOx,     0.1,   kg/MWh
gas,        CO2,     1,     t/MWh
gas,        NOx,     0.3,   kg/MWh

[demand]
node, flow,  year, value, unit
A,    power, 2030, 100,   MWh
"""


def ties(order: int = 1) -> Case:
    """Return a world in which coal and gas cost the same, in either order of rows."""
    tables = typed(TIES)
    tables["technology_option"] = tables["technology_option"][::order]
    return draft(tables, Settings(discount_rate=0.0))


def column(front: pl.DataFrame, name: str) -> list[float]:
    return front.filter(pl.col("objective") == name).sort("point")["value"].to_list()


@pytest.mark.parametrize("order", [1, -1])
def test_every_point_of_a_front_is_pareto_optimal(order):
    # least cost is 1,000 with coal or gas: gas has less CO2; least CO2 is wind or sun: wind is cheaper
    front = pareto(ties(order), [("emission", "CO2")], points=3)
    assert column(front, "cost") == pytest.approx([1000.0, 2000.0, 3000.0])
    assert column(front, "CO2") == pytest.approx([100.0, 50.0, 0.0], abs=1e-6)
    # with NOx beside it no point has more of one for nothing: on each, fossil power is 10 a MWh
    front = pareto(ties(order), [("emission", "CO2"), ("emission", "NOx")], points=3)
    fossil = [(3000 - c) / 20 for c in column(front, "cost")]
    for amount, co2, nox in zip(fossil, column(front, "CO2"), column(front, "NOx"), strict=True):
        # coal x and gas amount - x: CO2 = amount + x, NOx = (0.3 amount - 0.2 x) / 1000
        x = co2 - amount
        assert -1e-5 <= x <= amount + 1e-5
        assert nox == pytest.approx((0.3 * amount - 0.2 * x) / 1000, abs=1e-7)


@pytest.mark.parametrize("order", [1, -1])
def test_of_plans_of_equal_cost_the_one_with_least_emissions_is_taken(order):
    cap = [
        {"target": "c", "quantity_kind": "emission", "quantity": "CO2", "comparator": "at_most", "bound": 1e6}
    ]
    plan = least_cost(ties(order).with_tables(target=pl.DataFrame(cap)))
    assert plan.cost == pytest.approx(1000.0)
    assert plan["plan_emission"].filter(pl.col("species") == "CO2")["value"].sum() == pytest.approx(100.0)


@pytest.mark.parametrize("order", [1, -1])
def test_a_cost_curve_starts_at_the_cleanest_plan_of_least_cost(order):
    curve = macc_system(ties(order), ("emission", "CO2"), steps=4)
    assert curve["cumulative"].to_list() == pytest.approx([25.0, 50.0, 75.0, 100.0])
    assert curve["cost"].to_list() == pytest.approx([500.0, 1000.0, 1500.0, 2000.0])
    assert curve["marginal_cost"].to_list() == pytest.approx([20.0] * 4)


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
