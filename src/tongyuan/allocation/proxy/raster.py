"""Cells of raster files as boxes of longitude and latitude: GeoTIFF and netCDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.allocation.proxy.library import ROOM, library
from tongyuan.ledger.finding import Finding, FindingError, finding

Array = npt.NDArray[np.float64]
CODES = (4326, 4490)
ACROSS, ALONG = ("lon", "longitude", "x"), ("lat", "latitude", "y")


def read_geotiff(path: Path, band: str, density: bool, told: list[Finding]) -> pl.DataFrame:
    """Return ``longitude, latitude, width, height, weight`` of the cells of a GeoTIFF that weigh something.

    Parameters
    ----------
    path
        The file.
    band
        Number of its band, empty for the first where it has one.
    density
        Whether values are per area and are multiplied by it.
    told
        Gets what has to be said.

    Raises
    ------
    FindingError
        If the file cannot be read, has no such band, is not on longitude and latitude, or has negative
        values.
    """
    rasterio = library("rasterio", "raster")
    try:
        with rasterio.open(path) as source:
            bands = [str(n) for n in source.indexes]
            if band not in bands and (band or len(bands) != 1):
                words = {"path": path.name, "layer": band, "names": ", ".join(bands)}
                raise FindingError([_told("file_layer", words)])
            system, form = source.crs, source.transform
            values = source.read(int(band or 1), masked=True).astype(float).filled(np.nan)
    except rasterio.errors.RasterioError as why:
        words = {"path": path.name, "reason": str(why)[:120]}
        raise FindingError([_told("file_broken", words)]) from None
    if system is None:
        told.append(finding(ROOM, "file_no_crs", path=path.name))
    elif system.to_epsg() not in CODES:
        raise FindingError([_told("file_projected", {"path": path.name, "crs": str(system)[:60]})])
    if form.b or form.d:
        raise FindingError([_told("file_grid", {"path": path.name, "layer": band or "1"})])
    rows, columns = values.shape
    x = form.c + form.a * (np.arange(columns) + 0.5)
    y = form.f + form.e * (np.arange(rows) + 0.5)
    return _boxes(path.name, x, y, abs(form.a), abs(form.e), values, density)


def read_netcdf(path: Path, variable: str, density: bool) -> pl.DataFrame:
    """Return the cells of a variable of netCDF, as :func:`read_geotiff` does.

    Parameters
    ----------
    path, density
        As in :func:`read_geotiff`.
    variable
        Name, empty where one variable alone lies on longitude and latitude.

    Raises
    ------
    FindingError
        As in :func:`read_geotiff`; if longitudes and latitudes are not regular.
    """
    netcdf = library("netCDF4", "netcdf")
    try:
        with netcdf.Dataset(path) as source:
            plane = [n for n, v in source.variables.items() if _plane(v) and n not in source.dimensions]
            if variable not in source.variables and (variable or len(plane) != 1):
                words = {"path": path.name, "layer": variable, "names": ", ".join(plane) or "–"}
                raise FindingError([_told("file_layer", words)])
            chosen = source.variables[variable or plane[0]]
            dims = chosen.dimensions
            if not _plane(chosen) or not set(dims[-2:]) <= set(source.variables):
                raise FindingError([_told("file_grid", {"path": path.name, "layer": variable})])
            values = np.ma.filled(chosen[:].astype(float), np.nan).reshape(chosen.shape[-2:])
            y, x = (np.ma.filled(source.variables[d][:].astype(float), np.nan) for d in dims[-2:])
    except OSError as why:
        words = {"path": path.name, "reason": str(why)[:120]}
        raise FindingError([_told("file_broken", words)]) from None
    steps = [np.diff(axis) for axis in (x, y)]
    if any(not s.size or not np.allclose(s, s.mean(), rtol=1e-4, atol=0) for s in steps):
        raise FindingError([_told("file_grid", {"path": path.name, "layer": variable or plane[0]})])
    wide, high = (abs(float(s.mean())) for s in steps)
    return _boxes(path.name, x, y, wide, high, values, density)


def _plane(variable: Any) -> bool:
    """Return whether a variable lies on latitude and longitude, any axes before them of one place."""
    dims, shape = variable.dimensions, variable.shape
    if len(dims) < 2 or any(size != 1 for size in shape[:-2]):
        return False
    return dims[-2].lower() in ALONG and dims[-1].lower() in ACROSS


def _told(check: str, words: dict[str, Any]) -> Finding:
    return finding(ROOM, check, **words)


def _boxes(
    name: str, x: Array, y: Array, wide: float, high: float, values: Array, density: bool
) -> pl.DataFrame:
    if (values < 0).any():
        raise FindingError([finding(ROOM, "file_negative", path=name)])
    if density:
        up, down = np.radians(y + high / 2), np.radians(y - high / 2)
        values = values * (np.sin(up) - np.sin(down))[:, None]
    row, column = np.nonzero(np.nan_to_num(values))
    return pl.DataFrame(
        {
            "longitude": x[column],
            "latitude": y[row],
            "width": np.full(row.size, wide),
            "height": np.full(row.size, high),
            "weight": values[row, column],
        }
    )
