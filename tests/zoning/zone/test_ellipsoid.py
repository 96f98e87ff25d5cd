"""Areas and lengths on the ellipsoid."""

import numpy as np
import pytest

from tongyuan.zoning.zone.ellipsoid import E2, A, areas, authalic, between, lengths, plane, ring_area

shapely = pytest.importorskip("shapely")


def test_the_whole_earth():
    """Area of the GRS 80 ellipsoid: 510,065,621.7 km2 (Moritz 2000, derived constants)."""
    assert 4 * np.pi * float(authalic(np.pi / 2)) / 1e6 == pytest.approx(510_065_621.7, rel=1e-9)
    assert float(authalic(0.0)) == 0


def test_a_cell_between_meridians_and_parallels_is_exact():
    y = np.radians([36.0, 36.1])
    exact = (authalic(y[1]) - authalic(y[0])) * np.radians(0.1)
    x = [118.0, 118.1, 118.1, 118.0, 118.0]
    assert ring_area(x, [36.0, 36.0, 36.1, 36.1, 36.0]) == pytest.approx(float(exact), rel=1e-13)
    assert areas(np.asarray([shapely.box(118, 36, 118.1, 36.1)]))[0] == pytest.approx(float(exact), rel=1e-12)


def test_a_fine_sum_of_cells_gives_the_same_as_the_rim():
    triangle = shapely.Polygon([(118, 36), (118.2, 36), (118, 36.2)])
    y = np.radians(np.linspace(36, 36.2, 20_001))
    middle = (y[1:] + y[:-1]) / 2
    s2 = np.sin(middle) ** 2
    strip = A * A * (1 - E2) * np.cos(middle) / (1 - E2 * s2) ** 2 * np.diff(y)
    width = np.radians(0.2) * (1 - (np.degrees(middle) - 36) / 0.2)
    assert areas(np.asarray([triangle]))[0] == pytest.approx(float((strip * width).sum()), rel=1e-8)


def test_holes_parts_and_mixtures():
    outer, hole = shapely.box(118, 36, 118.3, 36.3), shapely.box(118.1, 36.1, 118.2, 36.2)
    a, b = areas(np.asarray([outer, hole]))
    mixed = shapely.GeometryCollection([shapely.MultiPolygon([hole]), shapely.Point(118, 36)])
    every = np.asarray([outer.difference(hole), mixed, shapely.Point(118, 36), shapely.Polygon()])
    assert areas(every) == pytest.approx([a - b, b, 0, 0], rel=1e-9)
    assert areas(np.empty(0, dtype=object)).tolist() == []


def test_lengths_of_lines_and_rims():
    geod = pytest.importorskip("pyproj").Geod(a=6378137.0, rf=298.257222101)
    line = shapely.LineString([(118, 36), (118.05, 36.03), (118.02, 36.08)])
    wanted = geod.line_length([118, 118.05, 118.02], [36, 36.03, 36.08])
    rim = shapely.LinearRing([(118, 36), (118.05, 36.03), (118.02, 36.08)])
    around = geod.line_length([118, 118.05, 118.02, 118], [36, 36.03, 36.08, 36])
    assert lengths(np.asarray([line, rim, shapely.Point(1, 1)])) == pytest.approx(
        [wanted, around, 0], rel=1e-6
    )


def test_a_degree_north_and_east():
    assert float(between(118, 36, 118, 36.01)) == pytest.approx(1109.7, abs=0.2)
    assert float(between(118, 36, 118.01, 36)) < float(between(118, 20, 118.01, 20))
    assert plane(np.asarray([[118.0, 36.0]]), 118.0, 36.0).tolist() == [[0.0, 0.0]]
