"""Air quality index: sub-indices by breakpoints, the index, what leads it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]

HIGHEST = 500.0
"""The index does not go beyond."""

FROM = 50.0
"""A primary pollutant is named where the index is above this."""

DIGITS = 9
"""An index is rounded to these digits before it is rounded up: 100.0000000001 is 100."""


class Index(NamedTuple):
    """Index of places and days.

    aqi : array [1], NaN where no sub-index is there.
    leading : for each pollutant, array of bool: its sub-index is the highest, and above 50.
    """

    aqi: Array
    leading: dict[str, npt.NDArray[np.bool_]]


@cache
def breakpoints(rule: str, pollutant: str, period: str) -> tuple[Array, Array]:
    """Return the concentrations of the breakpoints and their sub-indices.

    Raises
    ------
    KeyError
        If `rule` gives no breakpoints for `pollutant` and `period`.
    """
    table = shelf("aqi_breakpoint")
    rows = table.filter(
        (table["standard"] == rule) & (table["pollutant"] == pollutant) & (table["period"] == period)
    )
    if rows.is_empty():
        raise KeyError(f"{rule} has no breakpoints for {pollutant}, {period}")
    return rows["value"].cast(float).to_numpy(), rows["iaqi"].cast(float).to_numpy()


def sub_index_hj633(value: npt.ArrayLike, rule: str, pollutant: str, period: str) -> Array:
    """Return the sub-index of a concentration, rounded up.

    Above the last breakpoint: 500 where the table reaches it. The hour of SO2 (table ends at 200) and the
    eight hours of O3 (ends at 300) have no sub-index beyond in the edition of 2012 — the day of SO2 and the
    hour of O3 tell it there — and stay at 200 and 300 in that of 2026.

    Parameters
    ----------
    value : array, shape (...) [ug/m3; CO mg/m3]
    rule : str
        ``HJ633-2012`` or ``HJ633-2026``.
    pollutant : str
        ``SO2, NO2, CO, O3, PM10, PM2.5``.
    period : str
        ``hour, day, max_8h``.

    Returns
    -------
    array, shape (...) [1]
        NaN where the concentration is missing or has no sub-index.

    Raises
    ------
    KeyError
        If the rule gives no breakpoints.
    ValueError
        If a concentration is negative.

    References
    ----------
    HJ 633-2012 4.3 and table 1; HJ 633-2026 table 3.
    """
    points, index = breakpoints(rule, pollutant, period)
    values = np.asarray(value, dtype=np.float64)
    if (values < 0).any():
        raise ValueError(f"{pollutant}: a concentration is negative")
    found = np.ceil(np.round(np.interp(values, points, index), DIGITS))
    if index[-1] < HIGHEST and rule == "HJ633-2012":
        found = np.where(values > points[-1], np.nan, found)
    return np.where(np.isfinite(values), found, np.nan)


def index_hj633(sub: Mapping[str, npt.ArrayLike]) -> Index:
    """Return the highest sub-index, and which pollutants lead it.

    Parameters
    ----------
    sub : mapping of pollutant to array, shape (...) [1]
        Sub-indices; NaN where there is none.

    References
    ----------
    HJ 633-2012 4.4 and 4.5.
    """
    every = {name: np.asarray(values, dtype=np.float64) for name, values in sub.items()}
    stacked = np.stack(np.broadcast_arrays(*every.values()))
    highest = np.where(np.isfinite(stacked), stacked, -np.inf).max(axis=0)
    aqi = np.where(np.isfinite(highest), highest, np.nan)
    return Index(aqi, {name: (values == aqi) & (aqi > FROM) for name, values in every.items()})


def grade_hj633(aqi: npt.ArrayLike) -> Array:
    """Return the grade 1 … 6 of an index (0–50, –100, –150, –200, –300, above); NaN where it is missing.

    References
    ----------
    HJ 633-2012 table 2.
    """
    values = np.asarray(aqi, dtype=np.float64)
    upper = [float(text) for text in shelf("aqi_grade")["upper"] if text]
    return np.where(np.isfinite(values), np.searchsorted(upper, values, side="left") + 1.0, np.nan)
