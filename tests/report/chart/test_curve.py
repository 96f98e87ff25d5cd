import json

import polars as pl

from tongyuan.report import chart

COSTS = pl.DataFrame({"n": ["wind", "scr"], "w": [2.0, 1.0], "h": [-5.0, 30.0]})


def test_blocks_of_a_cost_curve_stand_side_by_side_on_zero():
    option = chart.cost_curve(COSTS, "n", "w", "h", x_title="x", y_title="y")
    assert json.loads(json.dumps(option, allow_nan=False)) == option
    assert [one["data"] for one in option["series"]] == [
        [[0.0, 0.0], [0.0, -5.0], [2.0, -5.0], [2.0, 0.0]],
        [[2.0, 0.0], [2.0, 30.0], [3.0, 30.0], [3.0, 0.0]],
    ]
    assert option["xAxis"]["max"] == 3.0
    assert option["legend"]["data"] == ["wind", "scr"]


def test_blocks_without_a_name_share_a_colour():
    option = chart.cost_curve(COSTS.with_columns(n=pl.lit("")), "n", "w", "h", x_title="x", y_title="y")
    assert "legend" not in option
    assert len({one["itemStyle"]["color"] for one in option["series"]}) == 1
