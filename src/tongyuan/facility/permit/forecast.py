"""The end of the year with a probability, from the unit's own months."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

DRAWS = 4000
LEVEL = 0.9
"""Share of the draws the band holds."""


@dataclass(frozen=True)
class Forecast:
    """Tonnes at the end of the year: middle and band of the draws, and how probable more than the limit is.

    Attributes
    ----------
    months
        Months of one's own history that were drawn from; the more, the better.
    """

    middle: float
    low: float
    high: float
    probability: float | None
    months: int


def year_end(
    so_far: float,
    remaining: npt.ArrayLike,
    history: npt.ArrayLike,
    month_of_history: npt.ArrayLike,
    limit: float | None,
    *,
    draws: int = DRAWS,
    seed: int = 0,
) -> Forecast | None:
    """Draw the remaining months from one's own history and add them to what was emitted.

    Parameters
    ----------
    so_far
        Emission of the months of this year that are known [t].
    remaining : array, shape (r,)
        Numbers 1 to 12 of the months that are not.
    history : array, shape (n,) [t]
        Emission of one's own past months, this year's included.
    month_of_history : array, shape (n,)
        Their numbers 1 to 12. A month is drawn from past months at most one month of the year away
        where there are at least three, else from all.
    limit
        Permitted tonnes of the year; None where there is no limit.

    Returns
    -------
    Forecast or None
        None with fewer than three months of history: nothing can be said.
    """
    past, number = np.asarray(history, np.float64), np.asarray(month_of_history, np.int64)
    left = np.asarray(remaining, np.int64)
    if past.size < 3 and left.size:
        return None
    if not left.size:
        sure = None if limit is None else float(so_far > limit)
        return Forecast(so_far, so_far, so_far, sure, int(past.size))
    rng = np.random.default_rng(seed)
    total = np.full(draws, so_far)
    for month in left:
        away = np.abs(number - month)
        near = past[np.minimum(away, 12 - away) <= 1]
        total += rng.choice(near if near.size >= 3 else past, draws)
    low, middle, high = np.quantile(total, [(1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2])
    # one draw more on each side: never quite impossible, never quite certain
    over = None if limit is None else (float(np.count_nonzero(total > limit)) + 0.5) / (draws + 1)
    return Forecast(float(middle), float(low), float(high), over, int(past.size))
