import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.case.check import case
from tongyuan.pathway.example import water_reuse
from tongyuan.report.base.block import ChartBlock
from tongyuan.report.pathway.exchange import cascade, exchange_blocks, without_circles
from tongyuan.report.pathway.words import Titles


@pytest.fixture(scope="module")
def water():
    made = case(water_reuse(), Settings(discount_rate=0.0))
    plan = least_cost(made, scenario="plan")
    return {**made.tables, **plan.tables}


def test_amounts_between_units_are_those_sent(planned):
    busy = planned["plan_link"].with_columns(sent=pl.lit(1e4), received=pl.lit(9.7e3))
    blocks = exchange_blocks({**planned, "plan_link": busy}, Titles(planned, "en"), "en")
    chart = next(b for b in blocks if isinstance(b, ChartBlock))
    assert [row[:4] for row in chart.table.rows] == [["north", "south", "electricity", "GWh"]]
    assert chart.table.rows[0][4:] == ["10", "10"]
    links = chart.option["series"][0]["links"]
    for end in ("source", "target"):
        assert sum(k["value"] for k in links if k[end] == "electricity") == pytest.approx(100.0, rel=1e-3)


def test_a_single_unit_has_nobody_to_send_to(water):
    assert exchange_blocks(water, Titles(water, "zh"), "zh") == []


def test_water_steps_down_by_grade(water):
    links = cascade(water, "water", 2025, Titles(water, "en"), "en")
    held = {(a, b): v for a, b, v in links}
    fresh = sum(v for (a, _), v in held.items() if a == "fresh_water")
    assert fresh == pytest.approx(90.0)
    used = {b: sum(v for (_, o), v in held.items() if o == b) for b in ("p1_water", "p2_water", "p3_water")}
    assert used == pytest.approx({"p1_water": 20.0, "p2_water": 100.0, "p3_water": 40.0})
    assert any(a == "water_100ppm" and b == "p2_water" for a, b in held)


def test_circles_are_opened_at_their_smallest_link():
    links = [("a", "b", 3.0), ("b", "c", 2.0), ("c", "a", 1.0), ("c", "d", 0.5)]
    assert without_circles(links) == [("a", "b", 3.0), ("b", "c", 2.0), ("c", "d", 0.5)]
