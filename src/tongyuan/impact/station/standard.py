"""Rules in force on a date: limits of ambient air, edition of the index, counts that make a mean valid."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import NamedTuple

from tongyuan.reference.shelf import shelf

AQI_2026 = date(2026, 3, 1)
"""First day of HJ 633-2026 and of GB 3095-2026."""

STATE_2018 = date(2018, 9, 1)
"""From this day on gases are told at 298.15 K and particles as they are (amendment of GB 3095-2012)."""


class Limit(NamedTuple):
    """A limit of ambient air."""

    standard: str
    value: float
    unit: str


@cache
def standards() -> tuple[str, ...]:
    """Return the names of the standards of ambient air on the shelf."""
    return tuple(dict.fromkeys(shelf("air_limit")["standard"]))


@cache
def _limits() -> dict[tuple[str, str, int], list[tuple[date, date, Limit]]]:
    found: dict[tuple[str, str, int], list[tuple[date, date, Limit]]] = {}
    for row in shelf("air_limit").iter_rows(named=True):
        since = date.fromisoformat(row["valid_from"])
        until = date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max
        limit = Limit(row["standard"], float(row["value"]), row["unit"])
        found.setdefault((row["pollutant"], row["period"], int(row["class"])), []).append(
            (since, until, limit)
        )
    return found


def limit_of(pollutant: str, period: str, day: date, zone: int = 2, standard: str = "") -> Limit | None:
    """Return the limit of `pollutant` that holds on `day`, or None where none does.

    Parameters
    ----------
    pollutant
        ``SO2, NO2, CO, O3, PM10, PM2.5, NOx, TSP, Pb, BaP``.
    period
        ``hour, day, max_8h, quarter, year``.
    day
        Day of the measurement; the last day of a longer period.
    zone
        Class 1 or 2 of the functional area.
    standard
        Name of a standard whose limit is taken whatever the date; what it yields is a scenario.

    References
    ----------
    GB 3095-2012 and GB 3095-2026, tables 1 and 2.
    """
    for since, until, limit in _limits().get((pollutant, period, zone), []):
        if standard == limit.standard or (not standard and since <= day <= until):
            return limit
    return None


@cache
def validity(rule: str) -> int:
    """Return how many values make a mean valid, by the name of the rule on the shelf.

    Raises
    ------
    KeyError
        If the shelf has no such rule.
    """
    rows = shelf("air_validity")
    return {r: int(v) for r, v in zip(rows["rule"], rows["value"], strict=True)}[rule]


def index_rule(day: date) -> str:
    """Return the edition of HJ 633 that holds on `day`."""
    return "HJ633-2026" if day >= AQI_2026 else "HJ633-2012"


def state_of(day: date, gas: bool) -> str:
    """Return the state that concentrations of `day` are told in: ``273K``, ``298K`` or ``actual``."""
    if day < STATE_2018:
        return "273K"
    return "298K" if gas else "actual"
