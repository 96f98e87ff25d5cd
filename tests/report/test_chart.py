import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.report import chart

FRAME = pl.DataFrame(
    {
        "sector": ["a", "b", "a", "b"],
        "year": ["2014", "2014", "2021", "2021"],
        "value": [1.0, 2.0, 3.0, 4.0],
    }
)


def made():
    waterfall = pl.DataFrame({"sector": ["a", "b"], "step": [2.0, -1.0]})
    spans = pl.DataFrame({"s": ["x", "y"], "low": [-10.0, -5.0], "high": [20.0, 5.0]})
    shares = pl.DataFrame({"s": ["x", "y"], "share": [70.0, 30.0], "sum": [70.0, 100.0]})
    ratios = pl.DataFrame({"s": ["x", "y"], "r": [0.7, 3.0]})
    places = pl.DataFrame({"x": [1.0, -1.0], "y": [2.0, -2.0], "n": ["p", "q"]})
    flows = pl.DataFrame({"s": ["coal"], "t": ["SO2"], "v": [1.0]})
    return {
        "bars": chart.bars(FRAME, "sector", "value", "year", unit="t"),
        "laid": chart.bars(FRAME, "sector", "value", "year", unit="t", horizontal=True, stack=True),
        "lines": chart.lines(FRAME, "year", "value", "sector", unit="t"),
        "areas": chart.lines(FRAME, "year", "value", "sector", unit="t", area=True),
        "waterfall": chart.waterfall(
            waterfall, "sector", "step", unit="t", start=("2014", 5.0), end=("2021", 6.0)
        ),
        "intervals": chart.intervals(spans, "s", "low", "high", unit="%", names=("low", "high")),
        "pareto": chart.pareto(shares, "s", "share", "sum", unit="%", names=("share", "sum")),
        "ratios": chart.ratios(ratios, "s", "r", unit="ratio", mark="equal"),
        "points": chart.points(places, "x", "y", "n", x_title="x", y_title="y"),
        "sankey": chart.sankey(
            [("coal", 0, "#000"), ("SO2", 1, "#111")], flows, source="s", target="t", value="v"
        ),
    }


@pytest.mark.parametrize("name", sorted(made()))
def test_options_are_plain_json(name):
    option = made()[name]
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    assert option["series"]


def test_bars_keep_order_and_sum_repeated_rows():
    twice = pl.concat([FRAME, FRAME])
    option = chart.bars(twice, "sector", "value", "year", unit="t")
    assert option["xAxis"]["data"] == ["a", "b"]
    assert [one["data"] for one in option["series"]] == [[2.0, 4.0], [6.0, 8.0]]
    assert option["legend"]["data"] == ["2014", "2021"]


def test_a_missing_cell_is_null_not_zero():
    option = chart.bars(FRAME.head(3), "sector", "value", "year", unit="t")
    assert option["series"][1]["data"] == [3.0, None]


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=8))
def test_waterfall_arrives_where_it_says(steps):
    start = 100.0
    frame = pl.DataFrame({"n": [f"s{i}" for i in range(len(steps))], "v": steps})
    end = start + sum(steps)
    option = chart.waterfall(frame, "n", "v", unit="t", start=("a", start), end=("b", end))
    hidden, shown = option["series"]
    level = start
    for index, step in enumerate(steps, start=1):
        low, high = sorted((level, level + step))
        assert hidden["data"][index] == pytest.approx(low, rel=1e-4)
        assert shown["data"][index]["value"] == pytest.approx(high - low, rel=1e-4, abs=1e-4)
        level += step
    assert hidden["data"][0] == hidden["data"][-1] == 0.0


def test_waterfall_below_zero_becomes_bars_of_changes():
    frame = pl.DataFrame({"n": ["sink"], "v": [-9.0]})
    option = chart.waterfall(frame, "n", "v", unit="t", start=("a", 5.0), end=("b", -4.0))
    assert [one["data"] for one in option["series"]] == [[-9.0]]


def test_ratio_axis_holds_every_point():
    frame = pl.DataFrame({"n": ["a", "b", "c"], "v": [0.03, 1.0, 40.0]})
    option = chart.ratios(frame, "n", "v", unit="", mark="")
    assert option["xAxis"]["min"] <= 0.03
    assert option["xAxis"]["max"] >= 40.0
    assert len(option["series"][0]["data"]) == 3


def test_wide_characters_count_double():
    assert chart.text_width("能源") == 24
    assert chart.text_width("ab") == 14
