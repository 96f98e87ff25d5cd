"""Marks and states: maintenance when it suits, gaps round exceedances, a running stack in a stop, joint
jumps."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from tongyuan.facility.evidence.balance import Array
from tongyuan.facility.evidence.repeat import whitened

Flags = npt.NDArray[np.bool_]


FEW = 10
"""Shifts that reach the observed number, below which the rate is taken from a fitted tail."""


def tail_rate(own: int, others: Array) -> float:
    """Return how seldom chance reaches `own`: by counting, or far out by the tail of a fitted distribution.

    The numbers under chance are those of the shifted series; where fewer than ten of them reach `own`,
    the tail
    is that of a Poisson, or for a larger variance a negative binomial, distribution with their mean and
    variance, and never larger than the counted rate.
    """
    reached = int((others >= own).sum())
    counted = (1 + reached) / (1 + len(others))
    mean, spread = float(others.mean()), float(others.var())
    if reached >= FEW or own <= mean:
        return counted
    mean = max(mean, 1 / len(others))
    if spread <= mean * 1.0001:
        tail = stats.poisson.sf(own - 1, mean)
    else:
        tail = stats.nbinom.sf(own - 1, mean**2 / (spread - mean), mean / spread)
    return float(min(counted, tail))


def shift_rate(event: Flags, condition: Flags, guard: int = 24) -> tuple[float, int]:
    """Return the rate at which events meet a condition so often by chance, and how often they do.

    The events are shifted against the condition round the clock of the series by every lag but the nearest:
    both keep their own runs and rhythms, only their meeting is by chance.
    """
    if event.sum() < 3 or condition.sum() < 3 or len(event) < 4 * guard:
        return np.nan, int((event & condition).sum())
    meet = np.rint(np.fft.irfft(np.conj(np.fft.rfft(event)) * np.fft.rfft(condition), n=len(event)))
    own = meet[0]
    others = meet[guard:-guard]
    return tail_rate(int(own), others), int(own)


def marks_at_exceedance(value: Array, marked: Flags, limit: float, near: float = 0.9) -> tuple[float, int]:
    """Return the rate at which marks begin so often after an hour at or over 90 % of the limit by chance.

    A marked hour shows no value of its own, so the last valid hour before each beginning is looked at.
    """
    begin = marked & ~np.concatenate([[False], marked[:-1]])
    last = _carried(np.where(marked, np.nan, value))
    high = np.nan_to_num(np.concatenate([[np.nan], last[:-1]]), nan=-np.inf) >= near * limit
    return shift_rate(begin, high)


def gaps_at_exceedance(value: Array, limit: float, within: int = 2) -> tuple[float, int]:
    """Return the rate at which gaps begin within two hours of an exceedance so often by chance."""
    missing = ~np.isfinite(value)
    begin = missing & ~np.concatenate([[False], missing[:-1]])
    over = np.nan_to_num(value, nan=-np.inf) > limit
    recent = over.copy()
    for k in range(1, within + 1):
        recent[k:] |= over[:-k]
    return shift_rate(begin, recent)


def _carried(value: Array) -> Array:
    """Return `value` with every gap filled by the last value before it."""
    at = np.where(np.isfinite(value), np.arange(len(value)), -1)
    at = np.maximum.accumulate(at)
    return np.where(at >= 0, value[np.maximum(at, 0)], np.nan)


def running_in_stop(stopped: Flags, running: Flags, error: float = 0.01) -> tuple[float, int]:
    """Return the rate of so many hours that run at the stack while the plant stands still.

    Parameters
    ----------
    stopped
        Hours without load.
    running
        Hours whose flow, temperature and oxygen are those of a running plant.
    error
        Share of stopped hours that honest records may have at the edges.
    """
    hours, hits = int(stopped.sum()), int((stopped & running).sum())
    if hours < 4:
        return np.nan, hits
    return float(stats.binom.sf(hits - 1, hours, error)), hits


def joint_jump(values: Array, load: Array, least: int = 3, size: float = 4.0) -> tuple[float, int]:
    """Return the rate of the hours in which several series jump by one factor without a change of load.

    A plant that changes its work moves its gases differently; air let into the line, or a factor
    changed in the
    analyser, moves all in one proportion.

    Parameters
    ----------
    values : array, shape (k, n)
        Series of one stack.
    load : array, shape (n,)
    least
        How many series at least.
    size
        Innovation, in robust standard deviations, that is a jump.

    Returns
    -------
    tuple
        Rate, and the number of such hours. The series are shifted against one another round the clock
        (199 times): each keeps its own jumps, only their meeting is by chance.
    """
    k, n = values.shape
    if k < least or n < 200:
        return np.nan, 0
    quiet = np.abs(np.diff(load, prepend=load[0])) < 0.02 * max(float(np.nanmax(load)), 1e-9)
    change = np.full((k, n), np.nan)
    for i in range(k):
        e = whitened(values[i])
        scale = 1.4826 * float(np.median(np.abs(e - np.median(e)))) or float(e.std()) or 1.0
        step = np.diff(np.log(np.maximum(values[i], 1e-12)), prepend=0.0)
        jump = (np.abs(e) > size * scale) & quiet & (values[i] > 0)
        change[i, jump] = step[jump]
    own = _proportional(change, least)
    rng = np.random.default_rng(0)
    chance = np.zeros(199)
    for turn in range(len(chance)):
        moved = np.stack([np.roll(row, int(rng.integers(24, n - 24))) for row in change])
        chance[turn] = _proportional(moved, least)
    return tail_rate(own, chance) if own else 1.0, own


def _proportional(change: Array, least: int) -> int:
    """Return in how many hours `least` series or more jump by one factor (within 30 % of its logarithm)."""
    part = change[:, np.isfinite(change).sum(axis=0) >= least]
    if not part.shape[1]:
        return 0
    middle = np.nanmedian(part, axis=0)
    near = np.abs(part - middle) <= 0.3 * np.abs(middle)
    return int((near.sum(axis=0) >= least).sum())
