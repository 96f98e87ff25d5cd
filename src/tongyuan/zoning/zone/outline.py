"""Outlines of zones and places of projects, simplified for a picture."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.zone.shape import Shapes, geometry

FINE = 1e-3
"""How far a simplified rim may lie from the true one, as a share of the extent of the picture."""
DIGITS = 5
"""Decimals of a degree that are kept: about a metre."""


def outlines(zone: pl.DataFrame, shapes: Shapes, project: pl.DataFrame, sites: Shapes) -> pl.DataFrame:
    """Return table ``zone_map``: every ring of every zone, and one point of every project.

    Parameters
    ----------
    zone, project
        Rows of the shapes: ``zone, kind, class`` and ``project``.
    """
    shapely = geometry()
    if not len(shapes):
        return from_rows("zone_map", [])
    west, south, east, north = shapely.total_bounds(np.concatenate([shapes, sites]))
    simple = shapely.simplify(shapes, FINE * max(east - west, north - south), preserve_topology=True)
    rows: list[dict[str, Any]] = []
    for (name, kind, sort), one in zip(zone.select("zone", "kind", "class").iter_rows(), simple, strict=True):
        rings = shapely.get_rings(shapely.get_parts(one))
        rows += [
            {
                "name": name,
                "kind": kind,
                "ring": k,
                "class": sort,
                "outline": _text(shapely.get_coordinates(ring)),
            }
            for k, ring in enumerate(rings, 1)
        ]
    points = shapely.get_coordinates(shapely.point_on_surface(sites)) if len(sites) else []
    rows += [
        {
            "name": name,
            "kind": "project_site",
            "ring": 1,
            "class": None,
            "outline": _text(np.asarray([point])),
        }
        for name, point in zip(project["project"], points, strict=True)
    ]
    return from_rows("zone_map", rows)


def _text(points: Any) -> str:
    return ", ".join(f"{x:.{DIGITS}f} {y:.{DIGITS}f}" for x, y in points)
