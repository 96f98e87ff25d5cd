"""Areas and lengths on the ellipsoid of CGCS2000, from longitude and latitude."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from tongyuan.zoning.zone.shape import geometry

Array = npt.NDArray[np.float64]

A = 6_378_137.0
"""Half the long axis of CGCS2000 [m] (GB/T 22021)."""
F = 1 / 298.257222101
E2 = F * (2 - F)
E = E2**0.5
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(4)


def authalic(latitude: npt.ArrayLike) -> Array:
    """Return the area between equator and latitude per radian of longitude, ``q a²/2``.

    Parameters
    ----------
    latitude : array [rad]

    Returns
    -------
    array [m2/rad]

    References
    ----------
    Snyder 1987, Map Projections, equation 3-12.
    """
    s = np.sin(np.asarray(latitude, dtype=np.float64))
    q = (1 - E2) * (s / (1 - E2 * s * s) + np.arctanh(E * s) / E)
    return np.asarray(A * A * q / 2)


def ring_area(longitude: npt.ArrayLike, latitude: npt.ArrayLike) -> float:
    """Return the area of a ring whose edges are straight in longitude and latitude, signed [m2].

    Along an edge the area under it is integrated by four points of Gauss, which is exact to the last digits
    for edges of some tens of kilometres.

    Parameters
    ----------
    longitude, latitude : array, shape (n,) [degree]
        The first point stands again at the end.
    """
    x, y = (np.radians(np.asarray(v, dtype=np.float64)) for v in (longitude, latitude))
    return float(-_strips(x, y).sum())


def _strips(x: Array, y: Array) -> Array:
    middle, half = (y[1:] + y[:-1]) / 2, (y[1:] - y[:-1]) / 2
    at = middle[:, None] + half[:, None] * _NODES
    under = (authalic(at) * _WEIGHTS).sum(axis=1) / 2
    return np.asarray(under * (x[1:] - x[:-1]))


def areas(shapes: npt.NDArray[Any]) -> Array:
    """Return the areas of polygons and collections in longitude and latitude, holes taken off [m2].

    Parameters
    ----------
    shapes : array of shapely geometries
        Lines and points among them have no area.
    """
    shapely = geometry()
    parts, of = shapely.get_parts(shapes, return_index=True)
    while (shapely.get_type_id(parts) >= 4).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        of = of[index]
    polygons = shapely.get_type_id(parts) == 3
    parts, of = parts[polygons], of[polygons]
    rings, owner = shapely.get_rings(parts, return_index=True)
    outer = np.r_[True, owner[1:] != owner[:-1]] if len(owner) else np.zeros(0, dtype=bool)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    total = np.zeros(len(shapes))
    if not len(xy):
        return total
    x, y = np.radians(xy[:, 0]), np.radians(xy[:, 1])
    strips = _strips(x, y)
    strips[ring[1:] != ring[:-1]] = 0.0
    each = np.abs(np.bincount(ring[:-1], weights=strips, minlength=len(rings)))
    np.add.at(total, of[owner], np.where(outer, each, -each))
    return total


def lengths(shapes: npt.NDArray[Any]) -> Array:
    """Return the lengths of lines (and of the rims of polygons) in longitude and latitude [m].

    Every segment is measured at its middle latitude; one of a kilometre is right to 1e-8.
    """
    shapely = geometry()
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    rim = shapely.length(shapes)
    if not len(xy):
        return np.zeros(len(shapes))
    step = between(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
    step[of[1:] != of[:-1]] = 0.0
    total = np.bincount(of[:-1], weights=step, minlength=len(shapes))
    return np.where(rim > 0, total, 0.0)


def between(x: npt.ArrayLike, y: npt.ArrayLike, u: npt.ArrayLike, v: npt.ArrayLike) -> Array:
    """Return the distance between near points [m], from degrees, by the radii at the middle latitude."""
    x, y, u, v = (np.radians(np.asarray(a, dtype=np.float64)) for a in (x, y, u, v))
    s = np.sin((y + v) / 2)
    w = 1 - E2 * s * s
    north = A * (1 - E2) / w**1.5 * (v - y)
    east = A / np.sqrt(w) * np.sqrt(1 - s * s) * (u - x)
    return np.asarray(np.hypot(north, east))


def plane(xy: Array, longitude: float, latitude: float) -> Array:
    """Return coordinates on the plane that touches a place [m]: good to choose what is nearest by."""
    s = np.sin(np.radians(latitude))
    w = 1 - E2 * s * s
    north = np.radians(xy[:, 1] - latitude) * A * (1 - E2) / w**1.5
    east = np.radians(xy[:, 0] - longitude) * A / np.sqrt(w) * np.sqrt(1 - s * s)
    return np.column_stack([east, north])
