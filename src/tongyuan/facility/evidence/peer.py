"""Against peers and one's own past: too calm, off the line of carbon and heat, split samples, out of
order."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tongyuan.facility.evidence.balance import Array

FEWEST = 8
"""Fewest peers that make a reference group."""


def calm(value: Array, peers: Array) -> Array:
    """Return, for each plant, the p-value of a variation as small as its own among the peers.

    Parameters
    ----------
    value : array, shape (plants, months)
        A figure of each plant by month.
    peers : array of int, shape (plants,)
        Number of the group each plant belongs to.

    Returns
    -------
    array, shape (plants,)
        One-sided; the logarithm of each coefficient of variation against those of the other plants of
        its group
        (t distribution); nan in groups of fewer than nine.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        log = np.log(np.nanstd(value, axis=1, ddof=1) / np.abs(np.nanmean(value, axis=1)))
    return against(log, peers, lower=True)


def against(figure: Array, peers: Array, *, lower: bool) -> Array:
    """Return the one-sided p-value of each figure against the others of its group (prediction, t)."""
    out = np.full(len(figure), np.nan)
    floor = np.nanmin(figure[np.isfinite(figure)], initial=0.0) - 5
    y = np.where(np.isneginf(figure), floor, figure)
    for group in np.unique(peers):
        at = np.flatnonzero((peers == group) & np.isfinite(y))
        n = len(at)
        if n <= FEWEST:
            continue
        total, square = y[at].sum(), (y[at] ** 2).sum()
        mean = (total - y[at]) / (n - 1)
        spread = np.sqrt(np.maximum((square - y[at] ** 2) / (n - 1) - mean**2, 1e-30) * (n - 1) / (n - 2))
        t = (y[at] - mean) / (spread * np.sqrt(1 + 1 / (n - 1)))
        out[at] = stats.t.cdf(t, n - 2) if lower else stats.t.sf(t, n - 2)
    return out


def carbon_line(carbon: Array, heat: Array, *others: Array) -> Array:
    """Return the p-value of each month's distance from the plant's own line of carbon on heating value.

    Externally studentised residuals of the regression of carbon on heating value (and ash, moisture …),
    two-sided;
    each month is judged by the line of the others. Shape (months,); nan where there are too few.
    """
    x = np.stack([np.ones(len(carbon)), heat, *others], axis=1)
    n, k = x.shape
    if n < k + 6:
        return np.full(n, np.nan)
    hat = np.einsum("ij,ji->i", x, np.linalg.pinv(x))
    residual = carbon - x @ (np.linalg.pinv(x) @ carbon)
    left = np.maximum(1 - hat, 1e-12)
    rest = np.maximum((residual @ residual - residual**2 / left) / (n - k - 1), 1e-30)
    return np.asarray(2 * stats.t.sf(np.abs(residual) / np.sqrt(rest * left), n - k - 1), dtype=np.float64)


def split_samples(steps: Array, peers: Array) -> tuple[float, int]:
    """Return the rate of consecutive samples as alike as the most alike pair, and its place.

    Parameters
    ----------
    steps : array, shape (m, k)
        Differences of the plant's consecutive samples (carbon, heat, ash … on one basis).
    peers : array, shape (p, k)
        The same of other plants: how alike two consecutive samples are by chance. The distance of a
        pair is the
        largest of its differences, each in standard deviations of the peers.
    """
    if not len(steps) or len(peers) < 20:
        return np.nan, -1
    scale = np.maximum(peers.std(axis=0, ddof=1), 1e-12)
    own = np.abs(steps / scale).max(axis=1)
    chance = np.sort(np.abs(peers / scale).max(axis=1))
    at = int(own.argmin())
    rate = (1 + np.searchsorted(chance, own[at], side="right")) / (1 + len(chance))
    return float(-np.expm1(len(own) * np.log1p(-min(rate, 1 - 1e-12)))), at


def out_of_order(sequence: Array, other: Array, error: float = 0.01) -> tuple[float, int]:
    """Return the rate of so many reversals between two orders under honest records, and their number.

    `sequence` (say report numbers) should rise with `other` (say days of issue); honest registers err
    at a rate
    `error` per neighbouring pair (binomial).
    """
    order = np.lexsort((sequence, other))
    step, time = np.diff(sequence[order]), np.diff(other[order])
    wrong = int(((step < 0) & (time > 0)).sum())
    if len(sequence) < 3:
        return np.nan, wrong
    return float(stats.binom.sf(wrong - 1, len(step), error)), wrong


def few_values(distinct: Array, peers: Array) -> Array:
    """Return the p-value of so few distinct values per hundred among the peers (one-sided)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return against(np.log(distinct), peers, lower=True)
