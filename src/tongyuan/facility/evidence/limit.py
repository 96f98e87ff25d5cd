"""At the limit: flat tops, and more hours just under the limit than a smooth distribution has."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from tongyuan.facility.evidence.balance import Array


def flat_top(value: Array, unit: float) -> tuple[float, int]:
    """Return the rate of so many values at the maximum under honest data, and how many there are.

    Where a distribution thins out, the last class holds no more than the one below it: of the values in both
    (one of them makes the maximum) half or fewer are at the top (binomial).
    """
    x = np.rint(value[np.isfinite(value)] / unit)
    if len(x) < 100:
        return np.nan, 0
    top = x.max()
    at, below = int((x == top).sum()), int((x == top - 1).sum())
    return float(stats.binom.sf(at - 2, at - 1 + below, 0.5)), at


def hugging(value: Array, limit: float, width: float = 0.04, bins: int = 24) -> tuple[float, float]:
    """Return the p-value of the share of hours just under a limit, and that share.

    Among hours within ``width · limit`` of the limit, those under it are compared with the share that a
    smooth
    curve (log-quadratic Poisson fit of the classes farther off, as in bunching estimates) expects; each
    stay near
    the limit counts as one observation.

    References
    ----------
    J. McCrary (2008), Journal of Econometrics 142, 698–714; H. Kleven (2016), Annual Review of Economics 8.
    """
    x = value[np.isfinite(value) & (value > 0)]
    h = width * limit
    low, high = int(((x >= limit - h) & (x < limit)).sum()), int(((x >= limit) & (x < limit + h)).sum())
    if len(x) < 200 or low + high < 8:
        return np.nan, np.nan
    edges = limit + h * np.arange(-bins, bins + 1)
    edges = edges[edges > 0]
    counts = np.histogram(x, edges)[0].astype(float)
    centre = (edges[:-1] + edges[1:]) / 2 / limit - 1
    far = (np.abs(centre) > width) & (np.arange(len(counts)) >= np.argmax(counts > 0))
    design = np.stack([np.ones(len(centre)), centre, centre**2], axis=1)
    beta = _poisson(design[far], counts[far])
    at = np.array([-width / 2, width / 2])
    rate = np.exp(np.clip(np.stack([np.ones(2), at, at**2], axis=1) @ beta, -50, 50))
    share = rate[0] / rate.sum()
    turns = _episodes((x >= limit - h) & (x < limit + h))
    spread = np.sqrt(share * (1 - share) * (turns**2).sum() / turns.sum() ** 2 + 0.03**2)
    return float(stats.norm.sf((low / (low + high) - share) / spread)), low / (low + high)


def _episodes(near: npt.NDArray[np.bool_]) -> Array:
    """Return how many hours each stay near the limit lasts."""
    edge = np.diff(np.concatenate([[False], near, [False]]).astype(np.int8))
    return np.asarray(np.flatnonzero(edge < 0) - np.flatnonzero(edge > 0), dtype=np.float64)


def _poisson(design: Array, counts: Array) -> Array:
    """Return the coefficients of a Poisson regression with logarithmic link (iterated least squares)."""
    beta = np.zeros(design.shape[1])
    beta[0] = np.log(counts.mean() + 0.1)
    for _ in range(25):
        mean = np.exp(np.clip(design @ beta, -30, 30))
        weight = design.T * mean
        step = np.linalg.solve(weight @ design + 1e-6 * np.eye(len(beta)), design.T @ (counts - mean))
        beta = beta + np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-8:
            break
    return beta
