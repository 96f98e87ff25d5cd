"""Files of proxies in a workspace, as rows of table ``proxy``."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import polars as pl

from tongyuan.allocation.proxy.raster import read_geotiff, read_netcdf
from tongyuan.allocation.proxy.vector import read_vector
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.table import PLACE, conform
from tongyuan.reference import region as regions

ROOM = "allocation"
VECTOR, RASTER, NETCDF = (".gpkg", ".geojson", ".json", ".shp"), (".tif", ".tiff"), (".nc", ".nc4")


def proxy_files(folder: Path, table: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding], list[Path]]:
    """Return the features of the files of table ``proxy_file``, what was found, and the files.

    Parameters
    ----------
    folder
        The workspace.
    table
        Table ``proxy_file``.

    Raises
    ------
    FindingError
        If a file is missing, lies elsewhere, or cannot be read.
    """
    told: list[Finding] = []
    parts: list[pl.DataFrame] = []
    used: list[Path] = []
    for row in table.iter_rows(named=True):
        path = _path(folder, row["file"])
        read = _read(path, row, told)
        place = pl.format(f"{row['file']}||{{}}", pl.int_range(1, pl.len() + 1))
        stamp = {"proxy": pl.lit(row["proxy"]), "source": pl.lit(row["source"]), PLACE: place}
        parts.append(conform("proxy", read.with_columns(**stamp)))
        used.append(path)
    return pl.concat(parts), told, list(dict.fromkeys(used))


def _path(folder: Path, name: str) -> Path:
    pure = PurePosixPath(name.replace("\\", "/"))
    path = folder / pure
    if pure.is_absolute() or ".." in pure.parts or not path.resolve().is_relative_to(folder.resolve()):
        raise FindingError([finding(ROOM, "file_outside", path=name)])
    if not path.is_file():
        raise FindingError([finding(ROOM, "file_absent", path=name)])
    if path.suffix.lower() not in (*VECTOR, *RASTER, *NETCDF):
        raise FindingError([finding(ROOM, "file_kind", path=name)])
    return path


def _read(path: Path, row: dict[str, object], told: list[Finding]) -> pl.DataFrame:
    layer, weight, region = (str(row[key] or "") for key in ("layer", "weight", "region"))
    dense = bool(row["density"])
    if path.suffix.lower() in RASTER:
        return read_geotiff(path, layer, dense, told)
    if path.suffix.lower() in NETCDF:
        return read_netcdf(path, layer, dense)
    read = read_vector(path, layer, weight, region, told)
    codes = {}
    for name in read["region"].drop_nulls().unique(maintain_order=True):
        found = regions.find(name)
        require([] if found else [finding(ROOM, "file_region", path=path.name, name=name)])
        codes[name] = found.region if found else name
    return read.with_columns(pl.col("region").replace(codes))
