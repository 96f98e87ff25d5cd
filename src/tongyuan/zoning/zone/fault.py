"""Faults of the layers themselves: overlaps, gaps, slivers, rings that cross themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.zone.ellipsoid import Array, areas, lengths
from tongyuan.zoning.zone.shape import Shapes, geometry

LEAST = 1.0
"""Area below which an overlap or gap is rounding [m2]."""
THIN = 0.02
"""``4πA/P²`` below which a zone is a sliver: a strip some two hundred times as long as wide."""


class Shared(NamedTuple):
    """Pairs of zones that overlap: their places and the area they share."""

    one: Any
    other: Any
    area: Array
    shapes: Shapes


def overlaps(shapes: Shapes, least: float = LEAST, measure: Callable[[Shapes], Array] = areas) -> Shared:
    """Return which pairs of areas share more than `least` [m2].

    Parameters
    ----------
    shapes : array of shapely geometries, shape (n,)
        Valid areas.
    measure
        Area of shapes; that of the ellipsoid by default.
    """
    shapely = geometry()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    first = one < other
    one, other = one[first], other[first]
    common = shapely.intersection(shapes[one], shapes[other])
    area = measure(common)
    kept = area > least
    return Shared(one[kept], other[kept], area[kept], common[kept])


def gaps(
    shapes: Shapes, least: float = LEAST, measure: Callable[[Shapes], Array] = areas
) -> tuple[Shapes, Array]:
    """Return the holes of the union of areas, larger than `least`, and their areas [m2]."""
    shapely = geometry()
    whole = shapely.union_all(shapes)
    rings, owner = shapely.get_rings(shapely.get_parts(whole), return_index=True)
    inner = np.r_[False, owner[1:] == owner[:-1]] if len(owner) else np.zeros(0, dtype=bool)
    holes = shapely.polygons(rings[inner]) if inner.any() else np.empty(0, dtype=object)
    area = measure(holes) if len(holes) else np.zeros(0)
    return holes[area > least], area[area > least]


def faults(zone: pl.DataFrame, shapes: Shapes) -> pl.DataFrame:
    """Return table ``zone_fault`` of a zoning: each layer is looked at by itself.

    Gaps are told of the layer of units, which is to cover its area; other layers have gaps by nature.
    """
    shapely = geometry()
    lines: list[dict[str, Any]] = []
    sound = shapely.is_valid(shapes)
    for k in np.flatnonzero(~sound):
        lines.append(_line("self_crossing", zone["zone"][int(k)], None, None, shapes[k]))
    mended = np.where(sound, shapes, shapely.make_valid(shapes))
    for kind in zone["kind"].unique(maintain_order=True):
        held = np.flatnonzero((zone["kind"] == kind).to_numpy())
        own = mended[held]
        names = [zone["zone"][int(k)] for k in held]
        found = overlaps(own)
        for a, b, area, common in zip(*found, strict=True):
            lines.append(_line("overlap", names[a], names[b], float(area), common))
        lines += [_line("sliver", names[k], None, float(a), own[k]) for k, a in _slivers(own)]
        if kind == "unit":
            lines += [_line("gap", None, None, float(a), g) for g, a in zip(*gaps(own), strict=True)]
    return from_rows("zone_fault", lines)


def _slivers(shapes: Shapes) -> list[tuple[int, float]]:
    shapely = geometry()
    area, rim = areas(shapes), lengths(shapely.boundary(shapes))
    thin = 4 * np.pi * area < THIN * rim**2
    return [(int(k), float(area[k])) for k in np.flatnonzero(thin & (area > 0))]


def _line(fault: str, zone: str | None, other: str | None, area: float | None, at: Any) -> dict[str, Any]:
    point = geometry().point_on_surface(at) if at.geom_type != "GeometryCollection" else at.centroid
    return {
        "fault": fault,
        "zone": zone,
        "other": other,
        "area": area,
        "longitude": point.x,
        "latitude": point.y,
    }
