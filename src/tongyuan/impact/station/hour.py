"""From hours to days: means, highest running mean of eight hours, and which of them are valid."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongyuan.impact.station.standard import validity

Array = npt.NDArray[np.float64]

RUN = 8
"""Hours of a running mean of ozone."""


def day_mean(hours: npt.ArrayLike) -> Array:
    """Return the mean of each day, missing where fewer than 20 of its hours are there.

    Parameters
    ----------
    hours : array, shape (..., 24) [any concentration]
        Hourly means; what is missing or was put aside is NaN.

    Returns
    -------
    array, shape (...)

    References
    ----------
    GB 3095-2026 table 4.
    """
    values = np.asarray(hours, dtype=np.float64)
    there = np.isfinite(values)
    count = there.sum(axis=-1)
    total = values.sum(axis=-1, where=there)
    return np.where(count >= validity("hours_per_day"), total / np.maximum(count, 1), np.nan)


def running_8h(hours: npt.ArrayLike) -> Array:
    """Return running means of eight hours that end at 08:00 … 24:00, missing under six valid hours.

    Parameters
    ----------
    hours : array, shape (..., 24) [any concentration]
        Hourly means of a day; the first is that of 00:00–01:00.

    Returns
    -------
    array, shape (..., 17)

    References
    ----------
    GB 3095-2026 table 4; HJ 663-2013 6.1.2.
    """
    values = np.asarray(hours, dtype=np.float64)
    there = np.isfinite(values)
    total = _windows(np.where(there, values, 0.0))
    count = np.rint(_windows(there.astype(np.float64)))
    return np.where(count >= validity("hours_per_8h"), total / np.maximum(count, 1.0), np.nan)


def day_max_8h(hours: npt.ArrayLike, limit: float) -> Array:
    """Return the highest running mean of eight hours of each day.

    A day with fewer than 14 valid running means is missing, unless what there is exceeds `limit` already.

    Parameters
    ----------
    hours : array, shape (..., 24) [any concentration]
    limit : float [as hours]
        Limit of the daily maximum that holds for these days.

    Returns
    -------
    array, shape (...)

    References
    ----------
    HJ 663-2013 6.1.2.
    """
    from tongyuan.impact.station.kernel import highest_8h

    values = np.ascontiguousarray(hours, dtype=np.float64)
    highest = np.empty(values.shape[:-1])
    least = int(validity("hours_per_8h")), int(validity("runs_per_day"))
    highest_8h(values.reshape(-1, values.shape[-1]), *least, limit, highest.reshape(-1))
    return highest


def _windows(values: Array) -> Array:
    """Return sums over every eight values that follow each other; summed anew, so that nothing drifts."""
    return np.asarray(np.lib.stride_tricks.sliding_window_view(values, RUN, axis=-1).sum(axis=-1))
