"""Relative changes and cross-elasticities of pollutants and carbon."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats


def relative_change(before: ArrayLike, after: ArrayLike) -> Floats:
    r"""Relative change :math:`(E^1-E^0)/E^0`, array [...] [fraction]; NaN where :math:`E^0=0`."""
    e0, e1 = check.finite(before, "before"), check.finite(after, "after")
    defined = e0 != 0
    return np.where(defined, (e1 - e0) / np.where(defined, e0, 1.0), np.nan)


def cross_elasticity(change_a: ArrayLike, change_b: ArrayLike) -> Floats:
    r"""Cross-elasticity of pollutant a with respect to b.

    .. math:: Els_{a/b}=\frac{\Delta E_a/E_a}{\Delta E_b/E_b}

    Positive: both move the same way (co-benefit when both fall); negative: trade-off; zero: a is not moved.

    Parameters
    ----------
    change_a, change_b : array [...] [fraction]
        Relative changes, see :func:`relative_change`.

    Returns
    -------
    array [...] [dimensionless]
        NaN where b did not change or either change is undefined.

    Notes
    -----
    毛显强/邢有凯 school, e.g. 中国环境管理 2020 12(4):20–28; formula ``unverified`` (not read in print). Two
    increases also give a positive value: read it together with the quadrant. Not monotone, not a score.
    """
    a = np.asarray(change_a, dtype=np.float64)
    b = np.asarray(change_b, dtype=np.float64)
    defined = np.isfinite(a) & np.isfinite(b) & (b != 0)
    return np.where(defined, a / np.where(defined, b, 1.0), np.nan)
