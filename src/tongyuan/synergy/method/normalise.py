"""Normalisation: indicators of any unit and direction become numbers where more is better.

Every function takes ``values`` of shape ``[..., regions, indicators]`` and ``direction`` of shape
``[indicators]`` (+1: more is better, −1: less is better). Leading axes (years, draws) are separate samples.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index.check import Floats, as_floats, finite, not_negative, refuse


def _direction(direction: ArrayLike, count: int) -> Floats:
    sign = np.asarray(direction, dtype=np.float64)
    if sign.shape != (count,) or not np.all(np.abs(sign) == 1):
        raise refuse("direction", expected=count)
    return sign


def min_max(values: ArrayLike, direction: ArrayLike) -> Floats:
    r"""Min–max normalisation over the regions of the sample (relative: it changes with the set of regions).

    .. math:: V=\frac{y-\min y}{\max y-\min y}\ (+),\qquad V=\frac{\max y-y}{\max y-\min y}\ (-)

    An indicator equal in all regions tells them nothing apart: V = 1 (own rule) and its data-driven weight
    is 0.

    Parameters
    ----------
    values : array [..., regions, indicators] [any unit]
    direction : array [indicators] [+1 or −1]

    Returns
    -------
    array [..., regions, indicators] [0–1]

    Notes
    -----
    As printed in 生态学报, ChinaXiv-201711.00050. Valid for any finite values.
    """
    y = finite(values, "values")
    sign = _direction(direction, y.shape[-1])
    low = y.min(axis=-2, keepdims=True)
    high = y.max(axis=-2, keepdims=True)
    span = high - low
    worst = np.where(sign > 0, low, high)
    return as_floats(np.where(span > 0, (y - worst) * sign / np.where(span > 0, span, 1.0), 1.0))


def bounds(values: ArrayLike, direction: ArrayLike, lower: ArrayLike, upper: ArrayLike) -> Floats:
    r"""Normalise between fixed bounds, cut to [0, 1] (absolute: independent of the set of regions).

    .. math:: V=\operatorname{clip}\frac{y-\beta}{\alpha-\beta}\ (+),\qquad
              V=\operatorname{clip}\frac{\alpha-y}{\alpha-\beta}\ (-)

    Parameters
    ----------
    values : array [..., regions, indicators] [any unit]
    direction : array [indicators] [+1 or −1]
    lower, upper : array [indicators] [unit of the indicator]
        Bounds β < α.

    Returns
    -------
    array [..., regions, indicators] [0–1]
    """
    y = finite(values, "values")
    sign = _direction(direction, y.shape[-1])
    low, high = finite(lower, "lower"), finite(upper, "upper")
    if np.any(high <= low):
        raise refuse("bounds_order")
    worst = np.where(sign > 0, low, high)
    return np.clip((y - worst) * sign / (high - low), 0.0, 1.0)


def vector(values: ArrayLike, direction: ArrayLike) -> Floats:
    r"""Vector normalisation :math:`y/\sqrt{\sum y^2}`; cost indicators become ``1 −`` that value.

    Valid for values ≥ 0. Hwang & Yoon (1981), Multiple Attribute Decision Making, Springer.
    """
    y = not_negative(values, "values")
    sign = _direction(direction, y.shape[-1])
    norm = np.sqrt((y**2).sum(axis=-2, keepdims=True))
    ratio = np.divide(y, norm, out=np.zeros_like(y), where=norm > 0)
    return as_floats(np.where(sign > 0, ratio, 1.0 - ratio))


def sum_share(values: ArrayLike, direction: ArrayLike) -> Floats:
    r"""Share of the sum: :math:`y/\sum y` for benefits, :math:`(1/y)/\sum(1/y)` for costs; values > 0."""
    y = not_negative(values, "values")
    sign = _direction(direction, y.shape[-1])
    if np.any(y[..., sign < 0] == 0):
        raise refuse("zero_cost")
    z = np.where(sign > 0, y, 1.0 / np.where(y > 0, y, 1.0))
    total = z.sum(axis=-2, keepdims=True)
    return as_floats(np.divide(z, total, out=np.zeros_like(z), where=total > 0))


def max_ratio(values: ArrayLike, direction: ArrayLike) -> Floats:
    r"""Ratio to the best: :math:`y/\max y` for benefits, :math:`\min y/y` for costs; values > 0 for costs."""
    y = not_negative(values, "values")
    sign = _direction(direction, y.shape[-1])
    if np.any(y[..., sign < 0] == 0):
        raise refuse("zero_cost")
    high = y.max(axis=-2, keepdims=True)
    low = y.min(axis=-2, keepdims=True)
    benefit = np.divide(y, high, out=np.zeros_like(y), where=high > 0)
    return as_floats(np.where(sign > 0, benefit, low / np.where(y > 0, y, 1.0)))


def z_score(values: ArrayLike, direction: ArrayLike) -> Floats:
    r"""Standard score :math:`\pm(y-\bar y)/s` with the sample standard deviation; 0 where all are equal.

    Not bounded to [0, 1]: usable for CRITIC and ranking, not for coupling or entropy.
    """
    y = finite(values, "values")
    sign = _direction(direction, y.shape[-1])
    if y.shape[-2] < 2:
        raise refuse("too_few_regions", given=y.shape[-2], needed=2)
    deviation = y.std(axis=-2, ddof=1, keepdims=True)
    centred = (y - y.mean(axis=-2, keepdims=True)) * sign
    return as_floats(np.divide(centred, deviation, out=np.zeros_like(y), where=deviation > 0))
