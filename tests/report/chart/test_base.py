import json

import polars as pl
import pytest

from tongyuan.report import chart
from tongyuan.report.chart.base import legend_rows, ordered, series_values

FRAME = pl.DataFrame(
    {
        "sector": ["a", "b", "a", "b"],
        "year": ["2014", "2014", "2021", "2021"],
        "value": [1.0, 2.0, 3.0, 4.0],
    }
)


def made():
    waterfall = pl.DataFrame({"sector": ["a", "b"], "step": [2.0, -1.0]})
    spans = pl.DataFrame({"s": ["x", "y"], "low": [-10.0, -5.0], "mid": [0.0, 1.0], "high": [20.0, 5.0]})
    shares = pl.DataFrame({"s": ["x", "y"], "share": [70.0, 30.0], "sum": [70.0, 100.0]})
    ratios = pl.DataFrame({"s": ["x", "y"], "r": [0.7, 3.0]})
    places = pl.DataFrame({"x": [1.0, -1.0], "y": [2.0, -2.0], "n": ["p", "q"]})
    extra = pl.DataFrame({"sector": ["c", "c"], "year": ["2014", "2021"], "value": [5.0, 0.0]})
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
        "spans": chart.spans(spans, "s", "low", "mid", "high", unit="", names=("span", "value")),
        "radar": chart.radar(FRAME.vstack(extra), "sector", "value", "year", maximum=5.0),
        "contributions": chart.contributions(waterfall, "sector", "step", unit="t", total="sum"),
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


def test_wide_characters_count_double():
    assert chart.text_width("能源") == 24
    assert chart.text_width("ab") == 14


def test_a_long_legend_takes_rows():
    assert legend_rows(["a"]) == 1
    assert legend_rows(["能源" * 20] * 4) == 4


def test_order_is_that_of_first_appearance_and_absence_is_none():
    assert ordered(FRAME, "sector") == ["a", "b"]
    assert series_values(FRAME.head(1), "sector", "value", ["a", "b"]) == [1.0, None]
