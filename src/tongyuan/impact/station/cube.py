"""Hours of stations as arrays: one cube of places × days × 24 for each pollutant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.reference.units import UnitError, factor

Array = npt.NDArray[np.float64]

POLLUTANTS = ("SO2", "NO2", "CO", "O3", "PM10", "PM2.5")
UNIT = {name: "mg/m3" if name == "CO" else "µg/m3" for name in POLLUTANTS}
"""Unit each pollutant is told in."""


@dataclass(frozen=True)
class Cube:
    """Hours of one pollutant in one year.

    Attributes
    ----------
    pollutant, year
    places : names of stations, in the order of the first axis.
    hours : array, shape (places, days, 24) [unit of the pollutant], NaN where missing.
    """

    pollutant: str
    year: int
    places: tuple[str, ...]
    hours: Array

    @property
    def month(self) -> npt.NDArray[np.int64]:
        """Month of each day, shape (days,)."""
        first = date(self.year, 1, 1)
        days = [(first + timedelta(days=n)).month for n in range(self.hours.shape[1])]
        return np.asarray(days, dtype=np.int64)


def cubes(readings: pl.DataFrame) -> Iterator[Cube]:
    """Yield the cube of every year and pollutant that stations read, from the first year on.

    Parameters
    ----------
    readings
        Table ``station_reading`` whose units all convert (:func:`unreadable_units` is empty).
    """
    rows = readings.select(
        "station",
        "pollutant",
        pl.col("value") * pl.concat_str("pollutant", pl.lit("|"), "unit").replace_strict(_factors(readings)),
        pl.col("hour").dt.year().alias("year"),
        (pl.col("hour").dt.ordinal_day() - 1).alias("day"),
        pl.col("hour").dt.hour().alias("of_day"),
    )
    for (year, pollutant), part in sorted(rows.partition_by("year", "pollutant", as_dict=True).items()):
        places = tuple(sorted(part["station"].unique()))
        index = part["station"].cast(pl.Enum(places)).to_physical().to_numpy()
        days = (date(int(str(year)) + 1, 1, 1) - date(int(str(year)), 1, 1)).days
        hours = np.full((len(places), days, 24), np.nan)
        hours[index, part["day"].to_numpy(), part["of_day"].to_numpy()] = part["value"].to_numpy()
        yield Cube(str(pollutant), int(str(year)), places, hours)


def unreadable_units(readings: pl.DataFrame) -> list[tuple[str, str]]:
    """Return pairs of pollutant and unit that are no mass per volume, such as ppb."""
    return [(p, u) for p, u in _pairs(readings) if _factor(p, u) is None]


def _pairs(readings: pl.DataFrame) -> list[tuple[str, str]]:
    return sorted(readings.select("pollutant", "unit").unique().iter_rows())


def _factors(readings: pl.DataFrame) -> dict[str, float]:
    return {f"{p}|{u}": f for p, u in _pairs(readings) if (f := _factor(p, u)) is not None}


def _factor(pollutant: str, unit: str) -> float | None:
    try:
        return factor(unit, UNIT[pollutant])
    except UnitError:
        return None


def of_regions(cube: Cube, region_of: dict[str, str]) -> Cube:
    """Return the cube of regions: each hour the mean of the stations that were there.

    Parameters
    ----------
    cube
        Of stations.
    region_of
        Region of each station that is assessed; others do not count.

    References
    ----------
    HJ 663-2013: the value of a city is the mean over its stations first, statistics come after.
    """
    regions = tuple(sorted({region_of[p] for p in cube.places if p in region_of}))
    hours = np.full((len(regions), *cube.hours.shape[1:]), np.nan)
    for place, region in enumerate(regions):
        part = cube.hours[[n for n, p in enumerate(cube.places) if region_of.get(p) == region]]
        there = np.isfinite(part)
        count = there.sum(axis=0)
        total = np.where(there, part, 0.0).sum(axis=0)
        hours[place] = np.where(count > 0, total / np.maximum(count, 1), np.nan)
    return Cube(cube.pollutant, cube.year, regions, hours)
