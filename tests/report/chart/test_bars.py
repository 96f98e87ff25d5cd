import polars as pl

from tongyuan.report import chart

FRAME = pl.DataFrame(
    {
        "sector": ["a", "b", "a", "b"],
        "year": ["2014", "2014", "2021", "2021"],
        "value": [1.0, 2.0, 3.0, 4.0],
    }
)


def test_bars_keep_order_and_sum_repeated_rows():
    twice = pl.concat([FRAME, FRAME])
    option = chart.bars(twice, "sector", "value", "year", unit="t")
    assert option["xAxis"]["data"] == ["a", "b"]
    assert [one["data"] for one in option["series"]] == [[2.0, 4.0], [6.0, 8.0]]
    assert option["legend"]["data"] == ["2014", "2021"]


def test_a_missing_cell_is_null_not_zero():
    option = chart.bars(FRAME.head(3), "sector", "value", "year", unit="t")
    assert option["series"][1]["data"] == [3.0, None]
