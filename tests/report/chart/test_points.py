import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.report import chart
from tongyuan.report.chart.points import HIGH, LANE, WIDE


def test_ratio_axis_holds_every_point():
    frame = pl.DataFrame({"n": ["a", "b", "c"], "v": [0.03, 1.0, 40.0]})
    option = chart.ratios(frame, "n", "v", unit="", mark="")
    assert option["xAxis"]["min"] <= 0.03
    assert option["xAxis"]["max"] >= 40.0
    assert len(option["series"][0]["data"]) == 3


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(-5, 5)), min_size=1, max_size=12, unique=True))
def test_labels_of_neighbours_do_not_cover_each_other(places):
    frame = pl.DataFrame(
        [(x, y, f"species {k}") for k, (x, y) in enumerate(places)], schema=["x", "y", "n"], orient="row"
    )
    option = chart.points(frame, "x", "y", "n", x_title="x", y_title="y")
    wide = (max(0.0, *frame["x"]) - min(0.0, *frame["x"])) or 1.0
    high = (max(0.0, *frame["y"]) - min(0.0, *frame["y"])) or 1.0
    raised = {item["name"]: -item["label"]["offset"][1] for item in option["series"][0]["data"]}
    placed = [
        (x / wide * WIDE, y / high * HIGH + raised[name], chart.text_width(name))
        for x, y, name in frame.rows()
    ]
    for k, (x, y, w) in enumerate(placed):
        for other_x, other_y, other_w in placed[:k]:
            assert abs(x - other_x) >= (w + other_w) / 2 or abs(y - other_y) >= LANE - 1e-6


def test_spans_reach_from_lower_to_upper_and_a_missing_interval_is_no_span():
    frame = pl.DataFrame({"n": ["a", "b"], "l": [0.2, None], "m": [0.3, 0.4], "u": [0.5, None]})
    option = chart.spans(frame, "n", "l", "m", "u", unit="", names=("95 %", "score"), maximum=1.0)
    hidden, span, points = option["series"]
    assert hidden["data"] == [0.2, None]
    assert span["data"] == [0.3, None]
    assert points["data"] == [[0.3, "a"], [0.4, "b"]]
    assert (option["xAxis"]["min"], option["xAxis"]["max"]) == (0.0, 1.0)
    assert option["legend"]["data"] == ["95 %", "score"]
