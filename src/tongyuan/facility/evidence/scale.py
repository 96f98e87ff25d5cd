"""One scale: rates under honest data of all kinds, with a controlled share of false discoveries."""

from __future__ import annotations

from typing import Literal

import numpy as np

from tongyuan.facility.evidence.balance import Array

CEILING = 0.95
"""Where p-values are cut before they are combined: a test that finds nothing at all must not outweigh
one that does."""


def false_discovery(p: Array, method: Literal["BH", "BY"] = "BY") -> Array:
    """Return the adjusted p-value (q) of each test; nan where a test said nothing.

    ``BH`` (Benjamini and Hochberg 1995) for independent or positively dependent tests, ``BY`` (Benjamini and
    Yekutieli 2001) for any dependence. Those with q ≤ 5 % hold at most 5 % false discoveries on average.
    """
    out = np.full(len(p), np.nan)
    at = np.flatnonzero(np.isfinite(p))
    m = len(at)
    if not m:
        return out
    order = at[np.argsort(p[at], kind="stable")]
    factor = float((1 / np.arange(1, m + 1)).sum()) if method == "BY" else 1.0
    raw = p[order] * m * factor / np.arange(1, m + 1)
    out[order] = np.minimum(np.minimum.accumulate(raw[::-1])[::-1], 1.0)
    return out


def combined(p: Array) -> float:
    """Return one p-value of several under any dependence (Cauchy combination; Liu and Xie 2020); nan of
    none."""
    known = np.clip(p[np.isfinite(p)], 1e-300, CEILING)
    if not len(known):
        return np.nan
    small = known < 1e-15
    t = np.where(small, 1 / (known * np.pi), np.tan((0.5 - known) * np.pi))
    mean = float(t.mean())
    return float(1 / (mean * np.pi)) if mean > 1e15 else float(0.5 - np.arctan(mean) / np.pi)


def strength(p: Array) -> Array:
    """Return the strength of evidence ``−log10 p``, the one scale on which findings of all kinds rank."""
    return -np.log10(np.maximum(p, 1e-30))
