"""Rank stability: how far a rank moves when weights and data are drawn."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats, refuse

Ranks = NDArray[np.uint16]
AGGREGATIONS = {"weighted_sum": 0, "topsis_improved": 1}


@dataclass(frozen=True)
class Bands:
    """Rank bands of every region, arrays [years, regions].

    Attributes
    ----------
    rank : int
        Rank with the given weights and data, 1 is best; equal scores share the better rank.
    lower, median, upper : int
        2.5 %, 50 % and 97.5 % quantile of the drawn ranks.
    top : float [fraction]
        Share of draws within the best `top_share` of the regions.
    """

    rank: NDArray[np.int64]
    lower: NDArray[np.int64]
    median: NDArray[np.int64]
    upper: NDArray[np.int64]
    top: Floats


def dirichlet_weights(weight: ArrayLike, draws: int, seed: int, concentration: float | None = None) -> Floats:
    r"""Draw weights from a Dirichlet distribution around `weight`.

    .. math:: w^{(k)}\sim\operatorname{Dir}(\kappa\,m\,w),\qquad \operatorname{E}w^{(k)}=w

    Parameters
    ----------
    weight : array [..., indicators] [fraction]
    draws, seed : int
    concentration : float
        κ, default 10: at equal weights one weight then has a relative standard deviation near 1/√(10) ≈ 0.3.
        κ = 1 with equal weights is uniform over all weights.

    Returns
    -------
    array [draws, ..., indicators] [fraction, sum 1]
    """
    mean = check.weights(weight, np.shape(weight)[-1])
    kappa = 10.0 if concentration is None else concentration
    if kappa <= 0:
        raise refuse("share_range", value=kappa)
    gamma = np.random.default_rng(seed).standard_gamma(
        kappa * mean.shape[-1] * mean, size=(draws, *mean.shape)
    )
    gamma = np.maximum(gamma, np.where(mean > 0, 1e-300, 0.0))
    return np.asarray(gamma / gamma.sum(axis=-1, keepdims=True), dtype=np.float64)


def ranks(scores: ArrayLike) -> NDArray[np.int64]:
    """Return ranks along the last axis; 1 is the highest, equal scores share the better rank."""
    s = check.finite(scores, "scores")
    flat = s.reshape(-1, s.shape[-1])
    out = np.empty(flat.shape, dtype=np.int64)
    for k, row in enumerate(flat):
        ordered = np.sort(-row)
        out[k] = np.searchsorted(ordered, -row, side="left") + 1
    return out.reshape(s.shape)


def _threads(kernel: Any, *arguments: Any) -> None:
    """Run `kernel` on every processor; draws are dealt out, so results do not depend on their number."""
    step = os.cpu_count() or 1
    with ThreadPoolExecutor(step) as pool:
        for done in [pool.submit(partial(kernel, *arguments), first, step) for first in range(step)]:
            done.result()


def rank_bands(
    values: ArrayLike,
    weight: ArrayLike,
    direction: ArrayLike,
    *,
    draws: int = 1000,
    seed: int = 0,
    aggregate: str = "topsis_improved",
    deviation: ArrayLike | None = None,
    concentration: float | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    top_share: float = 0.1,
) -> Bands:
    """Rank regions in every year under `draws` draws of weights (Dirichlet) and, if given, of data
    (lognormal).

    Parameters
    ----------
    values : array [years, regions, indicators] [any unit]
    weight : array [indicators] or [years, indicators] [fraction]
    direction : array [indicators] [+1 or −1]
    aggregate : str
        ``topsis_improved`` or ``weighted_sum``, over min–max values (or over fixed bounds when given).
    deviation : array, broadcast to `values` [fraction]
        Relative standard deviation of the data; errors of regions, years and indicators are independent.
    concentration : float
        See :func:`dirichlet_weights`.
    lower, upper : array [indicators]
        Fixed bounds; without them the bounds are those of each year's sample (of each draw's).
    top_share : float [fraction]
        Which share of the regions counts as the top.

    Returns
    -------
    Bands
        The same for the same seed, whatever the number of threads. Scores of draws are single precision.
    """
    from tongyuan.synergy.index.draw import PICKS, drawn_data, fixed_data, summaries
    from tongyuan.synergy.method.normalise import bounds, min_max
    from tongyuan.synergy.method.topsis import topsis_improved, weighted_sum

    y = check.finite(values, "values")
    if y.ndim != 3:
        raise refuse("shape", first=str(y.shape), second="[years, regions, indicators]")
    if aggregate not in AGGREGATIONS:
        raise refuse("unknown_method", kind="aggregation", name=aggregate, known=", ".join(AGGREGATIONS))
    years, n, m = y.shape
    if n > 65_000:
        raise refuse("too_many_regions", given=n, most=65_000)
    if draws < 2:
        raise refuse("draws", given=draws)
    fixed = lower is not None and upper is not None
    v = (
        bounds(y, direction, lower, upper)
        if lower is not None and upper is not None
        else min_max(y, direction)
    )
    w = np.broadcast_to(check.weights(weight, m), (years, m))
    topsis = aggregate == "topsis_improved"
    rank = ranks(topsis_improved(v, w) if topsis else weighted_sum(v, w))
    drawn_weight = dirichlet_weights(w, draws, seed, concentration).astype(np.float32)
    spread = (
        None if deviation is None else np.broadcast_to(check.not_negative(deviation, "deviation"), y.shape)
    )
    seeds = np.random.SeedSequence(seed).generate_state(years * draws, np.uint64).reshape(years, draws)
    places = np.array([0.025, 0.5, 0.975]) * draws
    places = np.minimum(np.floor(places), draws - 1).astype(np.int64)
    drawn = np.empty((draws, n), dtype=np.uint16)
    quantile = np.empty((years, 3, n), dtype=np.int64)
    top = np.empty((years, n))
    edge = max(1, int(np.floor(top_share * n)))
    sign = np.asarray(direction, dtype=np.float64)
    none = np.zeros(m)
    quantiles = ndtri((np.arange(PICKS) + 0.5) / PICKS)
    for t in range(years):
        if spread is None:
            a = np.ascontiguousarray(v[t].T)
            if topsis:
                norm = np.sqrt((a**2).sum(axis=1, keepdims=True))
                a = np.divide(a, norm, out=np.zeros_like(a), where=norm > 0)
                gain = ((a - a.min(axis=1, keepdims=True)) ** 2 * n).astype(np.float32)
                loss = ((a.max(axis=1, keepdims=True) - a) ** 2 * n).astype(np.float32)
            else:
                gain = loss = a.astype(np.float32)
            own = np.ascontiguousarray(drawn_weight[:, t])
            _threads(fixed_data, gain, loss, own, topsis, drawn)
        else:
            sigma = np.ascontiguousarray(np.sqrt(np.log1p(spread[t].T ** 2)))
            alike = bool((sigma == sigma[:, :1]).all())
            factors = np.exp(sigma[:, :1] * quantiles) if alike else quantiles[None, :]
            # a common scale moves no min–max value and keeps single precision from overflowing
            largest = np.maximum(np.abs(y[t]).max(axis=0), 1e-300)
            scaled = y[t] if fixed else y[t] / largest
            spare = ((0, -n % 4), (0, 0))
            _threads(
                drawn_data,
                np.ascontiguousarray(np.pad(scaled, spare, mode="edge").T, dtype=np.float32),
                np.ascontiguousarray(np.pad(sigma.T, spare, mode="edge").T, dtype=np.float32),
                sign,
                np.ascontiguousarray(drawn_weight[:, t]),
                topsis,
                np.asarray(lower if fixed else none, dtype=np.float64),
                np.asarray(upper if fixed else none, dtype=np.float64),
                fixed,
                seeds[t],
                factors.astype(np.float32),
                alike,
                drawn,
            )
        _threads(summaries, drawn, places, edge, quantile[t], top[t], 64)
    return Bands(rank, quantile[:, 0], quantile[:, 1], quantile[:, 2], top)
