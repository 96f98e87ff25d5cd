"""At the limit: flat tops, and more hours just under the limit than a smooth distribution has."""

from __future__ import annotations

import numpy as np
from scipy import stats

from tongyuan.facility.evidence.balance import Array


def thinned(value: Array) -> float:
    """Return by what factor autocorrelation makes counts of a series vary more: ``(1 + r) / (1 − r)``."""
    x = value - value.mean()
    below = float((x[:-1] ** 2).sum())
    keep = float(np.clip((x[1:] * x[:-1]).sum() / below if below else 0.0, 0.0, 0.98))
    return (1 + keep) / (1 - keep)


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

    Among hours within ``width · limit`` of the limit, those under it are compared with the share a
    smooth curve
    (log-quadratic Poisson fit of the classes farther off, as in bunching estimates) expects; the counts are
    thinned by the series' autocorrelation.

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
    factor = thinned(x)
    near, total = low / factor, (low + high) / factor
    spread = np.sqrt(share * (1 - share) / max(total, 1e-9) + 0.03**2)
    return float(stats.norm.sf((near / total - share) / spread)), low / (low + high)


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
