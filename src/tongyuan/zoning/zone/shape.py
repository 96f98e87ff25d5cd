"""Shapes of zones and projects: read from text, and refused where they are no longitude and latitude."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.table import PLACE

ROOM = "zoning"
Shapes = npt.NDArray[Any]
CHINA = (73.0, 3.0, 136.0, 54.0)
"""Longitudes and latitudes that hold China."""
SYSTEMS = {"4490": "CGCS2000", "4326": "WGS 84"}
"""Systems that are taken: both agree to centimetres."""
SHIFTED = ("gcj-02", "gcj02", "bd-09", "bd09", "火星")
AREAL = ("Polygon", "MultiPolygon")


def geometry() -> Any:
    """Return the library of geometry.

    Raises
    ------
    FindingError
        If it is not installed.
    """
    try:
        import shapely
    except ImportError:
        raise FindingError([finding(ROOM, "geometry_missing")]) from None
    return shapely


def shape(text: str, name: str) -> tuple[Any, Finding | None]:
    """Return the shape written as `text`, and what is wrong with it (then there is no shape).

    Text is WKT, with ``SRID=4490;`` or another system before it where it is not CGCS2000.
    """
    shapely = geometry()
    head, _, rest = text.rpartition(";")
    if any(word in head.lower() for word in SHIFTED):
        return None, finding(ROOM, "shifted", name=name)
    code = re.search(r"\d+", head)
    if head and (code is None or code[0] not in SYSTEMS):
        return None, finding(ROOM, "other_system", name=name, system=head)
    try:
        made = shapely.from_wkt(rest.strip())
    except shapely.errors.GEOSException:
        return None, finding(ROOM, "no_shape", name=name, text=text[:40])
    if made.is_empty:
        return None, finding(ROOM, "empty_shape", name=name)
    return _placed(made, name)


def _placed(made: Any, name: str) -> tuple[Any, Finding | None]:
    west, south, east, north = made.bounds
    if not np.isfinite([west, south, east, north]).all():
        return None, finding(ROOM, "not_finite", name=name)
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        if CHINA[1] <= west and east <= CHINA[3] and CHINA[0] <= south and north <= CHINA[2]:
            return None, finding(ROOM, "axes_turned", name=name)
        return None, finding(ROOM, "not_degrees", name=name, x=f"{west:g}", y=f"{south:g}")
    if CHINA[0] <= west and east <= CHINA[2] and CHINA[1] <= south and north <= CHINA[3]:
        return made, None
    turned = CHINA[1] <= west and east <= CHINA[3] and CHINA[0] <= south and north <= CHINA[2]
    key = "axes_turned" if turned else "outside_china"
    return None, finding(ROOM, key, name=name, x=f"{west:g}", y=f"{south:g}")


def zone_shapes(zone: pl.DataFrame) -> tuple[pl.DataFrame, Shapes, tuple[Finding, ...]]:
    """Return the rows of table ``zone`` that have a shape, their shapes, and what is wrong with others."""
    found: list[Finding] = []
    rows, shapes = [], []
    for k, (name, text) in enumerate(zone.select("zone", "boundary").iter_rows()):
        if not text:
            continue
        made, wrong = shape(text, name)
        if wrong is None and made.geom_type not in AREAL:
            wrong = finding(ROOM, "not_an_area", name=name, kind=made.geom_type)
        if wrong is not None:
            found.append(wrong)
            continue
        rows.append(k)
        shapes.append(made)
    return zone[rows].drop(PLACE, strict=False), _array(shapes), tuple(found)


def project_shapes(project: pl.DataFrame) -> tuple[pl.DataFrame, Shapes, tuple[Finding, ...]]:
    """Return the projects that lie somewhere, their shapes (points or areas), and what is wrong.

    A site goes before a point; half a point is told.
    """
    shapely = geometry()
    found: list[Finding] = []
    rows, shapes = [], []
    columns = project.select("project", "longitude", "latitude", "boundary")
    for k, (name, x, y, text) in enumerate(columns.iter_rows()):
        if text:
            made, wrong = shape(text, name)
        elif x is not None and y is not None:
            made, wrong = _placed(shapely.Point(x, y), name)
        elif x is not None or y is not None:
            made, wrong = None, finding(ROOM, "half_a_point", name=name)
        else:
            continue
        if wrong is not None:
            found.append(wrong)
            continue
        rows.append(k)
        shapes.append(made)
    return project[rows].drop(PLACE, strict=False), _array(shapes), tuple(found)


def _array(shapes: Sequence[Any]) -> Shapes:
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def rings(made: Any) -> list[list[tuple[float, float]]]:
    """Return the lines that bound a shape, longitude and latitude [°]; of a point a line of that point."""
    shapely = geometry()
    parts = [one for part in shapely.get_parts(made) for one in _lines(part)]
    return [[(float(x), float(y)) for x, y in shapely.get_coordinates(one)] for one in parts]


def _lines(part: Any) -> list[Any]:
    return [part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part]
