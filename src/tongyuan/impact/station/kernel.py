"""Passes over the hours of stations, compiled: rows into their cube, stations into regions, ozone into days.

Every sum runs in the order of its hours or stations, so that threads and parts give the same bits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def note(codes: Any, begin: int, row: Any) -> None:
    """Write into `row` a row that each code stands in, the first of `codes` being row `begin`."""
    for n in range(codes.size):
        row[codes[n]] = begin + n


@njit(cache=True, nogil=True)
def put(
    station: Any, pollutant: Any, unit: Any, places: Any, factors: Any,
    hour: Any, per: int, start: int, value: Any, out: Any, present: Any,
) -> None:  # fmt: skip
    """Put the value of every row where its pollutant, station and hour say, in the unit of the pollutant.

    Parameters
    ----------
    station, pollutant, unit : arrays of unsigned int, shape (rows,)
        Codes of the columns.
    places : three arrays of int32
        Line of each code of station, pollutant and unit.
    factors : array, shape (pollutants, units)
    hour : array of int64, shape (rows,)
        Time since 1970 in parts of which an hour has `per`.
    start
        First hour of the year since 1970 [h].
    value : array, shape (rows,)
    out : array, shape (pollutants, stations, hours), filled in place.
    present : array of bool, shape (pollutants, stations), filled in place.
    """
    of_station, of_pollutant, of_unit = places
    for n in range(value.size):
        p, s = of_pollutant[pollutant[n]], of_station[station[n]]
        out[p, s, hour[n] // per - start] = value[n] * factors[p, of_unit[unit[n]]]
        present[p, s] = True


@njit(cache=True, nogil=True)
def mean_of_members(hours: Any, member: Any, first: Any, out: Any) -> None:
    """Write the mean of the stations of each region that were there in each hour.

    Parameters
    ----------
    hours : array, shape (stations, hours), NaN where missing.
    member : array of int, shape (members,)
        Line of each station that counts, region by region.
    first : array of int, shape (regions + 1,)
        Where the members of each region begin, and the end.
    out : array, shape (regions, hours), filled in place; NaN where nobody was there.
    """
    length = hours.shape[1]
    count = np.empty(length, np.int32)
    for region in range(out.shape[0]):
        total = out[region]
        total[:] = 0.0
        count[:] = 0
        for m in range(first[region], first[region + 1]):
            row = hours[member[m]]
            for h in range(length):
                if np.isfinite(row[h]):
                    total[h] += row[h]
                    count[h] += 1
        for h in range(length):
            total[h] = total[h] / count[h] if count[h] else np.nan


@njit(cache=True, nogil=True)
def highest_8h(hours: Any, least_hours: int, least_runs: int, limit: float, out: Any) -> None:
    """Write the highest running mean of eight hours of each day (:func:`.hour.day_max_8h`).

    Parameters
    ----------
    hours : array, shape (days, 24), NaN where missing.
    out : array, shape (days,), filled in place.
    """
    value, there = np.empty(24), np.empty(24, np.int64)
    for day in range(hours.shape[0]):
        highest, runs = -np.inf, 0
        for h in range(24):
            there[h] = np.isfinite(hours[day, h])
            value[h] = hours[day, h] if there[h] else 0.0
        for begin in range(17):
            v, count = value[begin : begin + 8], there[begin : begin + 8].sum()
            total = ((v[0] + v[1]) + (v[2] + v[3])) + ((v[4] + v[5]) + (v[6] + v[7]))
            if count >= least_hours:
                runs += 1
                highest = max(highest, total / max(count, 1))
        out[day] = highest if runs and (runs >= least_runs or highest > limit) else np.nan
