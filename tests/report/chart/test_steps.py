import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.report import chart


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
    assert [[d["value"] for d in one["data"]] for one in option["series"]] == [[-9.0]]


@given(st.lists(st.floats(-5, 5).filter(lambda v: abs(v) > 1e-3), min_size=1, max_size=8))
def test_contributions_run_from_level_to_level_across_zero(steps):
    frame = pl.DataFrame({"n": [f"s{i}" for i in range(len(steps))], "v": steps})
    hidden, above, below = chart.contributions(frame, "n", "v", unit="t", total="sum")["series"]
    level = 0.0
    for index, step in enumerate([*steps, None]):
        before, after = (0.0, sum(steps)) if step is None else (level, level + step)
        start, up, down = (
            hidden["data"][index],
            above["data"][index]["value"],
            below["data"][index]["value"],
        )
        assert up >= 0 >= down
        low, high = sorted((before, after))
        top = (start if start > 0 else 0.0) + up
        bottom = (start if start < 0 else 0.0) + down
        if up > 0:
            assert top == pytest.approx(high, rel=1e-4, abs=1e-4)
        if down < 0:
            assert bottom == pytest.approx(low, rel=1e-4, abs=1e-4)
        assert up - down == pytest.approx(high - low, rel=1e-3, abs=1e-4)
        level = after


def test_every_bar_of_contributions_is_labelled_once_with_its_step():
    frame = pl.DataFrame({"n": ["a", "b", "c"], "v": [3.0, -5.0, 1.0]})
    _, above, below = chart.contributions(frame, "n", "v", unit="t", total="sum")["series"]
    labels = [
        [item["label"]["formatter"] for item in pair if "label" in item]
        for pair in zip(above["data"], below["data"], strict=True)
    ]
    assert labels == [["+3"], ["\u22125"], ["+1"], ["\u22121"]]


def test_a_rise_of_something_good_is_green():
    frame = pl.DataFrame({"n": ["s"], "v": [0.1]})
    ends = {"start": ("a", 0.4), "end": ("b", 0.5)}
    for better, colour in ((True, chart.DOWN), (False, chart.UP)):
        option = chart.waterfall(frame, "n", "v", unit="", more_is_better=better, **ends)
        assert option["series"][1]["data"][1]["itemStyle"]["color"] == colour
