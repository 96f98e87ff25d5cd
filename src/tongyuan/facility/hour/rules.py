"""The rules of hourly data: what is a valid hour, day and quarter, and what fills a gap.

The numbers stand on the shelf ``hour_rule`` with their citation; :func:`rules` takes them from there and lets
a caller set his own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cache

from tongyuan.reference.shelf import shelf

MARKS = ("N", "F", "M", "S", "D", "C", "T", "B", "X", "E")
"""Marks of an hour: the eight of HJ 212 (normal, stopped, maintenance, set by hand, fault, calibration,
over range, line broken), X out of control after a failed calibration, E normal but exempt from the limit.
"""

ABSENT, VALID, MISSING, OUT, STOPPED, EXEMPT = range(6)
"""States of an hour of one parameter."""

STATE_OF_MARK = {"N": VALID, "F": STOPPED, "X": OUT, "E": EXEMPT}
"""State of each mark; the marks not named here are :data:`MISSING`."""

NONE, WINDOW_SHORT, WINDOW_MIDDLE, WINDOW_LONG, LOW_CAPTURE, NO_WINDOW, WATER, AFTER = range(8)
RULE_NAMES = ("", "short", "middle", "long", "low_capture", "no_window", "water", "after")
"""Rules of a gap: three windows, capture too low, no valid hour, water, a record begun by a gap."""


GAS, FLOW, OXYGEN, TEMPERATURE, PRESSURE, HUMIDITY, IN_WATER, WATER_FLOW, ACIDITY, PART = range(10)
ROLES = (
    "gas",
    "flow",
    "oxygen",
    "temperature",
    "pressure",
    "humidity",
    "water",
    "water_flow",
    "acidity",
    "part",
)
"""What a parameter is to its outlet."""


@dataclass(frozen=True)
class Rules:
    """Numbers of HJ 75 and HJ 355/356 that decide about an hour.

    Attributes
    ----------
    hour_minutes
        Valid minutes that make an hour valid [min].
    day_hours
        Valid hours that make a day valid [h].
    capture_high, capture_low
        Capture of a quarter from which a short window serves, and below which nothing is filled [fraction].
    gap_short
        Longest gap of the short window [h].
    window_short, window_middle, window_long
        Valid hours before the gap that are looked at [h].
    """

    hour_minutes: float
    day_hours: float
    capture_high: float
    capture_low: float
    gap_short: float
    window_short: float
    window_middle: float
    window_long: float

    def array(self) -> tuple[float, ...]:
        """Return the numbers in the order of the fields."""
        return tuple(float(getattr(self, f.name)) for f in fields(self))


@cache
def rules() -> Rules:
    """Return the rules as they stand on the shelf ``hour_rule``."""
    numbers = {row["rule"]: float(row["value"]) for row in shelf("hour_rule").to_dicts()}
    return Rules(**{f.name: numbers[f.name] for f in fields(Rules)})


def with_own(**own: float) -> Rules:
    """Return the rules of the shelf with `own` numbers in place of some.

    Raises
    ------
    ValueError
        If a number is not one a rule can have.
    """
    made = replace(rules(), **own)
    share = 0 <= made.capture_low <= made.capture_high <= 1
    window = 0 < made.window_short <= made.window_middle <= made.window_long
    if not (share and window and 0 <= made.hour_minutes <= 60 and 0 <= made.day_hours <= 24):
        raise ValueError(f"no such rules: {made}")
    return made


def window_hours(capture: float, gap: int, rule: Rules | None = None) -> int | None:
    """Return how many valid hours before a gap are looked at; None where nothing may be filled.

    Parameters
    ----------
    capture
        Share of the running hours of the quarter with valid data [fraction].
    gap
        Running hours in a row without valid data [h].

    Examples
    --------
    >>> window_hours((2160 - 100 - 120) / (2160 - 100), 30)
    720
    """
    r = rule or rules()
    if capture < r.capture_low:
        return None
    if capture < r.capture_high:
        return int(r.window_long)
    return int(r.window_short if gap <= r.gap_short else r.window_middle)
