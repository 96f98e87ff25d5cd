"""Layers of a zoning as they are published: GeoPackage, GeoJSON and shapefile, read and written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.table import from_rows
from tongyuan.reference.shelf import shelf
from tongyuan.zoning.access.place import CLASSES, unit_code
from tongyuan.zoning.zone.shape import SYSTEMS, Shapes, geometry

ROOM = "zoning"
DRIVERS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".shp": "ESRI Shapefile"}
_WORDS = {"优先": "priority", "重点": "key_unit", "一般": "general_unit"}


def _library() -> Any:
    try:
        import pyogrio
    except ImportError:
        raise FindingError([finding(ROOM, "geometry_missing")]) from None
    return pyogrio


def read_layer(path: Path, kind: str = "unit") -> pl.DataFrame:
    """Return table ``zone`` of a file of polygons, its fields under official names or the table's.

    Parameters
    ----------
    kind
        Layer of the zones: ``unit``, ``red_line`` …

    Raises
    ------
    FindingError
        If the file is none, its system is not CGCS2000 (or WGS 84), or no field holds the code of a zone.
    """
    pyogrio = _library()
    try:
        meta, _, shapes, values = pyogrio.raw.read(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError):
        raise FindingError([finding(ROOM, "layer_unreadable", path=path)]) from None
    system = str(meta["crs"] or "")
    if not system:
        raise FindingError([finding(ROOM, "layer_without_system", path=path)])
    if system.rpartition(":")[2] not in {*SYSTEMS, "CRS84"}:
        raise FindingError([finding(ROOM, "other_system", name=path.name, system=system[:40])])
    known = {r["id"]: r["column"] for r in shelf("zone_field").iter_rows(named=True) if r["column"]}
    columns: dict[str, Any] = {}
    for field, column in zip(meta["fields"], values, strict=True):
        columns.setdefault(known.get(str(field).upper(), str(field).lower()), column)
    if "zone" not in columns:
        fields = "、".join(str(f) for f in meta["fields"])
        raise FindingError([finding(ROOM, "layer_without_code", path=path, fields=fields or "–")])
    texts = geometry().to_wkt(geometry().from_wkb(shapes), rounding_precision=9)
    rows = []
    for k, text in enumerate(texts):
        held = {c: columns[c][k] for c in ("zone", "title", "county", "class") if c in columns}
        rows.append(
            {
                "zone": str(held["zone"]),
                "title": _text(held.get("title")),
                "county": _text(held.get("county")),
                "kind": kind,
                "class": _class(_text(held.get("class")), str(held["zone"])) if kind == "unit" else None,
                "boundary": text,
                "source": path.name,
            }
        )
    return from_rows("zone", rows)


def _text(value: Any) -> str | None:
    return None if value is None or value != value or str(value).strip() == "" else str(value).strip()


def _class(text: str | None, code: str) -> str | None:
    """Return the class of a unit: a digit, a word, or what its code says."""
    if text is not None and text in CLASSES:
        return CLASSES[text]
    for word, made in _WORDS.items():
        if text and text.startswith(word):
            return made
    try:
        return unit_code(code).kind
    except ValueError:
        return None


def write_layer(zone: pl.DataFrame, shapes: Shapes, path: Path) -> None:
    """Write zones with their shapes as a layer of CGCS2000; the end of the name says the format.

    Raises
    ------
    FindingError
        If the format is none of GeoPackage, GeoJSON and shapefile.
    """
    driver = DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise FindingError([finding(ROOM, "layer_format", path=path)])
    names = ["zone", "title", "kind", "class", "county"]
    columns = [np.asarray(zone[name].to_list(), dtype=object) for name in names]
    shapely = geometry()
    multi = np.asarray(
        [shapely.MultiPolygon([s]) if s.geom_type == "Polygon" else s for s in shapes], dtype=object
    )
    _library().raw.write(
        path,
        shapely.to_wkb(multi),
        columns,
        names,
        geometry_type="MultiPolygon",
        crs="EPSG:4490",
        driver=driver,
    )
