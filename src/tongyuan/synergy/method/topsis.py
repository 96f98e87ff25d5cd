"""TOPSIS: closeness to the best and distance from the worst."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats
from tongyuan.synergy.method.normalise import _direction


def _closeness(best: Floats, worst: Floats) -> Floats:
    total = best + worst
    return np.where(total > 0, worst / np.where(total > 0, total, 1.0), 1.0)


def topsis_improved(normalised: ArrayLike, weight: ArrayLike) -> Floats:
    r"""TOPSIS with the weights inside the distance (relative to the regions of the sample).

    .. math:: a_{ij}=\frac{V_{ij}}{\sqrt{\sum_i V_{ij}^2}},\quad
              D^\pm_i=\sqrt{\sum_j w_j(a^\pm_j-a_{ij})^2},\quad C_i=\frac{D^-_i}{D^+_i+D^-_i}

    Parameters
    ----------
    normalised : array [..., regions, indicators] [0–1, more is better]
    weight : array [indicators] or [..., indicators] [fraction]

    Returns
    -------
    array [..., regions] [0–1]
        1 when all regions are equal.

    Notes
    -----
    As printed in 生态学报, ChinaXiv-201711.00050. With min–max values this is not monotone: the worst region
    of an indicator can gain by becoming still worse, because everybody else's distance shrinks.
    """
    v = check.not_negative(normalised, "normalised")
    w = check.weights(weight, v.shape[-1])[..., None, :]
    norm = np.sqrt((v**2).sum(axis=-2, keepdims=True))
    a = np.divide(v, norm, out=np.zeros_like(v), where=norm > 0)
    best = np.sqrt((w * (a.max(axis=-2, keepdims=True) - a) ** 2).sum(axis=-1))
    worst = np.sqrt((w * (a.min(axis=-2, keepdims=True) - a) ** 2).sum(axis=-1))
    return _closeness(best, worst)


def topsis_classical(values: ArrayLike, weight: ArrayLike, direction: ArrayLike) -> Floats:
    r"""TOPSIS of Hwang & Yoon: weights inside the matrix (relative to the regions of the sample).

    .. math:: v_{ij}=w_j\frac{y_{ij}}{\sqrt{\sum_i y_{ij}^2}},\quad
              D^\pm_i=\sqrt{\sum_j (v_{ij}-v^\pm_j)^2},\quad C_i=\frac{D^-_i}{D^+_i+D^-_i}

    Parameters
    ----------
    values : array [..., regions, indicators] [any unit, ≥ 0]
    weight : array [indicators] or [..., indicators] [fraction]
    direction : array [indicators] [+1 or −1]

    Returns
    -------
    array [..., regions] [0–1]

    Notes
    -----
    Hwang & Yoon (1981), Multiple Attribute Decision Making, Springer, pp. 58–191.
    """
    y = check.not_negative(values, "values")
    sign = _direction(direction, y.shape[-1])
    w = check.weights(weight, y.shape[-1])[..., None, :]
    norm = np.sqrt((y**2).sum(axis=-2, keepdims=True))
    v = w * sign * np.divide(y, norm, out=np.zeros_like(y), where=norm > 0)
    best = np.sqrt(((v - v.max(axis=-2, keepdims=True)) ** 2).sum(axis=-1))
    worst = np.sqrt(((v - v.min(axis=-2, keepdims=True)) ** 2).sum(axis=-1))
    return _closeness(best, worst)


def topsis_fixed(normalised: ArrayLike, weight: ArrayLike) -> Floats:
    r"""TOPSIS between the fixed ideals 1 and 0 (absolute and monotone: independent of the other regions).

    .. math:: D^+_i=\sqrt{\sum_j w_j(1-V_{ij})^2},\quad D^-_i=\sqrt{\sum_j w_jV_{ij}^2},\quad
              C_i=\frac{D^-_i}{D^+_i+D^-_i}

    Own form: the distance of :func:`topsis_improved` with the bounds of the indicators as ideals.

    Parameters
    ----------
    normalised : array [..., regions, indicators] [0–1, more is better]
    weight : array [indicators] or [..., indicators] [fraction]

    Returns
    -------
    array [..., regions] [0–1]
    """
    v = check.not_negative(normalised, "normalised")
    w = check.weights(weight, v.shape[-1])[..., None, :]
    best = np.sqrt((w * (1.0 - v) ** 2).sum(axis=-1))
    worst = np.sqrt((w * v**2).sum(axis=-1))
    return _closeness(best, worst)


def weighted_sum(normalised: ArrayLike, weight: ArrayLike) -> Floats:
    r"""Weighted sum :math:`\sum_j w_jV_{ij}`, array [..., regions] [0–1]; monotone for fixed weights."""
    v = check.finite(normalised, "normalised")
    w = check.weights(weight, v.shape[-1])
    return np.asarray((v * w[..., None, :]).sum(axis=-1), dtype=np.float64)


def weighted_geometric(normalised: ArrayLike, weight: ArrayLike) -> Floats:
    r"""Weighted geometric mean :math:`\prod_j V_{ij}^{w_j}`, array [..., regions] [0–1].

    One indicator at zero makes the score zero: no compensation. Monotone for fixed weights.
    """
    v = check.not_negative(normalised, "normalised")
    w = check.weights(weight, v.shape[-1])[..., None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(w > 0, w * np.log(v), 0.0)
    return check.as_floats(np.exp(logs.sum(axis=-1)))
