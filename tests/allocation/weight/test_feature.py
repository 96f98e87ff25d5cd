"""Shares of features in cells: worked by hand, against GEOS, and by what must always hold."""

import numpy as np
import pytest
import scipy.sparse as sp
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.proxy.geometry import line_parts, ring_parts
from tongyuan.allocation.weight.feature import boxes, lines, overlap, points, rings, upright, within

FOUR = Grid("four", "longlat", 0, 0, 1, 1, 2, 2)
CHINA = Grid("c", "longlat", 100, 20, 0.5, 0.25, 40, 60)
PLANE = Grid("l", "lambert", -1e6, -1e6, 50_000, 40_000, 40, 50, 25, 40, 110, 34)


def polygons(*texts: str, grid: Grid = FOUR, plane: bool = True) -> np.ndarray:
    made = shapely.from_wkt(list(texts))
    return rings(*ring_parts(made), len(texts), grid, plane=plane).toarray()


def test_two_polygons_over_four_cells() -> None:
    """A box of 2 × 1 across all four, half of each side outside; a triangle under the diagonal."""
    box = "POLYGON ((0.5 0.5, 2.5 0.5, 2.5 1.5, 0.5 1.5, 0.5 0.5))"
    triangle = "POLYGON ((0 0, 2 0, 0 2, 0 0))"
    shares = polygons(box, triangle)
    assert shares[0].tolist() == [0.125, 0.25, 0.125, 0.25]
    assert shares[1].tolist() == pytest.approx([0.5, 0.25, 0.25, 0], abs=1e-15)


def test_a_hole_and_a_second_part() -> None:
    """3/4 of a cell about its hole of 1/4, and a whole cell: of 7/4."""
    ring = "((0 0, 1 0, 1 1, 0 1, 0 0), (0.25 0.25, 0.75 0.25, 0.75 0.75, 0.25 0.75, 0.25 0.25))"
    text = f"MULTIPOLYGON ({ring}, ((1 1, 2 1, 2 2, 1 2, 1 1)))"
    assert polygons(text)[0].tolist() == pytest.approx([3 / 7, 0, 0, 4 / 7], abs=1e-15)


def test_area_is_that_on_the_sphere_unless_the_plane_is_asked_for() -> None:
    grid = Grid("g", "longlat", 0, 0, 60, 30, 1, 2)
    text = "POLYGON ((0 0, 60 0, 60 60, 0 60, 0 0))"
    assert polygons(text, grid=grid)[0].tolist() == [0.5, 0.5]
    half = np.sin(np.radians(30)) / np.sin(np.radians(60))
    assert polygons(text, grid=grid, plane=False)[0].tolist() == pytest.approx([half, 1 - half])
    box = (np.array([v]) for v in (0.0, 0.0, 60.0, 60.0))
    assert boxes(*box, grid).toarray()[0].tolist() == pytest.approx([half, 1 - half])


def test_a_line_of_known_lengths() -> None:
    """At the equator 0.5 + 1 + 0.5 degrees east, the last half outside; then on an edge to the right cell."""
    made = lines(
        *line_parts(shapely.from_wkt(["LINESTRING (0.5 0, 2.5 0)", "LINESTRING (1 0, 1 2)"])), 2, FOUR
    )
    assert made.toarray()[0].tolist() == [0.25, 0.5, 0, 0]
    assert made.toarray()[1].tolist() == [0, 0.5, 0, 0.5]


def test_a_degree_east_is_half_as_long_at_sixty_north() -> None:
    grid = Grid("g", "longlat", 0, 60, 1, 1, 2, 2)
    made = lines(*line_parts(shapely.from_wkt(["LINESTRING (0 60, 1 60, 1 61)"])), 1, grid).toarray()[0]
    assert made[:2].tolist() == pytest.approx([1 / 3, 2 / 3], abs=1e-12)


def test_points_on_edges_and_beyond() -> None:
    longitude, latitude = np.array([0.0, 1.0, 2.0, 2.0001, 361.5]), np.array([0.0, 1.0, 2.0, 1.0, 0.5])
    made = points(longitude, latitude, FOUR).toarray()
    assert made.argmax(axis=1)[:3].tolist() == [0, 3, 3]
    assert made.sum(axis=1).tolist() == [1, 1, 1, 0, 1]
    assert made[4, 1] == 1


def test_columns_and_spans() -> None:
    assert within(np.array([-1.0, 0.0, 2.0, 3.0]), np.array([0.0, 1.0, 2.0])).tolist() == [-1, 0, 1, -1]
    span, cell, share = overlap(np.array([0.5]), np.array([2.5]), np.array([0.0, 1.0, 2.0]))
    assert (span.tolist(), cell.tolist(), share.tolist()) == ([0, 0], [0, 1], [0.25, 0.5])
    assert upright(np.array([30.0]), plane=False)[0] == pytest.approx(28.6478898)


def _blobs(seed: int, count: int = 40) -> np.ndarray:
    draw = np.random.default_rng(seed)
    made = []
    for x, y, r in zip(*draw.uniform([98, 18, 0.02], [122, 37, 3], (count, 3)).T, strict=True):
        angle = np.sort(draw.uniform(0, 2 * np.pi, 12))
        reach = r * draw.uniform(0.3, 1, 12)
        shell = np.c_[x + reach * np.cos(angle), y + reach * np.sin(angle)]
        made.append(shapely.Polygon(shell).buffer(0))
    kept = [shape for shape in made if not shape.is_empty]
    return np.array(kept)


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_polygons_are_what_geos_cuts_and_conserve(seed: int) -> None:
    shapes = _blobs(seed)
    made = rings(*ring_parts(shapes), len(shapes), CHINA, plane=True)
    x, y = np.meshgrid(CHINA.x_edges[:-1], CHINA.y_edges[:-1])
    cells = shapely.box(x.ravel(), y.ravel(), x.ravel() + 0.5, y.ravel() + 0.25)
    one, other = shapely.STRtree(cells).query(shapes, predicate="intersects")
    share = shapely.area(shapely.intersection(shapes[one], cells[other])) / shapely.area(shapes)[one]
    told = sp.coo_array((share, (one, other)), shape=made.shape).tocsr()
    assert abs(made - told).max() < 1e-12
    assert made.min() >= 0
    inside = shapely.covered_by(shapes, shapely.box(100, 20, 120, 35))
    assert abs(made.sum(axis=1)[inside] - 1).max(initial=0) < 1e-12
    assert made.sum(axis=1).max() <= 1 + 1e-12


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_a_feature_does_not_depend_on_its_neighbours_nor_on_their_order(seed: int) -> None:
    shapes = _blobs(seed, 12)
    order = np.random.default_rng(seed).permutation(len(shapes))
    made = rings(*ring_parts(shapes), len(shapes), CHINA)
    moved = rings(*ring_parts(shapes[order]), len(shapes), CHINA)
    assert (moved != made[order]).nnz == 0
    alone = sp.vstack([rings(*ring_parts(shapes[[k]]), 1, CHINA) for k in range(len(shapes))]).tocsr()
    assert (alone != made).nnz == 0


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_lines_and_boxes_conserve_in_both_projections(seed: int) -> None:
    draw = np.random.default_rng(seed)
    vertex = draw.uniform([108, 30], [112, 34.9], (40, 2))
    first, owner = np.arange(0, 41, 4), np.arange(10)
    west, south = draw.uniform([106, 28], [112, 31.9], (20, 2)).T
    wide, high = draw.uniform(0.01, 3, (2, 20))
    for grid in (CHINA, PLANE):
        made = lines(vertex, first, owner, 10, grid)
        assert abs(made.sum(axis=1) - 1).max() < 1e-12
        made = boxes(west, south, west + wide, south + high, grid)
        assert made.sum(axis=1).max() <= 1 + 1e-12
        if grid is PLANE:
            assert abs(made.sum(axis=1) - 1).max() < 1e-12


def test_a_box_is_the_polygon_with_its_corners() -> None:
    ring = "POLYGON ((100.3 21.1, 103.9 21.1, 103.9 24.7, 100.3 24.7, 100.3 21.1))"
    as_polygon = polygons(ring, grid=CHINA, plane=False)
    as_box = boxes(*(np.array([v]) for v in (100.3, 21.1, 103.9, 24.7)), CHINA).toarray()
    assert np.allclose(as_polygon, as_box, rtol=0, atol=1e-14)
