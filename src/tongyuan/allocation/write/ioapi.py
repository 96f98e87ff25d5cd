"""Emissions for CMAQ: a file of IOAPI for each day, 25 hours, the last one that of the next day."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from tongyuan.allocation.field import Field
from tongyuan.allocation.grid import Grid
from tongyuan.allocation.write.file import dataset, plain_names, totals
from tongyuan.ledger.run_set import moment

STEPS = 25
HOUR = 3600.0
SURFACE, ABOVE_GROUND = -9999, 6
"""Kinds of vertical coordinate: none, height above the ground."""


def write_ioapi(field: Field, folder: Path, begin: datetime, days: int) -> list[Path]:
    """Write the days of a field and return the files, ``emis.<grid>.<YYYYDDD>.nc``.

    Gases are in mol/s, particles in g/s. Times are UTC.

    Parameters
    ----------
    field
        Gases in moles.
    folder
        Where the files go.
    begin
        First hour of the first day, UTC.
    days
        How many.

    Raises
    ------
    FindingError
        If a name cannot be written or a file not be made.

    References
    ----------
    I/O API 3 conventions: dimensions, ``TFLAG``, global attributes in their order.
    """
    names = plain_names(field, "IOAPI", 16)
    made = []
    for day in range(days):
        start = begin + timedelta(days=day)
        path = folder / f"emis.{field.grid.name}.{start:%Y%j}.nc"
        with dataset(path, "NETCDF3_64BIT_OFFSET") as file:
            _head(file, field, names, start)
            for first, block in field.blocks(start, STEPS):
                for k, name in enumerate(names):
                    file[name][first : first + len(block)] = block[:, :, k] / np.float32(HOUR)
        made.append(path)
    return made


def _head(file: Any, field: Field, names: list[str], start: datetime) -> None:
    grid = field.grid
    file.createDimension("TSTEP", None)
    for name, size in (("DATE-TIME", 2), ("LAY", field.depth), ("VAR", len(names)), ("ROW", grid.rows),
                       ("COL", grid.columns)):  # fmt: skip
        file.createDimension(name, size)
    file.setncatts(_attributes(field, names, start))
    flag = file.createVariable("TFLAG", "i4", ("TSTEP", "VAR", "DATE-TIME"))
    flag.setncatts({"units": "<YYYYDDD,HHMMSS>", "long_name": f"{'TFLAG':16}"})
    flag.var_desc = f"{'Timestep-valid flags:  (1) YYYYDDD or (2) HHMMSS':80}"
    for name, one in zip(names, field.species, strict=True):
        made = file.createVariable(name, "f4", ("TSTEP", "LAY", "ROW", "COL"))
        unit = "moles/s" if one.unit == "mol" else "g/s"
        made.setncatts({"long_name": f"{name:16}", "units": f"{unit:16}", "var_desc": f"{one.name:80}"})
        made.setncatts(totals(one))
    hours = [start + timedelta(hours=n) for n in range(STEPS)]
    stamps = np.array([(int(f"{h:%Y%j}"), int(f"{h:%H%M%S}")) for h in hours], dtype=np.int32)
    flag[:] = np.repeat(stamps[:, None, :], len(names), axis=1)


def _attributes(field: Field, names: list[str], start: datetime) -> dict[str, Any]:
    """Return the global attributes in the order of IOAPI."""
    grid, now = field.grid, moment()
    date, time = np.int32(f"{now:%Y%j}"), np.int32(f"{now:%H%M%S}")
    levels = [0.0, *field.layers] if field.layers else [0.0, 0.0]
    return {
        "IOAPI_VERSION": f"{'tongyuan, conventions of I/O API 3':80}",
        "EXEC_ID": f"{'tongyuan':80}",
        "FTYPE": np.int32(1),
        "CDATE": date, "CTIME": time, "WDATE": date, "WTIME": time,
        "SDATE": np.int32(f"{start:%Y%j}"), "STIME": np.int32(f"{start:%H%M%S}"), "TSTEP": np.int32(10000),
        "NTHIK": np.int32(1), "NCOLS": np.int32(grid.columns), "NROWS": np.int32(grid.rows),
        "NLAYS": np.int32(field.depth), "NVARS": np.int32(len(names)),
        **_projection(grid),
        "XORIG": grid.x_origin, "YORIG": grid.y_origin, "XCELL": grid.x_step, "YCELL": grid.y_step,
        "VGTYP": np.int32(ABOVE_GROUND if field.layers else SURFACE),
        "VGTOP": np.float32(0.0), "VGLVLS": np.array(levels, dtype=np.float32),
        "GDNAM": f"{grid.name:16.16}", "UPNAM": f"{'tongyuan':16}",
        "FILEDESC": f"{'emissions allocated by tongyuan':80}", "HISTORY": f"{'':80}",
        "VAR-LIST": "".join(f"{name:16}" for name in names),
    }  # fmt: skip


def _projection(grid: Grid) -> dict[str, Any]:
    if grid.geographic:
        kind, values = 1, (0.0, 0.0, 0.0, 0.0, 0.0)
    else:
        one, two = sorted((grid.latitude_1, grid.latitude_2))
        kind, values = 2, (one, two, grid.longitude_0, grid.longitude_0, grid.latitude_0)
    keys = ("P_ALP", "P_BET", "P_GAM", "XCENT", "YCENT")
    return {"GDTYP": np.int32(kind), **dict(zip(keys, map(float, values), strict=True))}
