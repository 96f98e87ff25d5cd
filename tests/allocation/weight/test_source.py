"""Features weighted within their sources."""

import numpy as np
import pytest
import shapely

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.weight.source import feature_shares, geometry_shares, source_shares

FOUR = Grid("four", "longlat", 0, 0, 1, 1, 2, 2)


def test_every_kind_of_feature_in_one_table_keeps_its_row() -> None:
    nan = np.nan
    geometries = np.full(5, None, dtype=object)
    texts = ["MULTIPOINT ((0.5 0.5), (1.5 1.5), (9 9), (0.5 0.6))", "LINESTRING (0 0, 2 0)",
             "POLYGON ((0 0, 2 0, 2 1, 0 1, 0 0))"]  # fmt: skip
    geometries[[0, 2, 3]] = shapely.from_wkt(texts)
    longitude, latitude = np.array([nan, 1.5, nan, nan, 1.0]), np.array([nan, 0.5, nan, nan, 1.0])
    size = np.array([nan, nan, nan, nan, 1.0])
    made = feature_shares(longitude, latitude, size, size, geometries, FOUR).toarray()
    assert made[0].tolist() == [0.5, 0, 0, 0.25]
    assert made[1].tolist() == [0, 1, 0, 0]
    assert made[2].tolist() == [0.5, 0.5, 0, 0]
    assert made[3].tolist() == pytest.approx([0.5, 0.5, 0, 0])
    assert made[4].tolist() == pytest.approx([0.25] * 4, abs=1e-4)
    assert feature_shares(*np.zeros((4, 0)), np.zeros(0, object), FOUR).shape == (0, 4)


def test_weights_share_a_source_out_and_their_unit_does_not_matter() -> None:
    shares = geometry_shares(shapely.from_wkt(["POINT (0.5 0.5)", "POINT (1.5 0.5)", "POINT (9 9)"]), FOUR)
    feature, source = np.array([0, 1, 2, 0]), np.array([0, 0, 0, 1])
    made = source_shares(shares, feature, np.array([3.0, 1.0, 4.0, 0.1]), source, 2).toarray()
    assert made.tolist() == [[0.375, 0.125, 0, 0], [1, 0, 0, 0]]
    scaled = source_shares(shares, feature, np.array([3.0, 1.0, 4.0, 0.1]) * 1e4, source, 2).toarray()
    assert np.allclose(scaled, made, rtol=1e-15)
