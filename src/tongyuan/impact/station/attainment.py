"""Attainment and carbon at once: where the air meets its limits and where carbon falls."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Quadrant = Literal["both", "air_only", "carbon_only", "neither", "unknown"]


class Standing(NamedTuple):
    """Where a place stands.

    air : concentration over its limit, less one [1]; at or below nought it is met.
    carbon : relative change of carbon over the years [1].
    quadrant : of the two signs; ``unknown`` where one is missing.
    comparable : whether concentrations of both years are told in one state.
    """

    air: float
    carbon: float
    quadrant: Quadrant
    comparable: bool


def attainment_carbon(
    value: npt.ArrayLike,
    limit: npt.ArrayLike,
    carbon_before: npt.ArrayLike,
    carbon_after: npt.ArrayLike,
    states: tuple[str, str] = ("", ""),
) -> list[Standing]:
    """Return the quadrant of each place: air met or not, carbon falling or not.

    Parameters
    ----------
    value, limit : array, shape (places,) [one unit]
    carbon_before, carbon_after : array, shape (places,) [t]
        Of the first and the last year; the air is that of the last.
    states
        States that concentrations of first and last year are told in (:func:`.standard.state_of`): where they
        differ a change of concentration between them means nothing, and the flag says so.

    Raises
    ------
    ValueError
        If shapes differ, a limit is not above nought, or carbon is negative.
    """
    seen, bound, first, last = (
        np.atleast_1d(np.asarray(a, dtype=np.float64)) for a in (value, limit, carbon_before, carbon_after)
    )
    if not seen.shape == bound.shape == first.shape == last.shape:
        raise ValueError("places, limits and carbon have different lengths")
    if (bound <= 0).any() or (first < 0).any() or (last < 0).any():
        raise ValueError("a limit is above nought, and carbon is not negative")
    air = seen / bound - 1
    carbon = np.divide(last, first, out=np.full_like(last, np.nan), where=first > 0) - 1
    made: list[Standing] = []
    for one, other in zip(air, carbon, strict=True):
        quadrant: Quadrant = "unknown"
        if np.isfinite(one) and np.isfinite(other):
            met, falls = one <= 0, other < 0
            quadrant = (
                "both" if met and falls else "air_only" if met else "carbon_only" if falls else "neither"
            )
        made.append(Standing(float(one), float(other), quadrant, states[0] == states[1]))
    return made
