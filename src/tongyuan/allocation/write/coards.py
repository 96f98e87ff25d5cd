"""Fluxes for HEMCO (COARDS) and for anyone (CF): one file with all hours."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from tongyuan.allocation.field import Field
from tongyuan.allocation.grid import Grid
from tongyuan.allocation.proxy.library import ROOM
from tongyuan.allocation.write.file import dataset, plain_names, totals
from tongyuan.ledger.finding import Bilingual, FindingError, finding

GRAMS = 1000.0
HOUR = 3600.0


def write_hemco(field: Field, folder: Path, begin: datetime, hours: int) -> list[Path]:
    """Write a field for HEMCO and return the file, ``hemco.<grid>.nc``.

    Masses over the area of the cells on the sphere, in ``kg/m2/s`` spelled so, since HEMCO regrids
    intensities and converts what is spelled otherwise. Times are UTC.

    Parameters
    ----------
    field
        Counted in grams, on a grid of longitude and latitude.
    folder
        Where the file goes.
    begin
        First hour, UTC.
    hours
        How many.

    Raises
    ------
    FindingError
        If the grid is not of longitude and latitude, a name cannot be written or the file not be made.
    """
    if not field.grid.geographic:
        words: dict[str, Any] = {"format": "HEMCO", "kind": Bilingual("经纬度", "longitude and latitude")}
        raise FindingError([finding(ROOM, "format_grid", grid=field.grid.name, **words)])
    return [_write(field, folder / f"hemco.{field.grid.name}.nc", begin, hours, "kg/m2/s", "COARDS")]


def write_cf(field: Field, folder: Path, begin: datetime, hours: int) -> list[Path]:
    """Write a field by the CF conventions and return the file, ``emission.<grid>.nc``.

    As :func:`write_hemco`, on any grid, in ``kg m-2 s-1`` and with the areas of the cells.
    """
    return [_write(field, folder / f"emission.{field.grid.name}.nc", begin, hours, "kg m-2 s-1", "CF-1.8")]


def _write(field: Field, path: Path, begin: datetime, hours: int, unit: str, convention: str) -> Path:
    names = plain_names(field, convention, 60)
    scale = (1 / (GRAMS * HOUR * field.grid.area())).astype(np.float32)
    fluxes = replace(field, base=field.base * scale.ravel())
    with dataset(path, "NETCDF4") as file:
        _axes(file, field, begin, hours, convention)
        dims = ("time", *(("lev",) if field.layers else ()), *_plane(field.grid))
        chunk = (1, *((field.depth,) if field.layers else ()), field.grid.rows, field.grid.columns)
        for name, one in zip(names, field.species, strict=True):
            made = file.createVariable(name, "f4", dims, chunksizes=chunk, fill_value=False)
            made.setncatts({"units": unit, "long_name": f"emission of {one.name}", **totals(one)})
            if not field.grid.geographic:
                made.setncatts({"grid_mapping": "crs", "coordinates": "lat lon"})
        for first, block in fluxes.blocks(begin, hours):
            for k, name in enumerate(names):
                flux = block[:, :, k]
                file[name][first : first + len(block)] = flux if field.layers else flux[:, 0]
    return path


def _plane(grid: Grid) -> tuple[str, str]:
    return ("lat", "lon") if grid.geographic else ("y", "x")


def _axes(file: Any, field: Field, begin: datetime, hours: int, convention: str) -> None:
    grid = field.grid
    file.setncatts({"Conventions": convention, "title": "emissions allocated by tongyuan"})
    file.createDimension("time", None)
    down, across = _plane(grid)
    file.createDimension(down, grid.rows)
    file.createDimension(across, grid.columns)
    time = file.createVariable("time", "f8", ("time",))
    time.setncatts({"units": f"hours since {begin:%Y-%m-%d %H:%M:%S}", "calendar": "standard"})
    time.setncatts({"standard_name": "time", "long_name": "time (UTC)", "axis": "T"})
    time[:] = np.arange(hours, dtype=float)
    if field.layers:
        file.createDimension("lev", field.depth)
        level = file.createVariable("lev", "f8", ("lev",))
        level.setncatts({"units": "m", "long_name": "top of the layer above ground", "positive": "up"})
        level.setncatts({"axis": "Z"})
        level[:] = np.array(field.layers)
    if grid.geographic:
        _axis(file, "lon", grid.x_centres, "degrees_east", "longitude", "X")
        _axis(file, "lat", grid.y_centres, "degrees_north", "latitude", "Y")
    else:
        _axis(file, "x", grid.x_centres, "m", "projection_x_coordinate", "X")
        _axis(file, "y", grid.y_centres, "m", "projection_y_coordinate", "Y")
        _cone(file, grid)
    if convention != "COARDS":
        area = file.createVariable("cell_area", "f8", (down, across))
        area.setncatts({"units": "m2", "standard_name": "cell_area"})
        area[:] = grid.area()


def _axis(file: Any, name: str, values: Any, unit: str, standard: str, axis: str) -> None:
    made = file.createVariable(name, "f8", (name,))
    made.setncatts({"units": unit, "standard_name": standard, "long_name": standard, "axis": axis})
    made[:] = values


def _cone(file: Any, grid: Grid) -> None:
    """Write the projection and the middles of the cells in longitude and latitude."""
    longitude, latitude = grid.centres()
    for name, values, unit in (("lon", longitude, "degrees_east"), ("lat", latitude, "degrees_north")):
        made = file.createVariable(name, "f8", ("y", "x"))
        made.setncatts({"units": unit, "standard_name": "longitude" if name == "lon" else "latitude"})
        made[:] = values
    crs = file.createVariable("crs", "i4", ())
    crs.setncatts(
        {
            "grid_mapping_name": "lambert_conformal_conic",
            "standard_parallel": np.array([grid.latitude_1, grid.latitude_2]),
            "longitude_of_central_meridian": grid.longitude_0,
            "latitude_of_projection_origin": grid.latitude_0,
            "false_easting": 0.0,
            "false_northing": 0.0,
            "earth_radius": grid.radius,
        }
    )
