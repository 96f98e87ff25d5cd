"""One matrix of shares, source × cell: the features of a proxy, weighted within each source."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from tongyuan.allocation.grid import Grid
from tongyuan.allocation.proxy.geometry import LINE, POINT, POLYGON, line_parts, places, ring_parts
from tongyuan.allocation.proxy.library import library
from tongyuan.allocation.weight.feature import boxes, lines, points, rings

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]


def geometry_shares(geometries: Any, grid: Grid, *, plane: bool = False) -> sp.csr_array:
    """Return shares of geometries in the cells of a grid, shape (geometries, cells).

    A geometry of several points or lines is spread over its points alike, over its lines by length, over its
    polygons by area.

    Parameters
    ----------
    geometries : array of shapely geometries, shape (n,)
    grid
        The grid.
    plane
        As in :func:`tongyuan.allocation.weight.feature.boxes`.
    """
    shapely = library("shapely", "geometry")
    kind = shapely.get_type_id(geometries)
    made: list[tuple[Index, sp.csr_array]] = []
    at = np.flatnonzero(np.isin(kind, POINT))
    if at.size:
        place, owner = places(geometries[at])
        each = 1.0 / np.bincount(owner, minlength=at.size)
        own = sp.csr_array((each[owner], (owner, np.arange(owner.size))), shape=(at.size, owner.size))
        made.append((at, own @ points(place[:, 0], place[:, 1], grid)))
    at = np.flatnonzero(np.isin(kind, LINE))
    if at.size:
        made.append((at, lines(*line_parts(geometries[at]), at.size, grid)))
    at = np.flatnonzero(np.isin(kind, POLYGON))
    if at.size:
        made.append((at, rings(*ring_parts(geometries[at]), at.size, grid, plane=plane)))
    return in_order(made, len(geometries), grid)


def feature_shares(
    longitude: Array, latitude: Array, width: Array, height: Array, geometries: Any, grid: Grid
) -> sp.csr_array:
    """Return shares of the features of proxies, shape (features, cells).

    Parameters
    ----------
    longitude, latitude, width, height : array, shape (n,) [degree]
        Points, or middles and sizes of boxes; NaN where a feature has none.
    geometries : array of shapely geometries, shape (n,), or None
        None where a feature is a point or a box.
    grid
        The grid.
    """
    box = np.isfinite(width)
    point = np.isfinite(longitude) & ~box
    made: list[tuple[Index, sp.csr_array]] = []
    if point.any():
        at = np.flatnonzero(point)
        made.append((at, points(longitude[at], latitude[at], grid)))
    if box.any():
        at = np.flatnonzero(box)
        x, y, half, high = longitude[at], latitude[at], width[at] / 2, height[at] / 2
        made.append((at, boxes(x - half, y - high, x + half, y + high, grid)))
    rest = np.flatnonzero(~point & ~box)
    if rest.size:
        made.append((rest, geometry_shares(geometries[rest], grid)))
    return in_order(made, longitude.size, grid)


def in_order(made: list[tuple[Index, sp.csr_array]], count: int, grid: Grid) -> sp.csr_array:
    """Return shares that were made in parts, each with the rows it stands for, shape (count, cells)."""
    if not made:
        return sp.csr_array((count, grid.size))
    order = np.concatenate([at for at, _ in made])
    stacked: Any = sp.vstack([shares for _, shares in made], format="csr")
    shares: sp.csr_array = stacked[np.argsort(order)]
    return shares


def source_shares(
    shares: sp.csr_array, feature: Index, weight: Array, source: Index, sources: int
) -> sp.csr_array:
    """Return shares of sources, shape (sources, cells), from those of their features.

    Parameters
    ----------
    shares : sparse, shape (features, cells)
    feature, weight, source : array, shape (n,)
        Features, what they weigh, and the source they belong to; one of each source weighs something.
    sources
        How many sources there are.
    """
    total = np.bincount(source, weights=weight, minlength=sources)
    part = weight / total[source]
    own = sp.csr_array((part, (source, feature)), shape=(sources, shares.shape[0]))
    made: sp.csr_array = own @ shares
    made.sort_indices()
    return made
