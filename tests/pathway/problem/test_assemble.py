"""Targets, balances, taxes and damage, each by a plan small enough to be worked out by hand.

One node needs 100 MWh; coal makes them at 10 and emits 2 t of CO2 each, wind at 30; discount rate 0.
"""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.case.check import check
from tongyuan.pathway.example import national, steel, typed
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.assemble import aims, assemble, factors
from tongyuan.pathway.problem.base import base_value, codes_with_base

WORLD = """
[node]
node
A

[period]
year, weight
2025, 5
2030, 10

[flow]
flow,  unit
power, MWh

[technology_option]
technology, unit, capacity, cost_variable
coal,       MWh,  free,     10
wind,       MWh,  free,     30

[technology_flow]
technology, flow,  role,   coefficient
coal,       power, output, 1
wind,       power, output, 1

[emission_coefficient]
technology, species, value, unit
coal,       CO2,     2,     t/MWh

[demand]
node, flow,  year, value, unit
A,    power, 2025, 100,   MWh
A,    power, 2030, 100,   MWh

[stock]
node, technology, activity
A,    coal,       80
A,    wind,       20
"""
Rows = list[dict[str, object]]
CAP = {"target": "cap", "quantity_kind": "emission", "quantity": "CO2", "comparator": "at_most"}
SHARE = {
    "target": "share", "quantity_kind": "activity", "quantity": "wind", "denominator_kind": "production",
    "denominator": "power", "comparator": "at_least",
}  # fmt: skip


def world(damage: bool = False, **more: Rows) -> Case:
    """Return the world with some of its tables replaced."""
    tables = typed(WORLD) | {k: pl.DataFrame(v, infer_schema_length=None) for k, v in more.items()}
    case = draft(tables, Settings(discount_rate=0.0, include_damage=damage))
    assert [f.message("en") for f in check(case) if f.severity == "error"] == []
    return case


def added(table: str, *rows: dict[str, object]) -> Rows:
    return [*typed(WORLD)[table].to_dicts(), *rows]


def coal(plan: Plan) -> list[float]:
    rows = plan["plan_activity"].filter(pl.col("technology") == "coal").sort("year")
    return rows["value"].to_list()


def test_discount_factors_times_years():
    assert factors(steel()).tolist() == pytest.approx([5.0, 5.0 * 1.05**-5])


def test_a_share_of_the_base_year_is_worked_out_from_the_stock():
    case = steel()
    base = base_value(case, codes_with_base(case), "emission", "CO2e", "", "")
    assert base == pytest.approx(12_000 * 1.9 + 140_000 * 0.85, rel=1e-12)
    bound = {a.target: a.bound for a in aims(case)}
    assert bound["CO2_cap"] == pytest.approx(0.85 * base)


def test_targets_without_a_year_hold_in_every_period_and_cumulative_ones_once():
    case = steel()
    every = case["target"].with_columns(year=pl.lit(None, dtype=pl.Int64))
    assert len(aims(case.with_tables(target=every))) == 6
    summed = every.with_columns(accumulation=pl.lit("cumulative"))
    assert [a.years for a in aims(case.with_tables(target=summed))] == [(2025, 2030)] * 3


def test_size_of_the_national_problem():
    problem = assemble(national(nodes=2, groups=3, controls=4, years=2))
    activities = 2 * 3 * 4 * 2
    kinds = dict(problem.columns.group_by("kind").len().iter_rows())
    assert kinds == {"activity": activities, "total": 12, "emission": 24}
    rows = dict(problem.rows.group_by("kind").len().iter_rows())
    assert rows == {"total": 12, "share_max": 36, "balance": 12, "emission": 24, "target": 36}


def test_a_span_of_years_includes_its_ends():
    assert coal(least_cost(world(target=[CAP | {"bound": 60, "year": 2025, "year_to": 2030}]))) == [
        30.0,
        30.0,
    ]
    assert coal(least_cost(world(target=[CAP | {"bound": 60, "year": 2030}]))) == [100.0, 30.0]
    assert coal(least_cost(world(target=[CAP | {"bound": 60, "year": 2025}]))) == [30.0, 100.0]


@pytest.mark.parametrize(("kind", "name", "bound"), [("emission", "CO2", 260), ("activity", "coal", 130)])
def test_equal_is_a_floor_too(kind, name, bound):
    # wind at 5 would make everything; equal asks for coal, and need of 130 for so much of it
    options = [{"technology": "coal", "unit": "MWh", "capacity": "free", "cost_variable": 10},
               {"technology": "wind", "unit": "MWh", "capacity": "free", "cost_variable": 5}]  # fmt: skip
    row = CAP | {"quantity_kind": kind, "quantity": name, "comparator": "equal", "bound": bound / 2}
    plan = least_cost(world(technology_option=options, target=[row]))
    assert coal(plan) == pytest.approx([65.0, 65.0])
    assert plan.cost == pytest.approx(15 * (65 * 10 + 35 * 5))
    # at most the same would leave coal out
    assert coal(least_cost(world(technology_option=options, target=[row | {"comparator": "at_most"}]))) == [
        0,
        0,
    ]


@pytest.mark.parametrize(("comparator", "wind"), [("at_least", 30.0), ("equal", 30.0), ("at_most", 0.0)])
def test_a_ratio(comparator, wind):
    plan = least_cost(world(target=[SHARE | {"bound": 0.3, "comparator": comparator}]))
    assert coal(plan) == pytest.approx([100.0 - wind] * 2)
    assert plan.cost == pytest.approx(15 * (1000 + wind * 20))


def test_an_equal_ratio_is_a_ceiling_too():
    # at 5 all would be wind
    options = [{"technology": "coal", "unit": "MWh", "capacity": "free", "cost_variable": 10},
               {"technology": "wind", "unit": "MWh", "capacity": "free", "cost_variable": 5}]  # fmt: skip
    plan = least_cost(
        world(technology_option=options, target=[SHARE | {"bound": 0.3, "comparator": "equal"}])
    )
    assert coal(plan) == pytest.approx([70.0, 70.0])


def test_a_ratio_relative_to_the_base_year_binds():
    # base: 20 of 100; twice that is 40 %
    plan = least_cost(world(target=[SHARE | {"bound": 2.0, "basis": "share_of_base"}]))
    assert coal(plan) == pytest.approx([60.0, 60.0])
    # a base value is typed in the unit of the ratio
    plan = least_cost(world(target=[SHARE | {"bound": 2.0, "basis": "share_of_base", "base_value": 0.15}]))
    assert coal(plan) == pytest.approx([70.0, 70.0])


def test_an_intensity_relative_to_the_base_year_binds():
    # base: 160 t for 100 MWh; three quarters of 1.6 t/MWh are 1.2
    row = CAP | {"denominator_kind": "production", "denominator": "power"}
    plan = least_cost(world(target=[row | {"bound": 75, "unit": "%", "basis": "share_of_base"}]))
    assert coal(plan) == pytest.approx([60.0, 60.0])


def test_a_cumulative_cap_counts_the_years_represented():
    # 2 t · (5·x + 10·y) at most 2,000; what is saved costs the same in both periods
    plan = least_cost(world(target=[CAP | {"bound": 2000, "accumulation": "cumulative"}]))
    x, y = coal(plan)
    assert 5 * x + 10 * y == pytest.approx(1000.0)
    assert plan.cost == pytest.approx(15 * 100 * 30 - 20 * 1000)
    row = plan["shadow_price"].row(0, named=True)
    assert row["shadow_price"] == pytest.approx(10.0)
    # one period is weighted as well: 2 t · 10 · y at most 500
    plan = least_cost(world(target=[CAP | {"bound": 500, "accumulation": "cumulative", "year": 2030}]))
    assert coal(plan) == pytest.approx([100.0, 25.0])


def test_a_cumulative_share_of_the_base_year():
    # half of 160 t a year in each of 15 years is 1,200 t: 600 MWh of coal in all
    row = CAP | {"bound": 0.5, "basis": "share_of_base", "accumulation": "cumulative"}
    x, y = coal(least_cost(world(target=[row])))
    assert 5 * x + 10 * y == pytest.approx(600.0)
    assert coal(least_cost(world(target=[row | {"year": 2030}])))[1] == pytest.approx(40.0)
    assert coal(least_cost(world(target=[row | {"base_value": 100.0, "year": 2030}])))[1] == pytest.approx(
        25.0
    )


def test_a_cumulative_ratio_relative_to_the_base_year():
    # wind 40 % of all power of both periods: 0.4 · (5·100 + 10·100)
    row = SHARE | {"bound": 2.0, "basis": "share_of_base", "accumulation": "cumulative"}
    x, y = coal(least_cost(world(target=[row])))
    assert 5 * x + 10 * y == pytest.approx(900.0)


FLOWS = [{"flow": "power", "unit": "MWh"}, {"flow": "ash", "unit": "t", "balance": "equal"}]
ASH = [{"technology": "coal", "flow": "ash", "role": "output", "coefficient": 0.5},
       {"technology": "dump", "flow": "ash", "role": "input", "coefficient": 1}]  # fmt: skip
DUMP = {"technology": "dump", "unit": "t", "capacity": "free", "cost_variable": 16}


def test_what_must_be_disposed_of_is_paid_for():
    moves = added("technology_flow", *ASH)
    # half a tonne of ash at 16 adds 8 to 10; at 44 coal would cost 32
    options = added("technology_option", DUMP)
    assert least_cost(
        world(flow=FLOWS, technology_flow=moves, technology_option=options)
    ).cost == pytest.approx(15 * 100 * 18)
    options = added("technology_option", DUMP | {"cost_variable": 44})
    assert least_cost(
        world(flow=FLOWS, technology_flow=moves, technology_option=options)
    ).cost == pytest.approx(15 * 100 * 30)


def test_an_emission_may_be_negative_where_something_takes_it_up():
    options = added("technology_option", {"technology": "trees", "unit": "ha", "capacity": "free",
                                          "cost_variable": 6})  # fmt: skip
    takes = added(
        "emission_coefficient", {"technology": "trees", "species": "CO2", "value": -1, "unit": "t/ha"}
    )
    moves = added(
        "technology_flow", {"technology": "trees", "flow": "shade", "role": "output", "coefficient": 1}
    )
    plan = least_cost(
        world(
            flow=[{"flow": "power", "unit": "MWh"}, {"flow": "shade", "unit": "ha"}],
            technology_option=options,
            technology_flow=moves, emission_coefficient=takes, target=[CAP | {"bound": -50}],
        )
    )  # fmt: skip
    # a MWh of wind saves 2 t for 20, the rest is 50 ha at 6: 2 t of trees cost 12, so all is coal and 250 ha
    assert coal(plan) == pytest.approx([100.0, 100.0])
    assert plan.cost == pytest.approx(15 * (1000 + 250 * 6))


TAX = {"tax": "t", "value": 9, "unit": "CNY/t"}


@pytest.mark.parametrize(("damage", "chosen"), [(True, 0.0), (False, 100.0)])
def test_damage_counts_when_it_is_asked_for(damage, chosen):
    # 10 + 2·11 is more than 30
    plan = least_cost(world(damage, tax=[TAX | {"quantity": "CO2", "value": 11, "item": "damage"}]))
    assert coal(plan) == [chosen, chosen]
    assert plan.cost == pytest.approx(15 * 100 * (30 if damage else 10))
    harm = plan["plan_cost"].filter(pl.col("item") == "damage")["value"].sum()
    assert harm == pytest.approx(0.0 if damage else 2 * 200 * 11)


def test_a_tax_on_a_group_counts_the_weights_of_its_members():
    group = [{"quantity": "CO2e", "member": "CO2", "weight": 1.5}]
    plan = least_cost(world(quantity_member=group, tax=[TAX | {"quantity": "CO2e", "value": 6}]))
    assert plan.cost == pytest.approx(15 * 100 * (10 + 2 * 1.5 * 6))
    plan = least_cost(world(quantity_member=group, tax=[TAX | {"quantity": "CO2e", "value": 7}]))
    assert plan.cost == pytest.approx(15 * 100 * 30)


def test_a_tax_of_a_year_goes_before_one_of_every_year():
    every = TAX | {"quantity": "CO2", "value": 11}
    plan = least_cost(world(tax=[every, every | {"year": 2030, "value": 1}]))
    assert coal(plan) == [0.0, 100.0]
    assert plan.cost == pytest.approx(5 * 3000 + 10 * 1200)


def test_the_base_year_counts_what_devices_draw():
    case = world(
        stock=[{"node": "A", "technology": "coal", "control": "fgd", "activity": 50},
               {"node": "A", "technology": "coal", "activity": 30}],
        control_option=[{"technology": "coal", "control": "fgd"}],
        control_flow=[{"technology": "coal", "control": "fgd", "flow": "power", "role": "input",
                       "coefficient": 0.04}],
        control_removal=[{"control": "fgd", "species": "CO2", "efficiency": 0.25}],
    )  # fmt: skip
    names = codes_with_base(case)
    assert base_value(case, names, "consumption", "power", "", "") == pytest.approx(50 * 0.04)
    assert base_value(case, names, "production", "power", "", "") == pytest.approx(80.0)
    assert base_value(case, names, "emission", "CO2", "", "") == pytest.approx(30 * 2 + 50 * 2 * 0.75)
    assert base_value(case, names, "activity", "coal", "fgd", "") == pytest.approx(50.0)


def test_the_base_year_counts_the_stock_that_stands():
    options = [
        r | {"capacity": "tracked", "lifetime": 20} for r in typed(WORLD)["technology_option"].to_dicts()
    ]
    vintages = ((2000, 1.0), (2005, 2.0), (2006, 4.0), (2025, 8.0), (2026, 16.0), (None, 32.0))
    rows = [{"node": "A", "technology": "coal", "year_built": y, "capacity": c} for y, c in vintages]
    price = [{"flow": "power", "direction": "purchase", "value": 50, "unit": "CNY/MWh"}]
    case = world(technology_option=options, stock=rows, price=price)
    assert base_value(case, codes_with_base(case), "capacity", "coal", "", "") == 4.0 + 8.0 + 32.0


def test_a_rate_of_a_node_goes_before_one_of_every_node():
    rates = [{"receptor": "city", "species": "CO2", "value": 3, "unit": "ug/m3/t"},
             {"receptor": "city", "species": "CO2", "node": "B", "value": 1, "unit": "ug/m3/t"}]  # fmt: skip
    need = [
        {"node": n, "flow": "power", "year": y, "value": 50, "unit": "MWh"}
        for n in "AB"
        for y in (2025, 2030)
    ]
    air = CAP | {"quantity_kind": "concentration", "quantity": "city", "bound": 250, "unit": "ug/m3"}
    case = world(node=[{"node": "A"}, {"node": "B"}], demand=need, response=rates, target=[air])
    plan = least_cost(case)
    # 50 MWh are 100 t: 100 from B, so that 150 are left for A: 50 t, 25 MWh of coal
    at = plan["plan_activity"].filter((pl.col("technology") == "coal") & (pl.col("year") == 2030))
    assert dict(at.select("node", "value").iter_rows()) == {
        "A": pytest.approx(25.0),
        "B": pytest.approx(50.0),
    }
    row = plan["shadow_price"].row(-1, named=True)
    assert row["shadow_price"] == pytest.approx(20 / (2 * 3))
    # the part of one node alone
    plan = least_cost(case.with_tables(target=pl.DataFrame([air | {"scope": "B", "bound": 40}])))
    at = plan["plan_activity"].filter((pl.col("technology") == "coal") & (pl.col("year") == 2030))
    assert dict(at.select("node", "value").iter_rows()) == {
        "A": pytest.approx(50.0),
        "B": pytest.approx(20.0),
    }


def test_a_coefficient_of_a_node_goes_before_one_of_a_year():
    row = {"technology": "coal", "species": "CO2", "unit": "t/MWh"}
    rates = [row | {"value": 2}, row | {"value": 3, "year": 2030}, row | {"value": 4, "node": "A"}]
    cap = [CAP | {"bound": 1e9}]
    emitted = [
        least_cost(world(emission_coefficient=rates[:n], target=cap))["plan_emission"]
        .sort("year")["value"]
        .to_list()
        for n in (1, 2, 3)
    ]
    assert emitted == [[200.0, 200.0], [200.0, 300.0], [400.0, 400.0]]


def test_a_removal_of_a_technology_goes_before_one_of_every_technology():
    case = world(
        control_option=[{"technology": "coal", "control": "fgd", "share_min": 1}],
        control_removal=[{"control": "fgd", "species": "CO2", "efficiency": 0.5},
                         {"control": "fgd", "technology": "coal", "species": "CO2", "efficiency": 0.9}],
        target=[CAP | {"bound": 1e9}],
    )  # fmt: skip
    assert least_cost(case)["plan_emission"]["value"].to_list() == pytest.approx([20.0, 20.0])
