"""Statistics of a year: means, percentiles, and whether there are days enough."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.impact.station.standard import validity

Array = npt.NDArray[np.float64]


def percentile_hj663(values: npt.ArrayLike, percent: float) -> Array:
    """Return the percentile of the values that are there: ``k = 1 + (n − 1)·p``, linear between neighbours.

    Parameters
    ----------
    values : array, shape (..., days) [any concentration]
        NaN where there is none.
    percent : float [%]
        0 … 100.

    Returns
    -------
    array, shape (...)
        NaN where there is no value at all.

    Raises
    ------
    ValueError
        If `percent` is not between 0 and 100.

    References
    ----------
    HJ 663-2013 annex A.
    """
    if not 0 <= percent <= 100:
        raise ValueError(f"percent is {percent}, not 0 to 100")
    ordered = np.sort(np.asarray(values, dtype=np.float64), axis=-1)
    count = np.isfinite(ordered).sum(axis=-1)
    place = (np.maximum(count, 1) - 1) * (percent / 100)
    low = np.floor(place + 1e-9).astype(np.intp)
    high = np.minimum(low + 1, np.maximum(count, 1) - 1)
    below = np.take_along_axis(ordered, low[..., None], axis=-1)[..., 0]
    above = np.take_along_axis(ordered, high[..., None], axis=-1)[..., 0]
    share = np.maximum(place - low, 0.0)
    return np.where(count > 0, below + (above - below) * share, np.nan)


def year_mean(days: npt.ArrayLike) -> Array:
    """Return the mean of the days that are there; NaN where there is none.

    Parameters
    ----------
    days : array, shape (..., days) [any concentration]

    Returns
    -------
    array, shape (...)
    """
    values = np.asarray(days, dtype=np.float64)
    there = np.isfinite(values)
    count = there.sum(axis=-1)
    total = np.where(there, values, 0.0).sum(axis=-1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def year_complete(days: npt.ArrayLike, month: npt.ArrayLike) -> npt.NDArray[np.bool_]:
    """Tell whether a year has days enough: 324 in all, 27 in every month, 25 in February.

    Parameters
    ----------
    days : array, shape (..., days) [any concentration]
    month : array of int, shape (days,)
        Month of each day, 1 … 12.

    Returns
    -------
    array of bool, shape (...)

    References
    ----------
    GB 3095-2026 table 4.
    """
    there = np.isfinite(np.asarray(days, dtype=np.float64))
    of = np.asarray(month)
    enough = there.sum(axis=-1) >= validity("days_per_year")
    for number in range(1, 13):
        least = validity("days_february" if number == 2 else "days_per_month")
        enough &= there[..., of == number].sum(axis=-1) >= least
    return np.asarray(enough)
