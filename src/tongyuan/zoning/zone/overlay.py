"""What a project touches: zones with area or length, and how far the red line is."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.zoning.zone.ellipsoid import Array, areas, between, lengths, plane
from tongyuan.zoning.zone.shape import Shapes, geometry

RED = ("red_line", "core_reserve")
NEARBY = 1.1
"""How much farther than the first guess the nearest red line is looked for: the plane is only near."""


def touched(project: Shapes, zone: Shapes) -> tuple[Any, Any]:
    """Return which project touches which zone, as two arrays of places.

    Parameters
    ----------
    project : array of shapely geometries, shape (n,)
    zone : array of shapely geometries, shape (m,)

    Returns
    -------
    arrays of int, shape (k,)
    """
    shapely = geometry()
    tree = shapely.STRtree(zone)
    return tuple(tree.query(project, predicate="intersects"))


def nearest(project: Shapes, zone: Shapes) -> tuple[Any, Array]:
    """Return the place of the nearest zone of every project, and its distance [m], 0 where touched."""
    shapely = geometry()
    if not len(project) or not len(zone):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    west, south, east, north = shapely.total_bounds(zone)
    x, y = (west + east) / 2, (south + north) / 2
    flat = shapely.transform(zone, lambda xy: plane(xy, x, y))
    own = shapely.transform(project, lambda xy: plane(xy, x, y))
    tree = shapely.STRtree(flat)
    guess = tree.query_nearest(own, return_distance=True, all_matches=False)[1]
    p, z = tree.query(own, predicate="dwithin", distance=guess * NEARBY + 1.0)
    middle = shapely.get_coordinates(shapely.centroid(project))
    p, z, away = _away(project, zone, p, z, middle)
    order = np.lexsort((z, away, p))
    first = np.unique(p[order], return_index=True)[1]
    return z[order][first], away[order][first]


def _away(project: Shapes, zone: Shapes, p: Any, z: Any, middle: Array) -> tuple[Any, Any, Array]:
    """Return pairs with the distance between them: nearest points on a plane at each project."""
    shapely = geometry()
    step = 1e-6
    east, north = (
        between(middle[:, 0], middle[:, 1], middle[:, 0] + dx, middle[:, 1] + dy) / step
        for dx, dy in ((step, 0.0), (0.0, step))
    )
    # shapes stretched so that a degree of each axis counts as at the project
    ratio = (east / north)[p]
    line = shapely.shortest_line(_stretched(project[p], ratio), _stretched(zone[z], ratio))
    ends = shapely.get_coordinates(line).reshape(-1, 2, 2)
    x, u = ends[:, 0, 0] / ratio, ends[:, 1, 0] / ratio
    return p, z, between(x, ends[:, 0, 1], u, ends[:, 1, 1])


def _stretched(shapes: Shapes, ratio: Array) -> Shapes:
    shapely = geometry()
    xy, of = shapely.get_coordinates(shapes, return_index=True)
    made = shapes.copy()
    return np.asarray(shapely.set_coordinates(made, np.column_stack([xy[:, 0] * ratio[of], xy[:, 1]])))


def overlay(project: pl.DataFrame, places: Shapes, zone: pl.DataFrame, shapes: Shapes) -> pl.DataFrame:
    """Return table ``zone_contact``: every zone a project touches, and the nearest red line.

    A point has neither area nor length; a line has a length; an area has both, its length being that of the
    part of its rim inside.

    Parameters
    ----------
    project, places
        Rows of table ``project`` and their shapes, in longitude and latitude of CGCS2000.
    zone, shapes
        Rows of table ``zone`` and theirs.
    """
    shapely = geometry()
    if not len(places) or not len(shapes):
        return empty("zone_contact")
    shapes = np.where(shapely.is_valid(shapes), shapes, shapely.make_valid(shapes))
    places = np.where(shapely.is_valid(places), places, shapely.make_valid(places))
    p, z = touched(places, shapes)
    dimension = shapely.get_dimensions(places)[p]
    common = shapely.intersection(places[p], shapes[z])
    inside = np.where(dimension == 2, areas(common), np.nan)
    rim = np.where(dimension == 2, shapely.boundary(places[p]), places[p])
    along = np.where(dimension >= 1, lengths(shapely.intersection(rim, shapes[z])), np.nan)
    whole = areas(places)[p]
    made = pl.DataFrame(
        {
            "p": p, "z": z, "area": inside / 1e4, "length": along / 1e3,
            "share": np.where(dimension == 2, inside / np.where(whole > 0, whole, 1.0), np.nan),
            "distance": np.zeros(len(p)),
        }
    )  # fmt: skip
    # areas that only touch along a rim have nothing in common
    kept = made.filter(pl.Series((dimension < 2) | (inside > 0)))
    red = np.flatnonzero(zone["kind"].is_in(RED).to_numpy())
    if len(red):
        near, away = nearest(places, shapes[red])
        far = pl.DataFrame({"p": np.arange(len(places)), "z": red[near], "distance": away / 1e3})
        far = far.join(kept, on=["p", "z"], how="anti")
        kept = pl.concat([kept, far], how="diagonal_relaxed")
    named = kept.sort("p", "distance", "z", maintain_order=True).with_columns(
        pl.col("area", "length", "share").fill_nan(None),
        project=project["project"].gather(kept.sort("p", "distance", "z", maintain_order=True)["p"]),
    )
    known = (
        zone.select("zone", "title", "kind", "class")
        .with_row_index("z")
        .with_columns(pl.col("z").cast(pl.Int64))
    )
    return conform(
        "zone_contact", named.join(known, on="z", how="left", maintain_order="left").drop("p", "z")
    )
