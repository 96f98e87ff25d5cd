"""Rank stability: how far a rank moves when weights and data are drawn."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import numba
import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from tongyuan.synergy import check
from tongyuan.synergy.check import Floats, refuse

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


@numba.njit(cache=True, nogil=True)
def _rank_into(score: Any, out: Any, order: Any, bucket: Any, count: Any) -> None:
    """Rank `score` (higher is better) into `out` by buckets; equal scores share the better rank."""
    n = score.size
    low, high = score[0], score[0]
    for i in range(n):
        low = min(low, score[i])
        high = max(high, score[i])
    if high == low:
        for i in range(n):
            out[i] = 1
        return
    size = count.size - 1
    scale = (size - 1) / (high - low)
    for b in range(count.size):
        count[b] = 0
    for i in range(n):
        b = int((high - score[i]) * scale)
        b = max(0, min(b, size - 1))
        bucket[i] = b
        count[b + 1] += 1
    crowd = 0
    for b in range(size):
        crowd = max(crowd, count[b + 1])
        count[b + 1] += count[b]
    if crowd > 200:
        by = np.argsort(-score)
        for p in range(n):
            order[p] = by[p]
    else:
        for i in range(n):
            b = bucket[i]
            order[count[b]] = i
            count[b] += 1
        # after filling, count[b] is the end of bucket b
        start = 0
        for b in range(size):
            end = count[b]
            for p in range(start + 1, end):
                item = order[p]
                value = score[item]
                q = p - 1
                while q >= start and score[order[q]] < value:
                    order[q + 1] = order[q]
                    q -= 1
                order[q + 1] = item
            start = end
    previous = score[order[0]]
    rank = 1
    for p in range(n):
        value = score[order[p]]
        if value != previous:
            rank = p + 1
            previous = value
        out[order[p]] = rank


@numba.njit(cache=True, nogil=True)
def _fixed_data(
    gain: Any, loss: Any, weight: Any, square_root: bool, out: Any, first: int, step: int
) -> None:
    """Rank every draw of weights: score from Σ w·gain and Σ w·loss, [indicators, regions] each."""
    draws, m = weight.shape
    n = gain.shape[1]
    score = np.empty(n, dtype=np.float32)
    other = np.empty(n, dtype=np.float32)
    order = np.empty(n, dtype=np.int32)
    bucket = np.empty(n, dtype=np.int32)
    count = np.empty(2 * n + 3, dtype=np.int32)
    for d in range(first, draws, step):
        score[:] = 0
        other[:] = 0
        for j in range(m):
            w = weight[d, j]
            for i in range(n):
                score[i] += w * gain[j, i]
        if square_root:
            for j in range(m):
                w = weight[d, j]
                for i in range(n):
                    other[i] += w * loss[j, i]
            for i in range(n):
                worst = np.sqrt(max(score[i], np.float32(0)))
                total = worst + np.sqrt(max(other[i], np.float32(0)))
                score[i] = worst / total if total > 0 else np.float32(1)
        _rank_into(score, out[d], order, bucket, count)


@numba.njit(cache=True, nogil=True)
def _drawn_data(
    value: Any,
    sigma: Any,
    sign: Any,
    weight: Any,
    topsis: bool,
    low: Any,
    high: Any,
    fixed: bool,
    seeds: Any,
    quantiles: Any,
    alike: bool,
    out: Any,
    first: int,
    step: int,
) -> None:
    """Rank every draw of weights and data; value and sigma are [indicators, regions].

    Where all regions are `alike` in their error, `quantiles` [indicators, 65,536] are those of the factor
    itself. Otherwise normal numbers are the 65,536 equally likely `quantiles` [1, 65,536], picked by a
    splitmix64 stream of each draw's own seed.
    """
    draws, m = weight.shape
    n = value.shape[1]
    score = np.empty(n, dtype=np.float32)
    other = np.empty(n, dtype=np.float32)
    v = np.empty(n, dtype=np.float64)
    order = np.empty(n, dtype=np.int32)
    bucket = np.empty(n, dtype=np.int32)
    count = np.empty(2 * n + 3, dtype=np.int32)
    for d in range(first, draws, step):
        state = seeds[d]
        score[:] = 0
        other[:] = 0
        for j in range(m):
            w = weight[d, j]
            for i in range(n):
                if i % 4 == 0:
                    state += np.uint64(0x9E3779B97F4A7C15)
                    z = state
                    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                    bits = z ^ (z >> np.uint64(31))
                if alike:
                    v[i] = value[j, i] * quantiles[j, bits & np.uint64(0xFFFF)]
                else:
                    v[i] = value[j, i] * np.exp(sigma[j, i] * quantiles[0, bits & np.uint64(0xFFFF)])
                bits >>= np.uint64(16)
            least, most = v.min(), v.max()
            if fixed:
                least, most = low[j], high[j]
            span = most - least
            for i in range(n):
                if span > 0:
                    u = (v[i] - least) / span if sign[j] > 0 else (most - v[i]) / span
                    v[i] = min(max(u, 0.0), 1.0)
                else:
                    v[i] = 1.0
            if topsis:
                norm = np.sqrt((v * v).sum())
                norm = norm if norm > 0 else 1.0
                best, worst = v.max(), v.min()
                for i in range(n):
                    score[i] += w * ((v[i] - worst) / norm) ** 2
                    other[i] += w * ((best - v[i]) / norm) ** 2
            else:
                for i in range(n):
                    score[i] += w * v[i]
        if topsis:
            for i in range(n):
                near = np.sqrt(score[i])
                total = near + np.sqrt(other[i])
                score[i] = near / total if total > 0 else np.float32(1)
        _rank_into(score, out[d], order, bucket, count)


@numba.njit(cache=True, nogil=True)
def _summaries(
    drawn: Any, places: Any, edge: int, out: Any, top: Any, block: int, first_block: int, step: int
) -> None:
    """Quantiles of drawn ranks [draws, regions] by counting, for blocks of regions."""
    draws, n = drawn.shape
    blocks = (n + block - 1) // block
    for b in range(first_block, blocks, step):
        first = b * block
        last = min(first + block, n)
        width = last - first
        mine = np.empty((width, draws), dtype=np.uint16)
        for d in range(draws):
            for i in range(width):
                mine[i, d] = drawn[d, first + i]
        count = np.zeros(n + 2, dtype=np.int32)
        for i in range(width):
            least, most = n, 1
            within = 0
            for d in range(draws):
                r = mine[i, d]
                count[r] += 1
                least = min(least, r)
                most = max(most, r)
                if r <= edge:
                    within += 1
            top[first + i] = within / draws
            seen = 0
            q = 0
            for r in range(least, most + 1):
                seen += count[r]
                count[r] = 0
                while q < places.size and seen > places[q]:
                    out[q, first + i] = r
                    q += 1


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
    from tongyuan.synergy.normalise import bounds, min_max
    from tongyuan.synergy.topsis import topsis_improved, weighted_sum

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
    quantiles = ndtri((np.arange(65_536) + 0.5) / 65_536)
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
            _threads(_fixed_data, gain, loss, own, topsis, drawn)
        else:
            sigma = np.ascontiguousarray(np.sqrt(np.log1p(spread[t].T ** 2)))
            alike = bool((sigma == sigma[:, :1]).all())
            factors = np.exp(sigma[:, :1] * quantiles) if alike else quantiles[None, :]
            _threads(
                _drawn_data,
                np.ascontiguousarray(y[t].T),
                sigma,
                sign,
                np.ascontiguousarray(drawn_weight[:, t]),
                topsis,
                np.asarray(lower if fixed else none, dtype=np.float64),
                np.asarray(upper if fixed else none, dtype=np.float64),
                fixed,
                seeds[t],
                factors,
                alike,
                drawn,
            )
        _threads(_summaries, drawn, places, edge, quantile[t], top[t], 64)
    return Bands(rank, quantile[:, 0], quantile[:, 1], quantile[:, 2], top)
