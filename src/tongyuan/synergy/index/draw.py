"""The inner loops of rank stability, compiled: draw, normalise, aggregate, rank, count.

Regions lie along the last axis, so that one pass over an indicator stays in the nearest cache.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

PICKS = 4096
"""Equally likely quantiles that data are drawn from: a table of them stays in the nearest cache.

Their standard deviation is 0.9998 of the normal one, their ends are at 3.67 standard deviations.
"""


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
def fixed_data(gain: Any, loss: Any, weight: Any, square_root: bool, out: Any, first: int, step: int) -> None:
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
def _pick(v: Any, table: Any, state: Any) -> Any:
    """Fill `v` from the :data:`PICKS` entries of `table`; return the state of the splitmix64 stream.

    One word of the stream yields four places, so `v` has a multiple of four entries.
    """
    most = np.uint64(PICKS - 1)
    for i in range(0, v.size, 4):
        state += np.uint64(0x9E3779B97F4A7C15)
        z = state
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
        v[i] = table[z & most]
        v[i + 1] = table[(z >> np.uint64(16)) & most]
        v[i + 2] = table[(z >> np.uint64(32)) & most]
        v[i + 3] = table[(z >> np.uint64(48)) & most]
    return state


@numba.njit(cache=True, nogil=True, fastmath=True)
def _spread(v: Any, value: Any, sigma: Any, alike: bool) -> None:
    """Turn picks into drawn values: they are factors where all are `alike`, else normal numbers."""
    if alike:
        for i in range(v.size):
            v[i] *= value[i]
    else:
        for i in range(v.size):
            v[i] = value[i] * np.exp(sigma[i] * v[i])


@numba.njit(cache=True, nogil=True, fastmath=True)
def _normalise(v: Any, sign: float, low: float, high: float, fixed: bool) -> None:
    """Put `v` on the scale 0–1 between `low` and `high`, or between its own ends."""
    least, most = v[0], v[0]
    for i in range(v.size):
        least = min(least, v[i])
        most = max(most, v[i])
    if fixed:
        least, most = np.float32(low), np.float32(high)
    span = most - least
    scale = np.float32(1) / span if span > 0 else np.float32(0)
    origin = least if sign > 0 else most
    slope = scale if sign > 0 else -scale
    start = np.float32(0) if span > 0 else np.float32(1)
    for i in range(v.size):
        v[i] = min(max(start + (v[i] - origin) * slope, np.float32(0)), np.float32(1))


@numba.njit(cache=True, nogil=True, fastmath=True)
def _distances(v: Any, weight: float, near: Any, far: Any) -> None:
    """Add the weighted squared distances of one vector-normalised indicator from its worst and its best."""
    squares = np.float32(0)
    worst, best = v[0], v[0]
    for i in range(v.size):
        squares += v[i] * v[i]
        worst = min(worst, v[i])
        best = max(best, v[i])
    share = weight / squares if squares > 0 else weight
    for i in range(v.size):
        near[i] += share * (v[i] - worst) * (v[i] - worst)
        far[i] += share * (best - v[i]) * (best - v[i])


@numba.njit(cache=True, nogil=True)
def drawn_data(
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
    """Rank every draw of weights and data; value and sigma are [indicators, padded regions], in single.

    The regions are those of `out`, padded to a multiple of four. `quantiles` [indicators, picks] are those
    of the factor itself where all regions are `alike` in their error, else [1, picks] those of a standard
    normal number. Every draw has a stream of its own seed.
    """
    draws, m = weight.shape
    n = out.shape[1]
    score = np.empty(n, dtype=np.float32)
    other = np.empty(n, dtype=np.float32)
    padded = np.empty(value.shape[1], dtype=np.float32)
    v = padded[:n]
    order = np.empty(n, dtype=np.int32)
    bucket = np.empty(n, dtype=np.int32)
    count = np.empty(2 * n + 3, dtype=np.int32)
    for d in range(first, draws, step):
        state = seeds[d]
        score[:] = 0
        other[:] = 0
        for j in range(m):
            state = _pick(padded, quantiles[j if alike else 0], state)
            _spread(padded, value[j], sigma[j], alike)
            _normalise(v, sign[j], low[j], high[j], fixed)
            w = weight[d, j]
            if topsis:
                _distances(v, w, score, other)
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
def summaries(
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
