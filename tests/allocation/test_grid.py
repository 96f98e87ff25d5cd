"""Grids: edges, areas, the Lambert plane held against PROJ."""

import numpy as np
import pytest
import rasterio.warp

from tongyuan.allocation.grid import Grid

PLANE = Grid("l", "lambert", -1e6, -1e6, 50_000, 40_000, 40, 50, 25, 40, 110, 34)
DEGREES = Grid("g", "longlat", 117, 36, 0.5, 0.25, 4, 2)


def test_edges_and_middles_of_a_small_grid() -> None:
    assert DEGREES.x_edges.tolist() == [117, 117.5, 118, 118.5, 119]
    assert DEGREES.y_centres.tolist() == [36.125, 36.375]
    assert DEGREES.size == 8


def test_areas_of_the_whole_sphere_sum_to_it() -> None:
    globe = Grid("e", "longlat", -180, -90, 1, 1, 360, 180, radius=6_371_000)
    assert globe.area().sum() == pytest.approx(4 * np.pi * 6_371_000**2, rel=1e-13)


@pytest.mark.parametrize(("one", "two"), [(25, 40), (30, 30), (60, 30)])
def test_the_plane_is_that_of_proj(one: float, two: float) -> None:
    grid = Grid("l", "lambert", 0, 0, 1, 1, 1, 1, one, two, 110, 34)
    longitude, latitude = np.array([75.0, 110.0, 118.4, 134.9]), np.array([20.0, 34.0, 36.7, 52.0])
    x, y = grid.project(longitude, latitude)
    text = f"+proj=lcc +lat_1={one} +lat_2={two} +lon_0=110 +lat_0=34 +R=6370000"
    told = rasterio.warp.transform("+proj=longlat +R=6370000", text, longitude, latitude)
    assert x == pytest.approx(told[0], abs=1e-6)
    assert y == pytest.approx(told[1], abs=1e-6)
    back = grid.unproject(x, y)
    assert back[0] == pytest.approx(longitude)
    assert back[1] == pytest.approx(latitude)


def test_map_factor_is_one_on_the_standard_parallels_and_scales_areas() -> None:
    assert PLANE.map_factor(np.array([25.0, 40.0])) == pytest.approx([1, 1])
    assert PLANE.map_factor(np.array([33.0]))[0] < 1 < PLANE.map_factor(np.array([50.0]))[0]
    _, latitude = PLANE.centres()
    assert np.allclose(PLANE.area() * PLANE.map_factor(latitude) ** 2, 50_000 * 40_000)


def test_longitudes_are_turned_by_whole_circles() -> None:
    x, _ = DEGREES.project(np.array([118.0, -242.0, 478.0]), np.zeros(3))
    assert x.tolist() == [118, 118, 118]
