"""Shares of the hours of a year: months, weekdays, hours, days of rest, heating by degree days.

Factors are of local time. A mean of one over 12 months, 7 days and 24 hours is none over a calendar, so the
product is divided by its sum over the hours of the year. Hours are told in UTC from the local new year on; a
span that reaches over its ends goes round, so that any whole year sums to one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

SIZES = {"month": 12, "weekday": 7, "hour": 24, "hour_rest": 24}
"""How many factors a set of each kind has."""

FIRST = {"month": 1, "weekday": 1, "hour": 0, "hour_rest": 0}
"""Index of the first factor of a set."""

SUM = 1e-3
"""How far the mean or the sum of factors may be from one."""


@dataclass(frozen=True)
class Clock:
    """The hours of a local year.

    ``start`` is its first hour in UTC; ``month`` 1–12, ``weekday`` 1–7, ``hour`` 0–23 and ``day`` (from 0)
    have shape (hours,); ``dates`` are its days.
    """

    start: datetime
    month: Index
    weekday: Index
    hour: Index
    day: Index
    dates: tuple[date, ...]

    @property
    def size(self) -> int:
        """Number of hours."""
        return self.hour.size


def clock(year: int, timezone: str) -> Clock:
    """Return the hours of a year in a time zone.

    Raises
    ------
    ValueError
        If hours of the zone do not begin with those of UTC.
    ZoneInfoNotFoundError
        If there is no such zone.
    """
    zone = ZoneInfo(timezone)
    start = datetime(year, 1, 1, tzinfo=zone).astimezone(UTC)
    end = datetime(year + 1, 1, 1, tzinfo=zone).astimezone(UTC)
    if start.minute or end.minute:
        raise ValueError(f"hours of {timezone} do not begin with those of UTC")
    utc = pl.datetime_range(start, end, "1h", closed="left", time_zone="UTC", eager=True)
    local = utc.dt.convert_time_zone(timezone)
    first = date(year, 1, 1)
    day = (local.dt.date() - first).dt.total_days().to_numpy().astype(np.int64)
    dates = tuple(first + timedelta(days=n) for n in range(int(day[-1]) + 1))
    parts = (local.dt.month(), local.dt.weekday(), local.dt.hour())
    month, weekday, hour = (part.to_numpy().astype(np.int64) for part in parts)
    return Clock(start, month, weekday, hour, day, dates)


def degree_days(temperature: Array, base: float, constant: float = 0.0) -> Array:
    """Return shares of days by degree days: ``(1 − c)·HDD/ΣHDD + c/n``.

    Parameters
    ----------
    temperature : array, shape (days,) [°C]
    base
        Temperature below which is heated [°C].
    constant
        Share that does not follow the temperature.

    Raises
    ------
    ValueError
        If no day is below `base`.
    """
    cold = np.maximum(base - temperature, 0.0)
    total = float(cold.sum())
    if total == 0:
        raise ValueError("no day is below the base temperature")
    return (1 - constant) * cold / total + constant / temperature.size


def hour_shares(
    when: Clock,
    factors: dict[str, Array],
    *,
    rest: frozenset[date] = frozenset(),
    work: frozenset[date] = frozenset(),
    days: Array | None = None,
) -> Array:
    """Return the share of each hour of a year, shape (hours,); they sum to one.

    Parameters
    ----------
    when
        The hours.
    factors
        By kind: ``month`` (12), ``weekday`` (7), ``hour`` and ``hour_rest`` (24), ``holiday`` (1).
    rest, work
        Holidays, which take the factor ``holiday`` or else that of Sunday, and worked days of week-ends,
        which take the mean of Monday to Friday.
    days
        Shares of days, instead of those that months make.
    """
    resting = np.array([d in rest or (d.isoweekday() > 5 and d not in work) for d in when.dates])
    weekday = factors.get("weekday", np.ones(7))
    of_day = np.array([weekday[d.isoweekday() - 1] for d in when.dates])
    for at, one in enumerate(when.dates):
        if one in rest:
            of_day[at] = factors["holiday"][0] if "holiday" in factors else weekday[6]
        elif one in work and one.isoweekday() > 5:
            of_day[at] = weekday[:5].mean()
    made = of_day[when.day]
    if days is not None:
        made = made * days[when.day]
    if "month" in factors:
        made = made * factors["month"][when.month - 1]
    hourly = factors.get("hour", np.ones(24))[when.hour]
    if "hour_rest" in factors:
        hourly = np.where(resting[when.day], factors["hour_rest"][when.hour], hourly)
    made = made * hourly
    shares: Array = made / made.sum()
    return shares


def window(when: Clock, begin: datetime, count: int) -> Index:
    """Return which hours of the year stand for `count` hours from `begin` (UTC); the year goes round."""
    ahead = int((begin - when.start).total_seconds() // 3600)
    return (ahead + np.arange(count)) % when.size


def balanced(factors: Array) -> Literal["mean", "sum"] | None:
    """Return whether factors average one, or sum to one; None where they do neither."""
    if abs(factors.mean() - 1) <= SUM:
        return "mean"
    return "sum" if abs(factors.sum() - 1) <= SUM else None
