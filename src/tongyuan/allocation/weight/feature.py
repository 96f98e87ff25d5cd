"""Shares of features in the cells of a grid: points, boxes, lines and polygons, each row a feature.

What lies beyond the grid has no cell: a row sums to the part of its feature inside, and one less that part is
outside. Polygons and boxes are spread evenly over their area on the sphere, lines over their length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.weight.split import cover, split

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

ROUNDING = 1e-13
"""Part of a cell, or of a feature smaller than a cell, that is rounding."""

DENSE = 0.1
"""Longest side of a polygon or line that is drawn straight in a plane [degree]."""


def _matrix(share: Array, feature: Index, cell: Index, features: int, grid: Grid) -> sp.csr_array:
    made = sp.coo_array((share, (feature, cell)), shape=(features, grid.size)).tocsr()
    made.sum_duplicates()
    return made


def within(value: Array, edges: Array) -> Index:
    """Return the column or row of values, −1 outside; the outer edge belongs to the last one."""
    place = np.searchsorted(edges, value, side="right") - 1
    count = edges.size - 1
    place[value == edges[-1]] = count - 1
    return np.where((place >= 0) & (place < count), place, -1)


def points(longitude: Array, latitude: Array, grid: Grid) -> sp.csr_array:
    """Return the cell of every point, shape (points, cells); a point outside has an empty row.

    Parameters
    ----------
    longitude, latitude : array, shape (n,) [degree]
    """
    x, y = grid.project(np.asarray(longitude, float), np.asarray(latitude, float))
    column, row = within(x, grid.x_edges), within(y, grid.y_edges)
    inside = np.flatnonzero((column >= 0) & (row >= 0))
    cell = row[inside] * grid.columns + column[inside]
    return _matrix(np.ones(inside.size), inside, cell, x.size, grid)


def upright(latitude: Array, *, plane: bool) -> Array:
    """Return latitudes as equal areas want them: ``sin φ`` in degrees, or as they are in the plane."""
    return latitude if plane else np.degrees(np.sin(np.radians(latitude)))


def overlap(low: Array, high: Array, edges: Array) -> tuple[Index, Index, Array]:
    """Return which spans meet which cells of one axis, and how much of each span does.

    Parameters
    ----------
    low, high : array, shape (n,)
        Ends of the spans, ``low < high``.
    edges : array, shape (cells + 1,)

    Returns
    -------
    tuple of array, shape (meetings,)
        Span, cell, share of the span.
    """
    count = edges.size - 1
    first = np.clip(np.searchsorted(edges, low, side="right") - 1, 0, count)
    last = np.clip(np.searchsorted(edges, high, side="left"), 0, count)
    many = np.maximum(last - first, 0)
    span = np.repeat(np.arange(low.size), many)
    cell = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many) + first[span]
    met = np.minimum(high[span], edges[cell + 1]) - np.maximum(low[span], edges[cell])
    share = np.maximum(met, 0.0) / (high - low)[span]
    return span, cell, share


def boxes(
    west: Array, south: Array, east: Array, north: Array, grid: Grid, *, plane: bool = False
) -> sp.csr_array:
    """Return shares of boxes of longitude and latitude, shape (boxes, cells).

    Exact in a grid of longitude and latitude; in a Lambert plane a box is a polygon.

    Parameters
    ----------
    west, south, east, north : array, shape (n,) [degree]
    plane
        Whether a degree of latitude counts alike everywhere, not the area on the sphere.
    """
    if not grid.geographic:
        ring = np.stack([west, south, east, south, east, north, west, north, west, south], axis=1)
        first = np.arange(0, 5 * west.size + 1, 5)
        return rings(ring.reshape(-1, 2), first, np.arange(west.size), west.size, grid)
    left, _ = grid.project(0.5 * (west + east), south)
    half = 0.5 * (east - west)
    span_x, column, share_x = overlap(left - half, left + half, grid.x_edges)
    edges = upright(grid.y_edges, plane=plane)
    span_y, row, share_y = overlap(upright(south, plane=plane), upright(north, plane=plane), edges)
    across = _matrix_of(share_x, span_x, column, west.size, grid.columns)
    along = _matrix_of(share_y, span_y, row, west.size, grid.rows)
    return _outer(along, across, grid)


def _matrix_of(share: Array, span: Index, cell: Index, spans: int, cells: int) -> sp.csr_array:
    kept = share > 0
    return sp.csr_array((share[kept], (span[kept], cell[kept])), shape=(spans, cells))


def _outer(along: sp.csr_array, across: sp.csr_array, grid: Grid) -> sp.csr_array:
    """Return the product of both shares of every box."""
    high, wide = np.diff(along.indptr).astype(np.int64), np.diff(across.indptr).astype(np.int64)
    many = high * wide
    box = np.repeat(np.arange(many.size), many)
    place = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
    y = along.indptr[box] + place // np.maximum(wide[box], 1)
    x = across.indptr[box] + place % np.maximum(wide[box], 1)
    cell = along.indices[y].astype(np.int64) * grid.columns + across.indices[x]
    start = np.concatenate([[0], np.cumsum(many)])
    made = sp.csr_array((along.data[y] * across.data[x], cell, start), shape=(many.size, grid.size))
    return made


def _dense(x: Array, y: Array, first: Index) -> tuple[Array, Array, Index]:
    """Return rings or lines with vertices put in so that no side is longer than :data:`DENSE`."""
    own = np.repeat(np.arange(first.size - 1), np.diff(first))
    ends = np.zeros(x.size, bool)
    ends[first[1:] - 1] = True
    reach = np.zeros(x.size)
    reach[:-1] = np.maximum(np.abs(np.diff(x)), np.abs(np.diff(y)))
    many = np.where(ends, 1, np.maximum(np.ceil(reach / DENSE), 1)).astype(np.int64)
    source = np.repeat(np.arange(x.size), many)
    part = (np.arange(source.size) - np.repeat(np.cumsum(many) - many, many)) / many[source]
    after = np.minimum(source + 1, x.size - 1)
    counted = np.bincount(own, weights=many, minlength=first.size - 1).astype(np.int64)
    start = np.concatenate([[0], np.cumsum(counted)])
    moved = (1 - part) * x[source] + part * x[after], (1 - part) * y[source] + part * y[after]
    return *moved, start


def _segments(first: Index, owner: Index) -> tuple[Index, Index]:
    """Return the vertex every side begins at, and the feature it belongs to."""
    begins = np.ones(first[-1], bool)
    begins[first[1:] - 1] = False
    ring = np.repeat(np.arange(first.size - 1), np.diff(first))
    place = np.flatnonzero(begins)
    return place, owner[ring[place]]


def _cut(x: Array, y: Array, place: Index, xe: Array, ye: Array) -> tuple[Any, ...]:
    column = np.searchsorted(xe, x, side="right")
    row = np.searchsorted(ye, y, side="right")
    steps = np.abs(column[place + 1] - column[place]) + np.abs(row[place + 1] - row[place])
    room = int(steps.sum() + 3 * place.size)
    return split(x[place], y[place], x[place + 1], y[place + 1], xe, ye, room)  # type: ignore[no-any-return]


def _turned(x: Array, first: Index, owner: Index, features: int, grid: Grid) -> Array:
    """Return longitudes with every feature turned as a whole to lie about the middle of the grid."""
    own = owner[np.repeat(np.arange(first.size - 1), np.diff(first))]
    low, high = np.full(features, np.inf), np.full(features, -np.inf)
    np.minimum.at(low, own, x)
    np.maximum.at(high, own, x)
    middle = 0.5 * (low + high)
    moved, _ = grid.project(np.where(np.isfinite(middle), middle, 0.0), np.zeros(features))
    turned: Array = x + (moved - middle)[own]
    return turned


def rings(
    vertex: Array, first: Index, owner: Index, features: int, grid: Grid, *, plane: bool = False
) -> sp.csr_array:
    """Return shares of polygons, shape (features, cells).

    Parameters
    ----------
    vertex : array, shape (vertices, 2) [degree]
        Longitude and latitude of the vertices of closed rings: outer ones anticlockwise, holes clockwise.
    first : array, shape (rings + 1,)
        Where each ring begins.
    owner : array, shape (rings,)
        Feature of each ring, rising.
    features
        How many features there are.
    plane
        As in :func:`boxes`.
    """
    x, y = vertex[:, 0], vertex[:, 1]
    if grid.geographic:
        x = _turned(x, first, owner, features, grid)
        y, ye = upright(y, plane=plane), upright(grid.y_edges, plane=plane)
    else:
        x, y, first = _dense(x, y, first)
        x, y = grid.project(x, y)
        ye = grid.y_edges
    xe = grid.x_edges
    place, feature = _segments(first, owner)
    segment, column, row, begin, end = _cut(x, y, place, xe, ye)
    owned = feature[segment]
    starts = np.searchsorted(owned, np.arange(features + 1))
    x0, y0 = x[place[segment]], y[place[segment]]
    dx, dy = x[place[segment] + 1] - x0, y[place[segment] + 1] - y0
    piece = x0 + begin * dx, y0 + begin * dy, x0 + end * dx, y0 + end * dy
    bound = _bounds(x, y, place, feature, features, xe, ye)
    room = np.maximum(bound[:, 1] - bound[:, 0], 0) * np.maximum(bound[:, 3] - bound[:, 2], 0)
    start = np.concatenate([[0], np.cumsum(room)])
    total = _shoelace(x, y, place, feature, features)
    cell_area = grid.x_step * np.diff(ye).min()
    least = ROUNDING * np.minimum(np.abs(total), cell_area)
    area, cell, filled = cover(starts, column, row, *piece, xe, ye, bound[:, :4], start, least)
    kept = np.arange(area.size) - np.repeat(start[:-1], room) < np.repeat(filled, room)
    area, cell, own = area[kept], cell[kept], np.repeat(np.arange(features), filled)
    inside = np.bincount(own, weights=area, minlength=features)
    whole = np.where(bound[:, 4] == 1, inside, total)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = area / whole[own]
    return _matrix(share, own, cell, features, grid)


def _bounds(x: Array, y: Array, place: Index, feature: Index, features: int, xe: Array, ye: Array) -> Index:
    """Return the columns and rows each feature reaches inside the grid, and whether it lies there whole."""
    low_x, low_y = np.full(features, np.inf), np.full(features, np.inf)
    high_x, high_y = np.full(features, -np.inf), np.full(features, -np.inf)
    for corner in (place, place + 1):
        np.minimum.at(low_x, feature, x[corner])
        np.maximum.at(high_x, feature, x[corner])
        np.minimum.at(low_y, feature, y[corner])
        np.maximum.at(high_y, feature, y[corner])
    made = np.zeros((features, 5), np.int64)
    for at, low, high, edges in ((0, low_x, high_x, xe), (2, low_y, high_y, ye)):
        count = edges.size - 1
        made[:, at] = np.clip(np.searchsorted(edges, low, side="right") - 1, 0, count)
        made[:, at + 1] = np.clip(np.searchsorted(edges, high, side="right"), 0, count)
    whole = (low_x >= xe[0]) & (high_x <= xe[-1]) & (low_y >= ye[0]) & (high_y <= ye[-1])
    made[:, 4] = whole
    return made


def _shoelace(x: Array, y: Array, place: Index, feature: Index, features: int) -> Array:
    """Return the area of every feature, on its own vertices about its first one."""
    origin = np.zeros(features, np.int64)
    origin[feature[::-1]] = place[::-1]
    ax, ay = x[place] - x[origin][feature], y[place] - y[origin][feature]
    bx, by = x[place + 1] - x[origin][feature], y[place + 1] - y[origin][feature]
    area = np.bincount(feature, weights=0.5 * (ax * by - bx * ay), minlength=features)
    return area.astype(np.float64)


def lines(vertex: Array, first: Index, owner: Index, features: int, grid: Grid) -> sp.csr_array:
    """Return shares of lines by their length, shape (features, cells).

    Parameters
    ----------
    vertex, first, owner, features
        As in :func:`rings`; the parts are open.
    """
    x, y = vertex[:, 0], vertex[:, 1]
    if grid.geographic:
        x = _turned(x, first, owner, features, grid)
    else:
        x, y, first = _dense(x, y, first)
        x, y = grid.project(x, y)
    place, feature = _segments(first, owner)
    segment, column, row, begin, end = _cut(x, y, place, grid.x_edges, grid.y_edges)
    dx, dy = np.diff(x)[place], np.diff(y)[place]
    if grid.geographic:
        dx = dx * np.cos(np.radians(0.5 * (y[place] + y[place + 1])))
    length = np.hypot(dx, dy)
    own = feature[segment]
    part = length[segment] * (end - begin)
    total = np.bincount(own, weights=part, minlength=features)
    middle = 0.5 * (begin + end)
    at = place[segment]
    column = within(x[at] + middle * (x[at + 1] - x[at]), grid.x_edges)
    row = within(y[at] + middle * (y[at + 1] - y[at]), grid.y_edges)
    kept = (column >= 0) & (row >= 0)
    share = part[kept] / total[own[kept]]
    return _matrix(share, own[kept], row[kept] * grid.columns + column[kept], features, grid)
