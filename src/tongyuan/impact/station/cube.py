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
    pairs = {(p, u): f for p, u in _pairs(readings) if (f := _factor(p, u)) is not None}
    found: dict[tuple[int, str], list[tuple[pl.DataFrame, float]]] = {}
    parts = readings.select("station", "hour", "value", "pollutant", "unit").partition_by(
        "pollutant", "unit", as_dict=True, include_key=False
    )
    for (pollutant, unit), rows in parts.items():
        for year, part in _by_year(rows):
            factor_ = pairs[str(pollutant), str(unit)]
            found.setdefault((year, str(pollutant)), []).append((part, factor_))
    for (year, pollutant), given in sorted(found.items(), key=lambda item: item[0]):
        coded = [_codes(part["station"]) for part, _ in given]
        places = tuple(sorted({name for names, _ in coded for name in names}))
        days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
        hours = np.full((len(places), days * 24), np.nan)
        place_of = {name: n for n, name in enumerate(places)}
        for (part, factor_), (names, codes) in zip(given, coded, strict=True):
            place = np.array([place_of[name] for name in names], dtype=np.int64)[codes]
            at = (part["hour"].to_numpy() - np.datetime64(f"{year}-01-01")) // np.timedelta64(1, "h")
            hours[place, at.astype(np.int64)] = part["value"].to_numpy() * factor_
        yield Cube(pollutant, year, places, hours.reshape(len(places), days, 24))


def _by_year(rows: pl.DataFrame) -> list[tuple[int, pl.DataFrame]]:
    """Return the rows of each year; those of one year alone are not copied."""
    first, last = (getattr(rows["hour"], end)().year for end in ("min", "max"))
    if first == last:
        return [(first, rows)]
    return [(year, rows.filter(pl.col("hour").dt.year() == year)) for year in range(first, last + 1)]


def _codes(stations: pl.Series) -> tuple[list[str], npt.NDArray[np.int64]]:
    """Return the distinct stations and, for each row, which of them it is."""
    coded = stations if stations.dtype in (pl.Categorical, pl.Enum) else stations.cast(pl.Categorical)
    physical = coded.to_physical().to_numpy().astype(np.int64)
    present = np.zeros(int(physical.max()) + 1, dtype=np.bool_)
    present[physical] = True
    used = np.flatnonzero(present)
    place = np.cumsum(present) - 1
    codes = place[physical]
    first = np.zeros(len(used), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return coded.gather(first).cast(pl.String).to_list(), codes


def unreadable_units(readings: pl.DataFrame) -> list[tuple[str, str]]:
    """Return pairs of pollutant and unit that are no mass per volume, such as ppb."""
    return [(p, u) for p, u in _pairs(readings) if _factor(p, u) is None]


def _pairs(readings: pl.DataFrame) -> list[tuple[str, str]]:
    return sorted((str(p), str(u)) for p, u in readings.select("pollutant", "unit").unique().iter_rows())


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
