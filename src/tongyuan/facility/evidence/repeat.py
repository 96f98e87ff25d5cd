"""Repetition: values that stand still, windows that come again, months and samples that are copies.

The law of the longest run (Erdős and Rényi; Arratia and Waterman): among `n` places where a match
begins with rate
`start` and goes on with probability `keep`, a run of `length` or longer occurs with probability
``1 − exp(−n · start · (1 − keep) · keep^(length − 1))`` or less.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from tongyuan.facility.evidence.balance import Array

LONG = 12
"""Values from which on a run is not taken as how honest data behave."""


def run_rate(places: float, start: float, keep: float, length: int) -> float:
    """Return the probability of a run of matches of `length` or longer under honest data."""
    return float(-np.expm1(-places * start * (1 - keep) * keep ** (length - 1)))


def _runs(match: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Return the lengths of the runs of true values."""
    edge = np.diff(np.concatenate([[False], match, [False]]).astype(np.int8))
    return np.asarray(np.flatnonzero(edge < 0) - np.flatnonzero(edge > 0), dtype=np.int64)


def flat_line(value: Array) -> tuple[float, int]:
    """Return the rate of so long a standstill under honest data, and its length in values.

    How often a value is followed by the same one, and how often that goes on, is taken from the shorter
    runs (under
    half a day): those that are in question do not vouch for themselves.
    """
    same = value[1:] == value[:-1]
    runs = _runs(same)
    if len(value) < 50 or not len(runs):
        return 1.0 if len(value) >= 50 else np.nan, 0
    longest = int(runs.max())
    rest = runs[runs < min(longest, LONG)]
    pairs = len(same) - int(runs[runs >= min(longest, LONG)].sum())
    start = (len(rest) + 1) / (pairs + 2)
    keep = (rest.sum() - len(rest) + 1) / (rest.sum() + 2) if len(rest) else start
    return run_rate(pairs, start, max(keep, start), longest), longest + 1


def replay(value: Array, least: int = 24) -> tuple[float, int, int]:
    """Return the rate of the longest exact repetition under honest data, its length and its lag.

    Every lag from `least` on is looked at; a repetition counts where the values move (more than two different
    ones in the window), so that standstills are left to :func:`flat_line`. Without any window of
    `least` values that
    comes again the rate is one.
    """
    x = np.where(np.isfinite(value), value, np.nan)
    n = len(x)
    if n < 4 * least:
        return np.nan, 0, 0
    if not _recurs(x, least):
        return 1.0, 0, 0
    moves = np.concatenate([[True], x[1:] != x[:-1]])
    longest, at_lag, matches, ongoing = 0, 0, 0, 0
    for lag in range(least, n - least):
        match = (x[lag:] == x[:-lag]) & (moves[lag:] | moves[:-lag])
        if not match.any():
            continue
        runs = _runs(match)
        top = int(runs.max())
        if top > longest:
            longest, at_lag = top, lag
        short = runs[runs < least]
        matches += len(short)
        ongoing += int(short.sum() - len(short))
    if not longest:
        return 1.0, 0, 0
    places = n * n / 2
    keep = (ongoing + 1) / (matches + ongoing + 2)
    return run_rate(places, (matches + 1) / places / (1 - keep), keep, longest), longest, at_lag


def _recurs(x: Array, least: int) -> bool:
    """Return whether any window of `least` values that moves comes a second time."""
    windows = np.lib.stride_tricks.sliding_window_view(x, least)
    moving = windows[np.isfinite(windows).all(axis=1) & ((np.diff(windows, axis=1) != 0).sum(axis=1) > 2)]
    rows = np.ascontiguousarray(moving).view(np.dtype((np.void, moving.dtype.itemsize * least)))
    return len(np.unique(rows)) < len(rows)


def whitened(value: Array) -> Array:
    """Return the innovations of a first-order autoregression around the mean of each hour of the day."""
    x = value - np.nanmean(value)
    padded = np.concatenate([x, np.full(-len(x) % 24, np.nan)]).reshape(-1, 24)
    hourly = (
        np.nan_to_num(np.nanmean(padded, axis=0)) if np.isfinite(padded).any(axis=0).all() else np.zeros(24)
    )
    x = np.nan_to_num(x - np.tile(hourly, len(padded))[: len(x)])
    below = float((x[:-1] ** 2).sum())
    keep = float((x[1:] * x[:-1]).sum()) / below if below else 0.0
    return np.concatenate([[0.0], x[1:] - keep * x[:-1]])


def similar_days(value: Array, window: int = 24) -> tuple[float, int, int]:
    """Return the rate of the most alike pair of days under honest data, and the two days.

    Days with a missing value (nan) or that hardly move are left out.

    Correlation of innovations (ranks, so that an outlier does not rule) of every pair of windows; a
    replay that was
    scaled, shifted in level or rounded anew is alike too. Every pair is counted (Bonferroni), and the
    pair has to
    stand out from how alike the other days' nearest days are.
    """
    e = whitened(value)
    days = e[: len(e) // window * window].reshape(-1, window)
    plain = value[: len(days) * window].reshape(-1, window)
    moving = ((np.diff(plain, axis=1) != 0).mean(axis=1) > 0.8) & np.isfinite(plain).all(axis=1)
    number = np.flatnonzero(moving)
    if len(number) < 10:
        return np.nan, 0, 0
    ranks = stats.rankdata(days[number], axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    ranks /= np.sqrt((ranks**2).sum(axis=1, keepdims=True))
    r = ranks @ ranks.T
    np.fill_diagonal(r, -1)
    at = int(r.argmax())
    first, second = divmod(at, len(number))
    top = min(float(r.flat[at]), 1 - 1e-12)
    t = top * np.sqrt((window - 2) / (1 - top**2))
    pairs = len(number) * (len(number) - 1) / 2
    plain_rate = min(1.0, pairs * float(stats.t.sf(t, window - 2)))
    rate = max(plain_rate, _beyond_others(top, np.delete(r.max(axis=1), [first, second])))
    return rate, int(number[first]), int(number[second])


def _beyond_others(top: float, best: Array) -> float:
    """Return how seldom the most alike pair is so alike, by how alike every other day's nearest day is.

    The days of a dispatched plant are alike beyond chance; a Gumbel distribution through the lower half
    of the
    nearest days' correlations (median and quartile of Fisher's z) says how far that goes.
    """
    z = np.arctanh(np.clip(best, -0.999999, 0.999999))
    low, middle = np.percentile(z, [25, 50])
    scale = max((middle - low) / 0.6931, 1e-6)
    centre = middle - 0.3665 * scale
    return float(-np.expm1(-(len(best) + 2) / 2 * np.exp(-(np.arctanh(top) - centre) / scale)))


SHARED = 0.7
"""Correlation of innovations that two outlets may owe to what they share, load and weather; a proposal."""


def twins(first: Array, second: Array) -> float:
    """Return the p-value of two series' innovations being no more alike than what outlets share explains.

    Rank correlation against :data:`SHARED` (Fisher's z, one-sided): two outlets that move as one.
    """
    a, b = whitened(first), whitened(second)
    if len(a) < 48 or not a.std() or not b.std():
        return np.nan
    r = float(np.corrcoef(stats.rankdata(a), stats.rankdata(b))[0, 1])
    z = (np.arctanh(min(r, 1 - 1e-12)) - np.arctanh(SHARED)) * np.sqrt((len(a) - 3) / 1.06)
    return float(stats.norm.sf(z))


def duplicate_rows(rows: Array, unit: Array) -> tuple[float, int, int]:
    """Return the rate of two equal rows of figures under honest data, and which two are equal.

    Parameters
    ----------
    rows : array, shape (m, k)
        Figures of each month or sample.
    unit : array, shape (k,)
        The unit of the last printed digit of each figure. Two honest figures with standard deviation s
        are equal
        with probability unit / (2 √π s) or less than one.
    """
    m = len(rows)
    spread = rows.std(axis=0, ddof=1) if m > 2 else np.full(rows.shape[1], np.nan)
    chance = np.where(
        spread > 0, np.minimum(unit / (2 * np.sqrt(np.pi) * np.maximum(spread, 1e-300)), 1.0), 1.0
    )
    whole = np.rint(rows / unit)
    _, which, counts = np.unique(whole, axis=0, return_inverse=True, return_counts=True)
    if m < 4 or counts.max() < 2:
        return (np.nan if m < 4 else 1.0), -1, -1
    pair = np.flatnonzero(which.reshape(-1) == counts.argmax())[:2]
    pairs = int((counts * (counts - 1) // 2).sum())
    expected = m * (m - 1) / 2 * float(chance.prod())
    return float(stats.poisson.sf(pairs - 1, expected)), int(pair[0]), int(pair[1])
