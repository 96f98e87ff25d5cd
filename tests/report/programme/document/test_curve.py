import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.report.base.block import ChartBlock
from tongyuan.report.picture.figure import png
from tongyuan.report.programme.document.curve import CURVES, curve, curves

STATUS = conform(
    "target_status",
    pl.DataFrame(
        {
            "plan": ["national"] * 2,
            "target": ["a", "b"],
            "indicator": ["steel", "pm25"],
            "title_zh": ["短流程炼钢占比", "PM2.5"],
            "title_en": ["Short-process steel", "PM2.5"],
            "region": ["100000", "370000"],
            "year": [2025] * 2,
            "comparator": ["at_least", "at_most"],
            "value": [15.0, 38.0],
            "unit": ["%", "µg/m3"],
            "count": [4, 1],
            "state": ["behind", "no_data"],
            "forecast": [9.9, None],
        }
    ),
)
SERIES = conform(
    "indicator_observation",
    pl.DataFrame(
        {
            "indicator": ["steel"] * 5,
            "region": ["100000"] * 5,
            "period": ["2019", "2020", "2021", "2024", "2025-H1"],
            "value": [10.4, 9.0, None, 10.0, 9.8],
            "lower": [None, None, 10.6, None, None],
            "upper": [None, None, 11.0, None, None],
            "unit": ["%"] * 5,
        }
    ),
)


def test_a_curve_leaves_gaps_open_and_shows_target_and_forecast():
    made = curve(STATUS.row(0, named=True), SERIES, "en")
    assert isinstance(made, ChartBlock)
    series = {one["name"]: one for one in made.option["series"]}
    assert series["Observed"]["data"] == [10.4, 9.0, 10.8, None, None, 10.0, None]
    assert series["Observed"]["connectNulls"] is False
    assert set(series["Target"]["data"]) == {15.0}
    assert series["Forecast"]["data"][-2:] == [10.0, 9.9]
    assert curve(STATUS.row(1, named=True), SERIES, "en") is None
    assert made.source == "indicator_observation · steel · 100000"
    assert png(made.option).startswith(b"\x89PNG")


def test_only_series_of_three_years_are_drawn_and_each_indicator_once():
    twice = pl.concat([STATUS, STATUS.with_columns(pl.col("target") + "x")])
    assert [made.caption for made in curves(twice, SERIES, "zh")] == ["短流程炼钢占比与 2025 年目标"]
    assert CURVES >= 1
