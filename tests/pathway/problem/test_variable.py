"""Capacity, stock, devices and exchange, each by a plan small enough to be worked out by hand.

Discount rate 0, so that the annuity of capital is capital / lifetime, and periods of five years.
"""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings, draft
from tongyuan.pathway.case.check import check
from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.example import steel, typed
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.variable import options, standing

WORLD = """
[node]
node
A

[period]
year, weight
2025, 5
2030, 5

[flow]
flow,  unit
power, MWh

[technology_option]
technology, unit, capacity, lifetime, cost_capital, cost_fixed, cost_variable
old,        MWh,  tracked,  20,       ,             ,           10
new,        MWh,  tracked,  10,       200,          5,          0
dear,       MWh,  free,     ,         ,             ,           100

[technology_flow]
technology, flow,  role,   coefficient
old,        power, output, 1
new,        power, output, 1
dear,       power, output, 1

[demand]
node, flow,  year, value, unit
A,    power, 2025, 100,   MWh
A,    power, 2030, 100,   MWh

[stock]
node, technology, year_built, capacity
A,    old,        2010,       60
"""
Rows = list[dict[str, object]]


def world(base_year: int | None = None, **more: Rows) -> Case:
    """Return the world with some of its tables replaced."""
    tables = typed(WORLD) | {k: pl.DataFrame(v, infer_schema_length=None) for k, v in more.items()}
    case = draft(tables, Settings(discount_rate=0.0, base_year=base_year))
    assert [f.message("en") for f in check(case) if f.severity == "error"] == []
    return case


def option(technology: str, **values: object) -> Rows:
    """Return the technologies of the world, one of them changed."""
    return [
        r | values if r["technology"] == technology else r
        for r in typed(WORLD)["technology_option"].to_dicts()
    ]


def stock(*rows: tuple[str, int | None, float]) -> Rows:
    return [{"node": "A", "technology": k, "year_built": y, "capacity": c} for k, y, c in rows]


def by_year(plan: Plan, technology: str, column: str) -> list[float]:
    rows = plan["plan_capacity"].filter(pl.col("technology") == technology).sort("year")
    return rows[column].to_list()


def used(plan: Plan, technology: str) -> list[float]:
    rows = plan["plan_activity"].filter(pl.col("technology") == technology)
    return rows.group_by("year").agg(pl.col("value").sum()).sort("year")["value"].to_list()


def test_stock_ends_in_the_year_its_lifetime_is_over():
    # 2025: 60 old at 10, 40 new at 200/10 + 5; 2030: the 20 years of 2010 are over, 100 new
    plan = least_cost(world())
    assert by_year(plan, "old", "existing") == [60.0, 0.0]
    assert plan.cost == pytest.approx(5 * (60 * 10 + 40 * 25) + 5 * 100 * 25)
    # one year later it still stands
    plan = least_cost(world(stock=stock(("old", 2011, 60.0))))
    assert plan.cost == pytest.approx(2 * 5 * (60 * 10 + 40 * 25))


def test_stock_counts_from_the_year_it_is_built():
    plan = least_cost(world(stock=stock(("old", 2030, 60.0))))
    assert by_year(plan, "old", "existing") == [0.0, 60.0]
    # 100 new of 2025 stand anyway: their 25 are paid, old would cost 10 more
    assert used(plan, "old") == [0.0, 0.0]
    assert by_year(plan, "old", "retired") == [0.0, 0.0]


def test_what_is_built_stands_for_its_lifetime_and_no_longer():
    plan = least_cost(world())
    assert by_year(plan, "new", "built") == pytest.approx([40.0, 60.0])
    plan = least_cost(world(technology_option=option("new", lifetime=5, cost_capital=100)))
    assert by_year(plan, "new", "built") == pytest.approx([40.0, 100.0])
    assert plan.cost == pytest.approx(5 * (600 + 1000) + 5 * 2500)


def test_a_potential_bounds_stock_and_new_together():
    # 30 stand, 20 more may be built; they cost 25, the stock 5; 50 by dear
    rows = option("new", potential=50)
    plan = least_cost(world(technology_option=rows, stock=stock(("new", 2024, 30.0))))
    assert by_year(plan, "new", "capacity") == pytest.approx([50.0, 50.0])
    assert plan.cost == pytest.approx(10 * (30 * 5 + 20 * 25 + 50 * 100))


def test_stock_above_the_potential_must_retire():
    plan = least_cost(world(technology_option=option("old", potential=45), stock=stock(("old", None, 60.0))))
    assert by_year(plan, "old", "retired") == pytest.approx([15.0, 15.0])
    assert plan.cost == pytest.approx(10 * (45 * 10 + 55 * 25))


def test_growth_is_compound_and_starts_from_the_stock_of_the_base_year():
    # 10 in 2020 may become 10·1.1^5 + 3 in 2025, and that ·1.1^5 + 3 in 2030
    rows = option("new", growth=0.1, growth_start=3, lifetime=30, cost_capital=600)
    plan = least_cost(world(2020, technology_option=rows, stock=stock(("new", 2000, 10.0))))
    first = 10 * 1.1**5 + 3
    assert by_year(plan, "new", "capacity") == pytest.approx([first, first * 1.1**5 + 3])
    # stock that stood in the base year counts although it has ended before the first period
    plan = least_cost(world(2020, technology_option=rows, stock=stock(("new", 1994, 10.0))))
    assert by_year(plan, "new", "existing") == [0.0, 0.0]
    assert by_year(plan, "new", "capacity") == pytest.approx([first, first * 1.1**5 + 3])
    # in the base year itself there is no time to grow
    plan = least_cost(world(2025, technology_option=rows, stock=stock(("new", 2000, 10.0))))
    assert by_year(plan, "new", "capacity") == pytest.approx([13.0, 13 * 1.1**5 + 3])


CAP = {"target": "cap", "quantity_kind": "capacity", "quantity": "old", "comparator": "at_most"}


def test_stock_without_fixed_cost_can_retire_and_does_not_come_back():
    rows = stock(("old", None, 60.0))
    free = least_cost(world(stock=rows))
    assert by_year(free, "old", "retired") == [0.0, 0.0]
    held = least_cost(world(stock=rows, target=[{**CAP, "bound": 30, "year": 2025}]))
    assert by_year(held, "old", "retired") == pytest.approx([30.0, 30.0])
    assert held.cost == pytest.approx(10 * (30 * 10 + 70 * 25))


def test_what_would_have_ended_by_itself_need_not_stay_retired():
    # 40 of 2010 end in 2030; of 60 in 2025 only 30 may stand: the 20 that last are kept
    rows = stock(("old", 2010, 40.0), ("old", 2015, 20.0))
    plan = least_cost(world(stock=rows, target=[{**CAP, "bound": 30, "year": 2025}]))
    assert by_year(plan, "old", "retired") == pytest.approx([30.0, 0.0])
    assert by_year(plan, "old", "capacity") == pytest.approx([30.0, 20.0])
    # were 50 retired, at least 10 of them are of those that last
    plan = least_cost(world(stock=rows, target=[{**CAP, "bound": 10, "year": 2025}]))
    assert by_year(plan, "old", "retired") == pytest.approx([50.0, 10.0])


def test_only_what_is_kept_pays_its_fixed_cost():
    # 60 at 30 a year + 10 against new at 25: all retires, at once
    rows = option("old", cost_fixed=30)
    plan = least_cost(world(technology_option=rows, stock=stock(("old", None, 60.0))))
    assert by_year(plan, "old", "retired") == pytest.approx([60.0, 60.0])
    assert plan.cost == pytest.approx(10 * 100 * 25)
    fixed = plan["plan_cost"].filter(pl.col("item") == "fixed").sort("year")["value"].to_list()
    assert fixed == pytest.approx([500.0, 500.0])
    plan = least_cost(world(technology_option=option("old", cost_fixed=3), stock=stock(("old", None, 60.0))))
    assert plan.cost == pytest.approx(10 * (60 * 13 + 40 * 25))


@pytest.mark.parametrize(("last", "built"), [(2030, [40.0, 60.0]), (2029, [100.0, 0.0])])
def test_the_last_year_of_building_is_included(last, built):
    # what cannot be built in 2030 is built in 2025 and stands idle: 25 is less than 100
    plan = least_cost(world(technology_option=option("new", last_year=last)))
    assert by_year(plan, "new", "built") == pytest.approx(built)


def test_whole_units_pay_for_all_of_themselves():
    # 40 missing in 2025: two units of 30, each 30·(20 + 5) a year; in 2030 two more
    plan = least_cost(world(technology_option=option("new", unit_size=30)))
    assert by_year(plan, "new", "built") == pytest.approx([60.0, 60.0])
    item = dict(plan["plan_cost"].group_by("item").agg(pl.col("value").sum()).iter_rows())
    assert item["capital"] == pytest.approx(60 * 20 + 120 * 20)
    assert item["fixed"] == pytest.approx(60 * 5 + 120 * 5)


def test_availability_and_yearly_output_make_room():
    rows = option("new", availability=0.5, yearly_output=4)
    plan = least_cost(world(technology_option=rows))
    assert by_year(plan, "new", "built") == pytest.approx([20.0, 30.0])


def device(**values: object) -> Rows:
    row = {"technology": "old", "control": "filter", "cost_variable": 2, "cost_capital": 30, "lifetime": 10}
    return [row | values]


def filtered(plan: Plan) -> list[float]:
    rows = plan["plan_activity"].filter(pl.col("control") == "filter").sort("year")
    return rows.select("year", "value").rows()


def test_a_least_share_binds_and_pays():
    # a quarter of 60 with the filter, at 2 + 30/10 more
    rows = stock(("old", None, 60.0))
    plan = least_cost(world(stock=rows, control_option=device(share_min=0.25)))
    assert filtered(plan) == [(2025, pytest.approx(15.0)), (2030, pytest.approx(15.0))]
    assert plan.cost == pytest.approx(10 * (60 * 10 + 15 * 5 + 40 * 25))


def test_a_greatest_share_binds():
    dust = [{"technology": "old", "species": "TSP", "value": 1, "unit": "t/MWh"}]
    removal = [{"control": "filter", "species": "TSP", "efficiency": 1.0}]
    cap = [
        {"target": "d", "quantity_kind": "emission", "quantity": "TSP", "comparator": "at_most", "bound": 12}
    ]
    rows = stock(("old", None, 60.0))
    plan = least_cost(
        world(
            stock=rows, control_option=device(share_max=0.6), control_removal=removal,
            emission_coefficient=dust, target=cap,
        )
    )  # fmt: skip
    # 0.4 of old emits: 30 of old with 18 filtered
    assert used(plan, "old") == pytest.approx([30.0, 30.0])
    assert plan.cost == pytest.approx(10 * (30 * 10 + 18 * 5 + 70 * 25))


@pytest.mark.parametrize(("first", "years"), [(2030, [2030]), (2031, []), (2025, [2025, 2030])])
def test_a_device_may_start_in_its_first_year(first, years):
    plan = least_cost(
        world(stock=stock(("old", None, 60.0)), control_option=device(first_year=first, cost_variable=0))
    )
    rows = plan["plan_activity"].filter(pl.col("control") == "filter")
    assert sorted(rows["year"]) == years


def test_a_row_with_a_year_or_node_goes_before_one_without():
    every = device(share_min=0.5)[0]
    rows = [every, every | {"year": 2030, "share_min": 0.1}]
    plan = least_cost(world(stock=stock(("old", None, 60.0)), control_option=rows))
    assert filtered(plan) == [(2025, pytest.approx(30.0)), (2030, pytest.approx(6.0))]


TWO_NODES = [{"node": "A"}, {"node": "B"}]
NEEDED = [{"node": "B", "flow": "power", "year": y, "value": 90, "unit": "MWh"} for y in (2025, 2030)]


def linked(*links: dict[str, object]) -> Case:
    way = {"from_node": "A", "to_node": "B", "flow": "power", "loss": 0.1, "cost": 1}
    own = option("dear", node="B")
    return world(
        node=TWO_NODES, demand=NEEDED, stock=stock(("old", None, 500.0)), technology_option=own,
        link=[way | row for row in links],
    )  # fmt: skip


def test_what_is_sent_arrives_less_its_loss():
    # 100 sent at 10 + 1 arrive as 90; new at B would be 25
    plan = least_cost(linked({}))
    assert plan["plan_link"]["sent"].to_list() == pytest.approx([100.0, 100.0])
    assert plan["plan_link"]["received"].to_list() == pytest.approx([90.0, 90.0])
    assert plan.cost == pytest.approx(10 * 100 * 11)


def test_a_link_of_a_year_goes_before_one_of_every_year():
    # rows of one way do not add up: 50 in 2025, 20 in 2030
    plan = least_cost(linked({"limit": 50}, {"limit": 20, "year": 2030, "cost": 2}))
    assert plan["plan_link"]["sent"].to_list() == pytest.approx([50.0, 20.0])
    assert plan.cost == pytest.approx(5 * (50 * 11 + 45 * 25) + 5 * (20 * 12 + 72 * 25))


def test_sales_earn_and_purchases_cost():
    price = [
        {"flow": "power", "direction": "sale", "value": 12, "unit": "CNY/MWh", "limit": 7},
        {"flow": "power", "direction": "purchase", "value": 20, "unit": "CNY/MWh", "limit": 30},
    ]
    # 2025 and 2030: 60 old, 30 bought at 20, 10 + nothing for sale by new at 25: selling old's needs new
    plan = least_cost(world(stock=stock(("old", None, 60.0)), price=price))
    assert plan.cost == pytest.approx(10 * (60 * 10 + 30 * 20 + 10 * 25))
    # with 110 of old, 10 are left: 7 sold at 12 for 10, three stand idle
    plan = least_cost(world(stock=stock(("old", None, 110.0)), price=price))
    assert plan.cost == pytest.approx(10 * (107 * 10 - 7 * 12))
    sale = plan["plan_cost"].filter(pl.col("item") == "sale")["value"].to_list()
    assert sale == pytest.approx([-84.0, -84.0])


def test_a_price_of_a_year_goes_before_one_of_a_node_only_where_both_hold():
    # a row with a node goes before one with a year
    row = {"flow": "power", "direction": "purchase", "unit": "CNY/MWh"}
    price = [row | {"value": 1}, row | {"value": 2, "year": 2030}, row | {"value": 3, "node": "A"}]
    plan = least_cost(world(price=price[:2]))
    assert plan.cost == pytest.approx(5 * 100 * 1 + 5 * 100 * 2)
    assert least_cost(world(price=price)).cost == pytest.approx(5 * 100 * 3 + 5 * 100 * 3)


def changed(case: Case, technology: str, **values: object) -> Case:
    rows = case["technology_option"].with_columns(
        pl.when(pl.col("technology") == technology).then(pl.lit(v)).otherwise(pl.col(k)).alias(k)
        for k, v in values.items()
    )
    return case.with_tables(technology_option=rows)


def capacity(case: Case, technology: str) -> pl.DataFrame:
    return least_cost(case)["plan_capacity"].filter(pl.col("technology") == technology).group_by("year").agg(
        pl.col("capacity", "built", "retired", "existing").sum()
    ).sort("year")  # fmt: skip


def test_a_technology_starts_in_its_first_year():
    case = changed(steel(), "wind", first_year=2030)
    here = options(case, codes(case))
    assert here.height == 4 * 2 * 2 - 2
    stocked = standing(case, codes(case), here, pl.col("year"))
    assert stocked.sum() == 2 * (9000 + 5000 + 20 + 12)


def test_stock_stands_before_the_first_year_of_building():
    """9,000 and 5,000 t/a of furnaces exist in 2025, of which none may be built before 2030."""
    rows = capacity(changed(steel(), "furnace", first_year=2030), "furnace")
    assert rows["existing"].to_list() == [14_000.0, 14_000.0]
    assert rows["built"][0] == 0.0
    assert rows["capacity"][0] > 8_000.0


def test_a_technology_without_capital_cost_cannot_be_built():
    case = changed(steel(), "wind", cost_capital=None).with_targets(names=[])
    assert least_cost(case)["plan_capacity"].filter(pl.col("technology") == "wind")["built"].sum() == 0.0
