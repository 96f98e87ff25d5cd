import numpy as np
import pytest

from tongyuan.report.chart.tiles import CLASSES, classes, tiles
from tongyuan.report.picture.figure import png


def test_classes_hold_about_as_many_values_each() -> None:
    made = classes([float(n) for n in range(11)])
    assert np.allclose(made, [(0, 2), (2, 4), (4, 6), (6, 8), (8, 10)])
    assert classes([3.0, 3.0]) == [(3, 3)]


def test_rows_are_drawn_from_below_and_edges_where_a_boundary_runs() -> None:
    cells = [(0, 0, 1.0), (1, 0, 2.0), (0, 1, 10.0)]
    option = tiles(cells, ["117", "118"], ["36", "37"], unit="t", marked=[(0, 0), (1, 1)])
    assert option["yAxis"]["data"] == ["37", "36"]
    assert option["yAxis"]["inverse"]
    data = option["series"][0]["data"]
    assert [item["value"] for item in data] == [[0, 1, 1.0], [1, 1, 2.0], [0, 0, 10.0], [1, 0, None]]
    assert ["itemStyle" in item for item in data] == [True, False, False, True]
    pieces = option["visualMap"]["pieces"]
    assert pieces[0]["gte"] == 1
    assert pieces[-1] == {"gt": pytest.approx(6.8), "lte": 10, "color": CLASSES[-1], "label": "6.8–10"}
    assert png(option)[:4] == b"\x89PNG"
