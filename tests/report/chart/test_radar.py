import polars as pl
import pytest

from tongyuan.report import chart

ROWS = [(a, s, v) for s in ("2014", "2021") for a, v in (("x", 0.1), ("y", 0.5), ("z", 1.0))]
FRAME = pl.DataFrame(ROWS, schema=["axis", "series", "value"], orient="row")


def test_axes_and_outlines_keep_their_order():
    option = chart.radar(FRAME, "axis", "value", "series")
    assert [axis["name"] for axis in option["radar"]["indicator"]] == ["x", "y", "z"]
    assert {axis["max"] for axis in option["radar"]["indicator"]} == {1.0}
    assert [one["value"] for one in option["series"][0]["data"]] == [[0.1, 0.5, 1.0]] * 2
    assert option["legend"]["data"] == ["2014", "2021"]


@pytest.mark.parametrize(
    "frame",
    [FRAME.filter(pl.col("axis") != "z"), FRAME.head(5), FRAME.with_columns(pl.lit(None).alias("value"))],
)
def test_a_gap_is_never_drawn_as_zero(frame):
    with pytest.raises(ValueError, match="three axes"):
        chart.radar(frame, "axis", "value", "series")
