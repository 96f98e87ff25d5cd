"""Digits: last digits against uniform, leading digits against peers, a taste for round figures."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tongyuan.facility.evidence.balance import Array

LEAST = 100
"""Fewest values a digit test speaks about."""


def last_digit(value: Array, decimals: int) -> float:
    """Return the p-value of the last printed digits under a uniform distribution (χ², nine degrees).

    Speaks (is not nan) only of at least 100 values that spread over twenty units of the last digit: only
    then are the last digits of honest data uniform, whatever their distribution.
    """
    x = value[np.isfinite(value)]
    whole = np.rint(x * 10.0**decimals)
    if len(x) < LEAST or np.subtract(*np.percentile(whole, [75, 25])) < 20:
        return np.nan
    counts = np.bincount((np.abs(whole) % 10).astype(int), minlength=10)
    return float(stats.chisquare(counts).pvalue)


def round_figures(value: Array, decimals: int, step: int = 5) -> float:
    """Return the p-value of so many values that end in 0 or `step` (binomial, one-sided).

    Same conditions as :func:`last_digit`.
    """
    x = value[np.isfinite(value)]
    whole = np.rint(x * 10.0**decimals)
    if len(x) < LEAST or np.subtract(*np.percentile(whole, [75, 25])) < 20:
        return np.nan
    hits = int((np.abs(whole) % step == 0).sum())
    return float(stats.binom.sf(hits - 1, len(x), 1 / step))


def first_digits(value: Array) -> Array:
    """Return how often each leading digit 1 … 9 occurs."""
    x = np.abs(value[np.isfinite(value) & (value != 0)])
    lead = np.floor(x / 10.0 ** np.floor(np.log10(x)) + 1e-9).astype(int)
    return np.bincount(np.clip(lead, 1, 9), minlength=10)[1:].astype(float)


def leading_digit(value: Array, peers: Array) -> float:
    """Return the p-value of the leading digits under the distribution of the peers (χ² of homogeneity).

    Benford's law is a law of numbers over many decades; figures of one kind of plant are not. So the peers
    are the reference, and the law itself is only told as a distance (:func:`benford_distance`).
    """
    table = np.array([first_digits(value), first_digits(peers)])
    table = table[:, table.sum(axis=0) > 0]
    if table[0].sum() < LEAST or table[1].sum() < LEAST or table.shape[1] < 2:
        return np.nan
    return float(stats.chi2_contingency(table, correction=False).pvalue)


def benford_distance(value: Array) -> float:
    """Return the mean absolute distance of leading digits from Benford's law; nan below two decades."""
    x = np.abs(value[np.isfinite(value) & (value != 0)])
    if len(x) < LEAST or np.percentile(x, 99) / np.percentile(x, 1) < 100:
        return np.nan
    counts = first_digits(value)
    return float(np.abs(counts / counts.sum() - np.log10(1 + 1 / np.arange(1, 10))).mean())
