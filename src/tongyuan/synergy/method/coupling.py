"""Coupling coordination: three published forms of C, the degree D, its classes, the lagging side."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongyuan.reference.shelf import shelf
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Codes, Floats, refuse

IN_STEP = -1


def _levels(levels: ArrayLike) -> Floats:
    u = check.finite(levels, "levels")
    if u.shape[-1] < 2:
        raise refuse("too_few_systems", given=u.shape[-1])
    if np.any((u < 0) | (u > 1)):
        raise refuse("level_range")
    return u


def _balance(u: Floats) -> Floats:
    """Return the ratio of geometric to arithmetic mean, 0 where all levels are zero."""
    n = u.shape[-1]
    mean = u.mean(axis=-1)
    ratio = u / np.where(mean > 0, mean, 1.0)[..., None]
    return np.asarray(np.minimum(np.prod(ratio, axis=-1) ** (1.0 / n), 1.0), dtype=np.float64)


def coupling_traditional(levels: ArrayLike) -> Floats:
    r"""Coupling degree, traditional form.

    .. math:: C=\left[\frac{\prod_i U_i}{(\sum_i U_i/n)^n}\right]^{1/n},\qquad
              n=2:\ C=\frac{2\sqrt{U_1U_2}}{U_1+U_2}

    Parameters
    ----------
    levels : array [..., systems] [0–1]

    Returns
    -------
    array [...] [0–1]
        0 when every level is 0.

    Notes
    -----
    As printed in ChinaXiv-202006.00126 (Zhangye, table 7). Little contrast: most pairs lie near 1.
    """
    return _balance(_levels(levels))


def coupling_k_power(levels: ArrayLike, k: float = 2.0) -> Floats:
    r"""Coupling degree of two systems, power form.

    .. math:: C=\left\{\frac{U_1U_2}{[(U_1+U_2)/2]^2}\right\}^k,\qquad k\ge 2

    Parameters
    ----------
    levels : array [..., 2] [0–1]
    k : float
        Adjustment coefficient, usually 2.

    Returns
    -------
    array [...] [0–1]

    Notes
    -----
    As printed in ChinaXiv-201911.00067 §2.2 (Aksu 1990–2015), two systems only.
    """
    u = _levels(levels)
    if u.shape[-1] != 2:
        raise refuse("two_systems", given=u.shape[-1])
    if k < 2:
        raise refuse("k_range", value=k)
    return np.asarray(_balance(u) ** (2.0 * k), dtype=np.float64)


def coupling_modified(levels: ArrayLike) -> Floats:
    r"""Coupling degree, modified form, which spreads over [0, 1].

    .. math:: C=\sqrt{\left[1-\frac{\sum_{i>j}\sqrt{(U_i-U_j)^2}}{n(n-1)/2}\right]
              \left(\prod_i\frac{U_i}{\max U}\right)^{1/(n-1)}}

    Parameters
    ----------
    levels : array [..., systems] [0–1]

    Returns
    -------
    array [...] [0–1]

    Notes
    -----
    王淑佳 等 (2021), 自然资源学报 36(3):793–810. Status ``unverified``: the formula was not read in the
    paper; its published pairs of traditional and modified C are consistent with it.
    """
    u = _levels(levels)
    n = u.shape[-1]
    top = u.max(axis=-1)
    ordered = np.sort(u, axis=-1)
    rank = 2 * np.arange(n) - (n - 1)
    spread = (ordered * rank).sum(axis=-1) / (n * (n - 1) / 2)
    ratio = u / np.where(top > 0, top, 1.0)[..., None]
    square = (1.0 - spread) * np.prod(ratio, axis=-1) ** (1.0 / (n - 1))
    return np.asarray(np.sqrt(np.clip(square, 0.0, 1.0)), dtype=np.float64)


def development(levels: ArrayLike, share: ArrayLike | None = None) -> Floats:
    r"""Comprehensive level :math:`T=\sum_i\alpha_iU_i` (equal α when not given), array [...] [0–1]."""
    u = _levels(levels)
    alpha = np.ones(u.shape[-1]) if share is None else share
    return np.asarray((u * check.weights(alpha, u.shape[-1])).sum(axis=-1), dtype=np.float64)


def coordination(coupling: ArrayLike, comprehensive: ArrayLike) -> Floats:
    r"""Coupling coordination degree :math:`D=\sqrt{C\cdot T}`, array [...] [0–1].

    Monotone in every level only with the traditional C and equal shares, where D² is the geometric mean of
    the levels; with the other forms D may fall when one system improves far beyond the other.
    """
    return np.sqrt(check.not_negative(coupling, "C") * check.not_negative(comprehensive, "T"))


def classify(scheme: str, values: ArrayLike) -> NDArray[np.int64]:
    """Return the number (from 0) of the class each value falls into.

    Parameters
    ----------
    scheme : str
        ``coupling`` (four classes of C; geog.com.cn 2021 76(4):781, table 1) or ``coordination`` (ten classes
        of D, closed on the left; same and ChinaXiv-202205.00109).
    values : array [...] [0–1]

    Returns
    -------
    array of int
    """
    v = check.finite(values, "values")
    rows = shelf("synergy_class").filter(shelf("synergy_class")["scheme"] == scheme)
    if rows.is_empty():
        raise refuse("unknown_method", kind="class", name=scheme, known="coupling, coordination")
    edges = np.array([float(x) for x in rows["lower"]][1:])
    # decimal edges are met within rounding, so that 0.3 typed or computed falls into the same class
    side: Literal["left", "right"] = "left" if rows["closed"][0] == "right" else "right"
    return np.asarray(np.searchsorted(edges, np.round(v, 12), side=side), dtype=np.int64)


def lagging(levels: ArrayLike, tolerance: float = 0.1) -> Codes:
    """Return which system lags: its position, or −1 when the levels are within `tolerance` of each other.

    Parameters
    ----------
    levels : array [..., systems] [0–1]
    tolerance : float [same]
        Greatest difference still called in step (同步).

    Returns
    -------
    array [...] of int

    Notes
    -----
    Rule as printed in ChinaXiv-202208.00077 for two systems; with more, the lowest level is named.
    """
    u = _levels(levels)
    apart = np.ptp(u, axis=-1) > tolerance + 1e-12
    return np.where(apart, u.argmin(axis=-1), IN_STEP).astype(np.int8)
