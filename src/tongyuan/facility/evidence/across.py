"""Stacks beside one another: twins, curves smoother or poorer in values than those of other stacks,
digits of masses."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import polars as pl

from tongyuan.facility.evidence import digits, peer, repeat
from tongyuan.facility.evidence.balance import Array

Key = tuple[str, str, str, str]
"""Facility, outlet, quarter, parameter."""
FEWEST = 8
Rate = tuple[str, str, str, str, float, float]
"""Kind, facility, subject, period, statistic, rate."""


def stacks(series: Mapping[Key, Array]) -> list[Rate]:
    """Return the rates of every stack against the others of its quarter and gas, and of pairs of one
    enterprise.

    Parameters
    ----------
    series
        Values of the running hours by facility, outlet, quarter and parameter.
    """
    return [*_twins(series), *_peers(series)]


def _twins(series: Mapping[Key, Array]) -> list[Rate]:
    groups: dict[tuple[str, str, str], list[Key]] = {}
    for key in series:
        groups.setdefault((key[0], key[2], key[3]), []).append(key)
    found = []
    for (facility, quarter, code), keys in groups.items():
        for one, other in combinations(sorted(keys), 2):
            a, b = series[one], series[other]
            both = np.isfinite(a) & np.isfinite(b) if len(a) == len(b) else np.zeros(0, dtype=bool)
            if both.sum() < 200:
                continue
            rate = repeat.twins(a[both], b[both])
            found.append(("twins", facility, f"{one[1]}/{other[1]} {code}", quarter, float(both.sum()), rate))
    return found


def _peers(series: Mapping[Key, Array]) -> list[Rate]:
    keys = sorted(series)
    if not keys:
        return []
    groups = {pair: n for n, pair in enumerate(sorted({(k[2], k[3]) for k in keys}))}
    group = np.array([groups[k[2], k[3]] for k in keys])
    known = [series[k][np.isfinite(series[k])] for k in keys]
    distinct = np.array([100 * len(np.unique(x)) / max(len(x), 1) for x in known])
    smooth = np.array([_memory(x) for x in known])
    few = peer.few_values(distinct, group)
    calm = peer.against(np.arctanh(np.clip(smooth, -0.9999, 0.9999)), group, lower=False)
    found: list[Rate] = []
    for key, count, few_rate, memory, smooth_rate in zip(keys, distinct, few, smooth, calm, strict=True):
        subject = f"{key[1]} {key[3]}"
        found.append(("few_values", key[0], subject, key[2], float(count), float(few_rate)))
        found.append(("smooth", key[0], subject, key[2], float(memory), float(smooth_rate)))
    return found


def _memory(x: Array) -> float:
    """Return the correlation of neighbouring hours."""
    y = x - x.mean() if len(x) else x
    below = float((y[:-1] ** 2).sum())
    return float((y[1:] * y[:-1]).sum() / below) if below else 1.0


def masses(day: pl.DataFrame) -> list[Rate]:
    """Return the rates of the leading digits of daily amounts of fuel against those of other enterprises.

    Only amounts that spread over two decades have digits of their own; a plant of steady size has not.
    """
    named = day.filter(pl.col("t") > 0).select("facility", "t")
    wide: dict[str, tuple[Array, float]] = {}
    for (facility,), part in named.group_by("facility", maintain_order=True):
        own = part["t"].to_numpy()
        distance = digits.benford_distance(own)
        if np.isfinite(distance):
            wide[str(facility)] = own, distance
    found: list[Rate] = []
    for facility, (own, distance) in wide.items():
        others = [x for name, (x, _) in wide.items() if name != facility]
        if len(others) >= FEWEST:
            rate = digits.leading_digit(own, np.concatenate(others))
            found.append(("leading_digit", facility, "fuel_day", "", distance, rate))
    return found
