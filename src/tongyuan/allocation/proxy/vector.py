"""Features of vector files: GeoPackage, GeoJSON, shapefile, whatever GDAL reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tongyuan.allocation.proxy.library import ROOM, library
from tongyuan.ledger.finding import Finding, FindingError, finding

DEGREES = ("EPSG:4326", "EPSG:4490", "OGC:CRS84")
"""Systems of longitude and latitude that are alike to a metre: WGS 84, CGCS2000."""


def read_vector(path: Path, layer: str, weight: str, region: str, told: list[Finding]) -> pl.DataFrame:
    """Return ``geometry`` (WKT), ``weight`` and ``region`` (as written) of the features of a file.

    Parameters
    ----------
    path
        The file.
    layer
        Its layer, empty where it has one.
    weight, region
        Names of fields, empty for a weight of one and for no region.
    told
        Gets what has to be said.

    Raises
    ------
    FindingError
        If the file cannot be read, has no such layer or field, or is not in longitude and latitude.
    """
    pyogrio, shapely = library("pyogrio", "vector"), library("shapely", "geometry")
    name = path.name
    try:
        layers = [str(one) for one in pyogrio.list_layers(path)[:, 0]]
        chosen = _layer(name, layer, layers)
        fields = [str(one) for one in pyogrio.read_info(path, layer=chosen)["fields"]]
        for field in (weight, region):
            if field and field not in fields:
                known = ", ".join(fields) or "–"
                raise FindingError([finding(ROOM, "file_field", path=name, field=field, names=known)])
        wanted = [field for field in dict.fromkeys((weight, region)) if field]
        meta, _, shapes, values = pyogrio.raw.read(path, layer=chosen, columns=wanted)
    except FindingError:
        raise
    except Exception as why:  # GDAL fails with errors of many kinds
        raise FindingError([finding(ROOM, "file_broken", path=name, reason=str(why)[:120])]) from None
    _degrees(name, meta["crs"], told)
    data: dict[str, Any] = dict(zip(meta["fields"], values, strict=True))
    read = shapely.from_wkb(shapes)
    here = np.array([one is not None for one in read], dtype=bool)
    texts = shapely.to_wkt(read[here], rounding_precision=-1)
    count = int(here.sum())
    heavy = np.asarray(data[weight], dtype=float)[here] if weight else np.ones(count)
    if (heavy < 0).any():
        raise FindingError([finding(ROOM, "file_negative", path=name)])
    where = [None if one is None else str(one) for one in data[region][here]] if region else [None] * count
    made = pl.DataFrame({"geometry": texts, "weight": heavy, "region": where}, schema={
        "geometry": pl.String, "weight": pl.Float64, "region": pl.String})  # fmt: skip
    return made.filter(pl.col("weight").is_not_nan())


def _layer(name: str, layer: str, layers: list[str]) -> str:
    if layer in layers:
        return layer
    if layer or len(layers) != 1:
        raise FindingError([finding(ROOM, "file_layer", path=name, layer=layer, names=", ".join(layers))])
    return layers[0]


def _degrees(name: str, system: str | None, told: list[Finding]) -> None:
    """Refuse a file that is not in longitude and latitude; say so where it does not tell."""
    if not system:
        told.append(finding(ROOM, "file_no_crs", path=name))
    elif system.upper() not in DEGREES:
        raise FindingError([finding(ROOM, "file_projected", path=name, crs=system[:60])])
