"""Changed series for tests of detection: each kind at three strengths, injected by rule; never in
anyone's data.

Every function takes the hours of one stack (:class:`Hours`) and returns changed ones; what is not
changed is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tongyuan.facility.evidence.balance import Array


@dataclass(frozen=True)
class Hours:
    """Hours of one stack: n of them, k series.

    Parameters
    ----------
    values : array, shape (k, n)
        Series as printed; the first is the one with the limit.
    unit : array, shape (k,)
        Unit of the last printed digit of each series.
    load : array, shape (n,)
    marked, stopped : array of bool, shape (n,)
        Hours marked as maintenance or calibration; hours without load.
    running : array of bool, shape (n,)
        Hours in which the stack looks like that of a running plant.
    limit
        Limit of the first series.
    """

    values: Array
    unit: Array
    load: Array
    marked: npt.NDArray[np.bool_]
    stopped: npt.NDArray[np.bool_]
    running: npt.NDArray[np.bool_]
    limit: float


Forge = Callable[[Hours, int, np.random.Generator], Hours]


def _printed(hours: Hours, values: Array) -> Array:
    return np.asarray(np.round(values / hours.unit[:, None]) * hours.unit[:, None])


def _first(hours: Hours, series: Array) -> Hours:
    values = hours.values.copy()
    values[0] = series
    return replace(hours, values=_printed(hours, values))


def standstill(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Hold the value for 6, 12 or 36 hours, once a month."""
    x, length = hours.values[0].copy(), (6, 12, 36)[strength]
    for start in range(0, len(x) - 720 + 1, 720):
        at = start + int(rng.integers(0, 720 - length))
        x[at : at + length] = x[at]
    return _first(hours, x)


def repeated(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Put two, four or ten days in again instead of others, to the digit."""
    x = hours.values[0].copy()
    length = 24 * (2, 4, 10)[strength]
    source, target = rng.choice(len(x) // length, 2, replace=False) * length
    x[target : target + length] = hours.values[0, source : source + length]
    return _first(hours, x)


def repeated_scaled(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Put days in again, scaled by up to 10 % and with noise of 8, 4 or 1 % of the spread."""
    x = hours.values[0].copy()
    source, target = rng.choice(len(x) // 72, 2, replace=False) * 72
    part = hours.values[0, source : source + 72]
    noise = (0.08, 0.04, 0.01)[strength] * part.std() * rng.standard_normal(72)
    x[target : target + 72] = part * rng.uniform(0.9, 1.1) + noise
    return _first(hours, x)


def capped(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Bring 30, 60 or 100 % of the hours over the limit to just under it."""
    x = hours.values[0].copy()
    over = (x > hours.limit) & (rng.random(len(x)) < (0.3, 0.6, 1.0)[strength])
    x[over] = hours.limit * rng.uniform(0.96, 0.999, int(over.sum()))
    return _first(hours, x)


def clamped(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Clamp the output at the 99, 97 or 90 % level."""
    return _first(hours, np.minimum(hours.values[0], np.percentile(hours.values[0], (99, 97, 90)[strength])))


def diluted(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Multiply every gas by 0.85, 0.65 or 0.4 from one hour on, in short turns."""
    values = hours.values.copy()
    for _ in range(3):
        at = int(rng.integers(24, values.shape[1] - 72))
        values[:, at : at + 48] *= (0.85, 0.65, 0.4)[strength]
    return replace(hours, values=_printed(hours, values))


def omitted(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Lose 30, 60 or 100 % of the hours that follow an hour over the limit."""
    x = hours.values[0].copy()
    after = np.concatenate([[False], hours.values[0][:-1] > hours.limit])
    x[after & (rng.random(len(x)) < (0.3, 0.6, 1.0)[strength])] = np.nan
    return _first(hours, x)


def maintained(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Mark 20, 50 or 100 % of the hours that follow one near the limit as maintenance."""
    after = np.concatenate([[False], hours.values[0][:-1] > 0.95 * hours.limit])
    marked = hours.marked | (after & (rng.random(after.size) < (0.2, 0.5, 1.0)[strength]))
    return replace(hours, marked=marked)


def rounded(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Write 10, 30 or 60 % of the values as multiples of five last units, as a hand does."""
    x, step = hours.values[0].copy(), 5 * hours.unit[0]
    at = rng.random(len(x)) < (0.1, 0.3, 0.6)[strength]
    x[at] = np.round(x[at] / step) * step
    return _first(hours, x)


def mirrored(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Let the second series be the first, scaled, with noise of 100, 30 or 5 % of its hourly change."""
    values = hours.values.copy()
    change = np.diff(values[0]).std()
    noise = (1.0, 0.3, 0.05)[strength] * change * rng.standard_normal(values.shape[1])
    values[1] = values[0] * values[1].mean() / values[0].mean() + noise
    return replace(hours, values=_printed(hours, values))


def run_through(hours: Hours, strength: int, rng: np.random.Generator) -> Hours:
    """Let the stack look running in 5, 20 or 80 % of the hours without load."""
    running = hours.running | (hours.stopped & (rng.random(len(hours.load)) < (0.05, 0.2, 0.8)[strength]))
    return replace(hours, running=running)


FORGERIES: Mapping[str, Forge] = {
    "standstill": standstill,
    "repeated": repeated,
    "repeated_scaled": repeated_scaled,
    "capped": capped,
    "clamped": clamped,
    "diluted": diluted,
    "omitted": omitted,
    "maintained": maintained,
    "rounded": rounded,
    "mirrored": mirrored,
    "run_through": run_through,
}
"""Kinds of changed hours, each with strengths 0, 1 and 2."""


def lowered(month: Array, columns: tuple[int, ...], strength: int) -> Array:
    """Lower some reported figures of a month by 3, 8 or 20 % (coal, carbon, a flow)."""
    out = month.copy()
    out[..., list(columns)] *= 1 - (0.03, 0.08, 0.20)[strength]
    return out


def copied_samples(samples: Array, unit: Array, strength: int, rng: np.random.Generator) -> Array:
    """Report one sample as two, three or six with a drift of two last digits."""
    out = samples.copy()
    first = int(rng.integers(0, len(samples) - (2, 3, 6)[strength] + 1))
    for k in range(1, (2, 3, 6)[strength]):
        out[first + k] = out[first] + unit * rng.integers(-2, 3, len(unit))
    return out


def calmed(value: Array, strength: int) -> Array:
    """Shrink the variation of a year's figures to 60, 30 or 8 %."""
    return np.asarray(value.mean() + (value - value.mean()) * (0.6, 0.3, 0.08)[strength])
