"""Co-control coordinates: reductions of pollution (x) and carbon (y), their quadrant and angle."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Codes, Floats

QUADRANTS = ("co_reduction", "carbon_only", "co_increase", "pollution_only", "axis")


def quadrant(pollution: ArrayLike, carbon: ArrayLike) -> Codes:
    """Return the quadrant of each pair of reductions, as a position in :data:`QUADRANTS`.

    I co_reduction 同减, II carbon_only 减碳增污, III co_increase 同增, IV pollution_only 减污增碳; a pair on
    an axis (one of the two unchanged) is ``axis``. Every pair falls into exactly one.

    Parameters
    ----------
    pollution, carbon : array [...] [any unit]
        Reductions, positive when emissions fall.

    Returns
    -------
    array [...] of int

    Notes
    -----
    毛显强/邢有凯 school; definition ``unverified`` (not read in print).
    """
    x, y = check.finite(pollution, "pollution"), check.finite(carbon, "carbon")
    code = np.select(
        [(x > 0) & (y > 0), (x < 0) & (y > 0), (x < 0) & (y < 0), (x > 0) & (y < 0)], [0, 1, 2, 3], 4
    )
    return code.astype(np.int8)


def slope_angle(pollution: ArrayLike, carbon: ArrayLike) -> Floats:
    r"""Angle :math:`\operatorname{atan2}(y,x)` of the point seen from the origin.

    Between 0° and 90° both fall; nearer 90° the carbon effect is relatively greater. Meaningful only when the
    two axes share a unit (relative changes, or money).

    Returns
    -------
    array [...] [degree, −180–180]
        NaN at the origin.
    """
    x, y = check.finite(pollution, "pollution"), check.finite(carbon, "carbon")
    return np.where((x == 0) & (y == 0), np.nan, np.degrees(np.arctan2(y, x)))
