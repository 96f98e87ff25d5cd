"""Geometries of proxies: read from text, looked at, taken apart into vertices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from tongyuan.allocation.proxy.library import library

POINT, LINE, POLYGON = (0, 4), (1, 2, 5), (3, 6)
"""Kinds of geometry as GEOS numbers them, single and multiple; 2 is a closed line."""


class Parts(NamedTuple):
    """Vertices of lines or of rings (outer ones anticlockwise, holes clockwise) and whose they are.

    ``vertex`` shape (n, 2) [degree]; ``first`` shape (parts + 1,); ``owner`` shape (parts,), rising.
    """

    vertex: npt.NDArray[np.float64]
    first: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]


def read_wkt(texts: Sequence[str]) -> Any:
    """Return the geometries that texts of WKT stand for; None for one that cannot be read."""
    shapely = library("shapely", "geometry")
    return shapely.from_wkt(np.asarray(texts, dtype=object), on_invalid="ignore")


def faults(geometries: Any) -> list[tuple[int, str, str]]:
    """Return what is wrong with geometries: index, check, and the reason GEOS tells.

    Checks: ``geometry_unreadable``, ``geometry_empty``, ``geometry_kind``, ``geometry_degrees`` (no longitude
    and latitude), ``geometry_invalid`` (a polygon that crosses itself).
    """
    shapely = library("shapely", "geometry")
    found: list[tuple[int, str, str]] = []
    kinds = shapely.get_type_id(geometries)
    bounds = shapely.bounds(geometries)
    for at, (one, kind) in enumerate(zip(geometries, kinds, strict=True)):
        if one is None:
            found.append((at, "geometry_unreadable", ""))
        elif one.is_empty or (kind in LINE and one.length == 0):
            found.append((at, "geometry_empty", ""))
        elif kind not in (*POINT, *LINE, *POLYGON):
            found.append((at, "geometry_kind", one.geom_type))
        elif not in_degrees(bounds[at]):
            found.append((at, "geometry_degrees", f"{bounds[at][2]:g}, {bounds[at][3]:g}"))
        elif kind in POLYGON and not one.is_valid:
            found.append((at, "geometry_invalid", shapely.is_valid_reason(one)))
    return found


def in_degrees(bound: npt.NDArray[np.float64]) -> bool:
    """Return whether a box may be one of longitude and latitude."""
    west, south, east, north = bound
    return bool(-180 <= west <= east <= 360 and -90 <= south <= north <= 90)


def places(geometries: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Return the points of points and whose they are, rising."""
    shapely = library("shapely", "geometry")
    return shapely.get_coordinates(geometries, return_index=True)  # type: ignore[no-any-return]


def line_parts(geometries: Any) -> Parts:
    """Return the vertices of lines."""
    shapely = library("shapely", "geometry")
    part, owner = shapely.get_parts(geometries, return_index=True)
    return _parts(shapely, part, owner)


def ring_parts(geometries: Any) -> Parts:
    """Return the vertices of the rings of polygons."""
    shapely = library("shapely", "geometry")
    polygon, whose = shapely.get_parts(shapely.orient_polygons(geometries), return_index=True)
    ring, at = shapely.get_rings(polygon, return_index=True)
    return _parts(shapely, ring, whose[at])


def outlines(geometries: Any) -> Any:
    """Return lines as they are and polygons as their rings; None for points."""
    shapely = library("shapely", "geometry")
    kinds = shapely.get_type_id(geometries)
    made = np.full(len(geometries), None, dtype=object)
    line, polygon = np.isin(kinds, LINE), np.isin(kinds, POLYGON)
    made[line], made[polygon] = geometries[line], shapely.boundary(geometries[polygon])
    return made


def _parts(shapely: Any, part: Any, owner: npt.NDArray[np.int64]) -> Parts:
    vertex, at = shapely.get_coordinates(part, return_index=True)
    first = np.searchsorted(at, np.arange(len(part) + 1)).astype(np.int64)
    return Parts(vertex, first, owner.astype(np.int64))
