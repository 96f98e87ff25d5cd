"""Hours of stations as arrays: one cube of places × days × 24 for each pollutant."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.reference.units import UnitError, factor

Array = npt.NDArray[np.float64]

POLLUTANTS = ("SO2", "NO2", "CO", "O3", "PM10", "PM2.5")
UNIT = {name: "mg/m3" if name == "CO" else "µg/m3" for name in POLLUTANTS}
"""Unit each pollutant is told in."""

CHUNK = 1 << 21
"""Rows that are put into their cubes at a time."""


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
    if readings.is_empty():
        return
    first, last = (getattr(readings["hour"], end)().year for end in ("min", "max"))
    for year in range(first, last + 1):
        rows = readings
        if first != last:
            rows = readings.filter(pl.col("hour").dt.year() == year)
        yield from _of_year(rows, year)


def _of_year(rows: pl.DataFrame, year: int) -> Iterator[Cube]:
    """Yield the cubes of one year: every row is put where its station, pollutant and hour say."""
    if rows.is_empty():
        return
    from tongyuan.impact.station.kernel import put

    stations, pollutants, units = (_Coded.of(rows[name]) for name in ("station", "pollutant", "unit"))
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    shape = (len(pollutants.names), len(stations.names), days * 24)
    hours = np.full(shape, np.nan)
    present = np.zeros(shape[:2], dtype=np.bool_)
    factors = np.array([[_factor(p, u) or np.nan for u in units.names] for p in pollutants.names])
    places = (stations.place, pollutants.place, units.place)
    start = (date(year, 1, 1) - date(1970, 1, 1)).days * 24

    def fill(begin: int) -> None:
        part = rows.slice(begin, CHUNK)
        hour, per = _counted(part["hour"])
        value = _still(part["value"].cast(pl.Float64))
        put(
            stations.codes(part["station"]), pollutants.codes(part["pollutant"]), units.codes(part["unit"]),
            places, factors, hour, per, start, value, hours, present,
        )  # fmt: skip

    # a station, pollutant and hour stand in one row, so it does not matter which part comes first
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, rows.height, CHUNK)))
    for at, pollutant in sorted(enumerate(pollutants.names), key=lambda pair: pair[1]):
        there = present[at]
        if not there.any():
            continue
        names = tuple(n for n, here in zip(stations.names, there, strict=True) if here)
        kept = hours[at] if there.all() else hours[at][there]
        yield Cube(pollutant, year, names, kept.reshape(len(names), days, 24))


def _counted(times: pl.Series) -> tuple[npt.NDArray[np.int64], int]:
    """Return times as numbers since 1970 began, and how many of these make an hour."""
    unit = times.dtype.time_unit if isinstance(times.dtype, pl.Datetime) else None
    counted = times if unit else times.cast(pl.Datetime("us"))
    return _still(counted.to_physical()), 3_600 * {"ms": 1_000, "us": 10**6, "ns": 10**9}[unit or "us"]


class _Coded(NamedTuple):
    """Names of a column in order, and for each code of the column the place of its name."""

    names: tuple[str, ...]
    place: npt.NDArray[np.int32]
    dtype: pl.DataType

    @classmethod
    def of(cls, column: pl.Series) -> _Coded:
        from tongyuan.impact.station.kernel import note

        coded = column if column.dtype in (pl.Categorical, pl.Enum) else column.cast(pl.Categorical)
        row = np.full(int(coded.to_physical().max()) + 1, -1)  # type: ignore[arg-type]
        for begin in range(0, len(coded), CHUNK):
            note(_still(coded.slice(begin, CHUNK).to_physical()), begin, row)
        used = np.flatnonzero(row >= 0)
        texts = coded.gather(row[used]).cast(pl.String).to_list()
        names = tuple(sorted(texts))
        order = {name: n for n, name in enumerate(names)}
        place = np.zeros(len(row), dtype=np.int32)
        place[used] = [order[text] for text in texts]
        return cls(names, place, coded.dtype)

    def codes(self, column: pl.Series) -> npt.NDArray[np.unsignedinteger[Any]]:
        """Return the codes of the column."""
        coded = column if column.dtype == self.dtype else column.cast(self.dtype)
        return _still(coded.to_physical())


def _still(column: pl.Series) -> npt.NDArray[Any]:
    """Return a column as an array nobody writes to, so that one pass serves copies and views."""
    found = column.to_numpy()
    found.flags.writeable = False
    return found


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
    member = sorted((region_of[p], n) for n, p in enumerate(cube.places) if p in region_of)
    regions = tuple(dict.fromkeys(region for region, _ in member))
    if not member:
        return Cube(cube.pollutant, cube.year, (), np.empty((0, *cube.hours.shape[1:])))
    from tongyuan.impact.station.kernel import mean_of_members

    first = np.append(np.searchsorted([region for region, _ in member], regions), len(member))
    shape = (len(regions), *cube.hours.shape[1:])
    hours = np.empty((shape[0], shape[1] * shape[2]))
    lines = np.array([n for _, n in member])
    mean_of_members(cube.hours.reshape(len(cube.places), -1), lines, first, hours)
    return Cube(cube.pollutant, cube.year, regions, hours.reshape(shape))
