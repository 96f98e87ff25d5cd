"""Emissions for WRF-Chem: a file ``wrfchemi`` for each day with its 24 hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tongyuan.allocation.field import Field
from tongyuan.allocation.proxy.library import ROOM
from tongyuan.allocation.write.file import dataset, plain_names, totals
from tongyuan.ledger.finding import Bilingual, FindingError, finding

HOURS = 24
MICROGRAMS = 1e6
"""Micrograms of a gram."""


def write_wrfchemi(field: Field, folder: Path, begin: datetime, days: int) -> list[Path]:
    """Write the days of a field and return the files, ``wrfchemi_<grid>_<YYYY-MM-DD>_00:00:00``.

    Gases are in mol km⁻² h⁻¹, particles in µg m⁻² s⁻¹, both by the area of a cell in the plane. Times are
    UTC. They are read with ``io_style_emissions = 2`` and a frame an hour.

    Parameters
    ----------
    field
        Gases in moles, on a Lambert grid.
    folder
        Where the files go.
    begin
        First hour of the first day, UTC.
    days
        How many.

    Raises
    ------
    FindingError
        If the grid is of longitude and latitude, a name cannot be written or a file not be made.
    """
    grid = field.grid
    if grid.geographic:
        words: dict[str, Any] = {"format": "WRF-Chem", "kind": Bilingual("兰勃特投影", "Lambert")}
        raise FindingError([finding(ROOM, "format_grid", grid=grid.name, **words)])
    names = [f"E_{name}" for name in plain_names(field, "WRF-Chem", 32)]
    area = grid.x_step * grid.y_step
    made = []
    for day in range(days):
        start = begin + timedelta(days=day)
        path = folder / f"wrfchemi_{grid.name}_{start:%Y-%m-%d_%H:%M:%S}"
        with dataset(path, "NETCDF3_64BIT_OFFSET") as file:
            _head(file, field, names, start)
            for first, block in field.blocks(start, HOURS):
                for k, (name, one) in enumerate(zip(names, field.species, strict=True)):
                    scale = 1e6 / area if one.unit == "mol" else MICROGRAMS / 3600 / area
                    file[name][first : first + len(block)] = block[:, :, k] * np.float32(scale)
        made.append(path)
    return made


def _head(file: Any, field: Field, names: list[str], start: datetime) -> None:
    grid = field.grid
    sizes = {"Time": None, "emissions_zdim": field.depth, "south_north": grid.rows,
             "west_east": grid.columns, "DateStrLen": 19}  # fmt: skip
    for name, size in sizes.items():
        file.createDimension(name, size)
    middle = grid.unproject(np.array([grid.x_edges.mean()]), np.array([grid.y_edges.mean()]))  # of the domain
    file.setncatts(
        {
            "TITLE": "emissions allocated by tongyuan",
            "START_DATE": f"{start:%Y-%m-%d_%H:%M:%S}",
            "WEST-EAST_GRID_DIMENSION": np.int32(grid.columns + 1),
            "SOUTH-NORTH_GRID_DIMENSION": np.int32(grid.rows + 1),
            "DX": np.float32(grid.x_step),
            "DY": np.float32(grid.y_step),
            "MAP_PROJ": np.int32(1),
            "TRUELAT1": np.float32(grid.latitude_1),
            "TRUELAT2": np.float32(grid.latitude_2),
            "STAND_LON": np.float32(grid.longitude_0),
            "MOAD_CEN_LAT": np.float32(grid.latitude_0),
            "CEN_LON": np.float32(middle[0][0]),
            "CEN_LAT": np.float32(middle[1][0]),
        }
    )
    times = file.createVariable("Times", "S1", ("Time", "DateStrLen"))
    for hour in range(HOURS):
        times[hour] = np.array(list(f"{start + timedelta(hours=hour):%Y-%m-%d_%H:%M:%S}"), dtype="S1")
    for name, one in zip(names, field.species, strict=True):
        made = file.createVariable(name, "f4", ("Time", "emissions_zdim", "south_north", "west_east"))
        unit = "mol km^-2 hr^-1" if one.unit == "mol" else "ug/m3 m/s"
        made.setncatts({"FieldType": np.int32(104), "MemoryOrder": "XYZ", "description": one.name})
        made.setncatts({"units": unit, "stagger": "", **totals(one)})
