"""Meteorological normalisation: what is left of a concentration when the weather is made average.

A ridge regression of the logarithm on smooth functions of the weather, of the season, the weekday, the hour
and a trend in pieces; its strength is chosen by leaving out whole blocks of time. The trend at average
weather is the normalised series. A forest of trees would bend more; this one can be read, and needs nothing
but numpy.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

DAYS: Final = 365.25
LEAST: Final = 365.0
"""Days that a series covers at least: in less than a year season and weather cannot be told apart."""

KNOTS: Final = 5
"""Pieces of each smooth function of the weather."""

BLOCKS: Final = 10
"""Blocks of time that are left out one after the other."""

STRENGTHS: Final = tuple(10.0**power for power in range(-3, 4))


class Normalised(NamedTuple):
    """What the weather explains and what is left.

    trend : array, shape (times,) [as the concentration]: at average weather.
    weather : array, shape (times,) [1]: factor that the weather of the time brings, of mean about one.
    skill : share of the variance of the logarithm explained in blocks that were left out; may be negative.
    strength : chosen strength of the ridge.
    slope, lower, upper : change of the normalised logarithm [1/yr], its interval of 95 % from the blocks.
    """

    trend: Array
    weather: Array
    skill: float
    strength: float
    slope: float
    lower: float
    upper: float


def weather_normalise(
    days: npt.ArrayLike,
    concentration: npt.ArrayLike,
    weather: npt.ArrayLike,
    hour: npt.ArrayLike | None = None,
) -> Normalised:
    """Return a series at average weather, with the skill of the model on times it has not seen.

    Parameters
    ----------
    days : array, shape (times,) [d]
        Time since any day, rising; at least a year of them.
    concentration : array, shape (times,) [any]
        Above nought; NaN where missing.
    weather : array, shape (times, variables) [any]
        Temperature, wind, humidity, pressure … of the same times; rows with a gap are left out.
    hour : array, shape (times,), optional
        Hour of the day where times are hours.

    Returns
    -------
    Normalised
        NaN where concentration or weather is missing.

    Raises
    ------
    ValueError
        If the series covers less than a year, lengths differ, times do not rise, a concentration is not above
        nought, or there are fewer times than the model has terms.

    References
    ----------
    Idea after Grange et al. 2018 (rmweather), whose forest it replaces by a regression.
    """
    when, seen = np.asarray(days, dtype=np.float64), np.asarray(concentration, dtype=np.float64)
    met = np.asarray(weather, dtype=np.float64)
    if seen.shape != when.shape or met.ndim != 2 or len(met) != len(when):
        raise ValueError(f"{when.shape} times, {seen.shape} concentrations and {met.shape} weather differ")
    if (np.diff(when) <= 0).any():
        raise ValueError("times do not rise")
    use = np.isfinite(seen) & np.isfinite(met).all(axis=1)
    if not use.any() or np.ptp(when[use]) < LEAST - 1:
        raise ValueError("the series covers less than a year: season and weather cannot be told apart")
    if (seen[use] <= 0).any():
        raise ValueError("a concentration is not above nought; put values below detection aside")
    clock = None if hour is None else np.asarray(hour, dtype=np.float64)[use]
    base, by_weather = _design(when[use], met[use], clock)
    y = np.log(seen[use])
    if len(y) < 2 * (base.shape[1] + by_weather.shape[1]):
        raise ValueError(f"{len(y)} times are too few for {base.shape[1] + by_weather.shape[1]} terms")
    full = np.concatenate([base, by_weather], axis=1)
    block = np.minimum((np.arange(len(y)) * BLOCKS) // len(y), BLOCKS - 1)
    scores = [_left_out(full, y, block, strength) for strength in STRENGTHS]
    best = int(np.argmax(scores))
    value = _ridge(full, y, STRENGTHS[best])
    effect = by_weather @ value[base.shape[1] :]
    effect -= effect.mean()
    trend, factor = np.full(when.shape, np.nan), np.full(when.shape, np.nan)
    trend[use], factor[use] = np.exp(y - effect), np.exp(effect)
    # the slope of each fit with a block left out: their spread is that of the slope (jackknife)
    slopes = []
    years = when[use] / DAYS
    for one in range(BLOCKS):
        keep = block != one
        part = _ridge(full[keep], y[keep], STRENGTHS[best])
        left = y[keep] - by_weather[keep] @ part[base.shape[1] :]
        slopes.append(_slope(years[keep], left))
    slope = _slope(years, y - effect)
    spread = float(np.sqrt((BLOCKS - 1) / BLOCKS * np.sum((np.array(slopes) - np.mean(slopes)) ** 2)))
    ends = (slope - 1.96 * spread, slope + 1.96 * spread)
    return Normalised(trend, factor, float(scores[best]), STRENGTHS[best], slope, *ends)


def _design(when: Array, met: Array, clock: Array | None) -> tuple[Array, Array]:
    """Return the terms of time (constant, trend, season, weekday, hour) and those of the weather."""
    year = (when - when[0]) / DAYS
    time = [np.ones_like(when), year]
    pieces = max(int(np.ptp(year)) - 1, 0)
    time += [np.maximum(year - k, 0.0) for k in range(1, pieces + 1)]
    for wave in (1, 2):
        time += [np.sin(2 * np.pi * wave * year), np.cos(2 * np.pi * wave * year)]
    weekday = np.floor(when).astype(int) % 7
    time += [(weekday == d).astype(np.float64) for d in range(1, 7)]
    if clock is not None:
        for wave in (1, 2):
            time += [np.sin(2 * np.pi * wave * clock / 24), np.cos(2 * np.pi * wave * clock / 24)]
    smooth = []
    for column in met.T:
        spread = column.std() or 1.0
        scaled = (column - column.mean()) / spread
        smooth.append(scaled)
        knots = np.quantile(scaled, np.linspace(0, 1, KNOTS + 1)[1:-1])
        smooth += [np.maximum(scaled - knot, 0.0) for knot in knots]
    return np.stack(time, axis=1), np.stack(smooth, axis=1)


def _ridge(x: Array, y: Array, strength: float) -> Array:
    """Return coefficients of terms brought to one size; the constant is not held back."""
    size = x.std(axis=0)
    size[size == 0] = 1.0
    z = x / size
    hold = np.full(x.shape[1], strength)
    hold[0] = 0.0
    return np.asarray(np.linalg.solve(z.T @ z + np.diag(hold), z.T @ y) / size)


def _left_out(x: Array, y: Array, block: npt.NDArray[np.int64], strength: float) -> float:
    away = np.empty_like(y)
    for one in range(BLOCKS):
        out = block == one
        away[out] = y[out] - x[out] @ _ridge(x[~out], y[~out], strength)
    return float(1 - np.mean(away**2) / np.var(y))


def _slope(years: Array, values: Array) -> float:
    centred = years - years.mean()
    return float(centred @ (values - values.mean()) / (centred @ centred))
