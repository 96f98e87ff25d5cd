"""Outlines for the picture: every ring, simplified, and the places of projects."""

from __future__ import annotations

import numpy as np
import polars as pl
import shapely

from tongyuan.zoning.zone.outline import outlines


def test_rings_holes_and_points_stand_as_text() -> None:
    rim = shapely.segmentize(shapely.box(118, 36, 119, 37), 0.01)
    holed = rim.difference(shapely.box(118.4, 36.4, 118.6, 36.6))
    zone = pl.DataFrame({"zone": ["A", "B"], "kind": ["unit", "red_line"], "class": ["priority", None]})
    shapes = np.array([holed, shapely.box(120, 36, 121, 37)])
    sites = np.array([shapely.Point(118.5, 36.2), shapely.box(120.1, 36.1, 120.3, 36.3)])
    made = outlines(zone, shapes, pl.DataFrame({"project": ["J", "K"]}), sites)
    assert made.select("name", "ring").rows() == [("A", 1), ("A", 2), ("B", 1), ("J", 1), ("K", 1)]
    assert made["outline"].str.split(",").list.len().to_list() == [5, 5, 5, 1, 1]
    assert made["outline"][3] == "118.50000 36.20000"
    assert outlines(zone.clear(), shapes[:0], pl.DataFrame({"project": []}), sites[:0]).is_empty()
