"""The inner loops of drawn sums, compiled: they pay from some ten million drawn values on."""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


@numba.njit(cache=True, parallel=True, fastmath=False)
def products(
    result: Floats, x: Floats, y: Floats, start: Codes, record: Codes, activity: Codes, value: Floats
) -> None:
    """Add value × x[record] × y[activity] to the row of each group; terms are sorted by group."""
    for group in numba.prange(len(start) - 1):
        row = result[group]
        for term in range(start[group], start[group + 1]):
            first, second, size = x[record[term]], y[activity[term]], value[term]
            for draw in range(row.shape[0]):
                row[draw] += size * first[draw] * second[draw]


@numba.njit(cache=True, parallel=True)
def outer(drawn: Floats, below: int, above: int, found: Floats) -> None:
    """Put the two largest of the `below` smallest of each row, and the two smallest of the `above` largest,
    into a row of `found`, in ascending order; NaN where the row has one.
    """
    for group in numba.prange(drawn.shape[0]):
        row = drawn[group]
        low, high = np.full(below, np.inf), np.full(above, -np.inf)  # ascending, descending
        unknown = False
        for draw in range(row.shape[0]):
            value = row[draw]
            unknown |= np.isnan(value)
            if value < low[below - 1]:
                place = below - 1
                while place > 0 and low[place - 1] > value:
                    low[place] = low[place - 1]
                    place -= 1
                low[place] = value
            if value > high[above - 1]:
                place = above - 1
                while place > 0 and high[place - 1] < value:
                    high[place] = high[place - 1]
                    place -= 1
                high[place] = value
        found[group, 0], found[group, 1] = low[below - 2], low[below - 1]
        found[group, 2], found[group, 3] = high[above - 1], high[above - 2]
        if unknown:
            found[group] = np.nan
