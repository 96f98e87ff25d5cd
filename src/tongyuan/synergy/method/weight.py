"""Weights: entropy, CRITIC, equal, analytic hierarchy and their combinations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.reference.shelf import shelf
from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats, refuse


def equal(count: int) -> Floats:
    """Return `count` equal weights, array [indicators] [fraction, sum 1]."""
    if count < 1:
        raise refuse("weight_zero")
    return np.full(count, 1.0 / count)


def _shares(raw: Floats) -> Floats:
    total = raw.sum(axis=-1, keepdims=True)
    return np.where(total > 0, raw / np.where(total > 0, total, 1.0), 1.0 / raw.shape[-1])


def entropy(normalised: ArrayLike, shift: float = 0.0) -> Floats:
    r"""Entropy weights.

    .. math:: P_{ij}=\frac{V_{ij}}{\sum_i V_{ij}},\quad E_j=-\frac{1}{\ln n}\sum_i P_{ij}\ln P_{ij},\quad
              w_j=\frac{1-E_j}{\sum_j (1-E_j)}

    with 0·ln 0 = 0. An indicator equal everywhere has weight 0; if all are, weights are equal.

    Parameters
    ----------
    normalised : array [..., regions, indicators] [0–1]
    shift : float [same]
        Added to every value before the shares; some papers use 0.0001 or 1 (ChinaXiv-202208.00077).

    Returns
    -------
    array [..., indicators] [fraction, sum 1]

    Notes
    -----
    As printed in 生态学报, ChinaXiv-201711.00050. Needs two regions or more and values ≥ 0. Relative: the
    weights change when the set of regions changes, and a change of one region's data moves everybody's
    weights.
    """
    v = check.not_negative(normalised, "normalised") + shift
    n = v.shape[-2]
    if n < 2:
        raise refuse("too_few_regions", given=n, needed=2)
    total = v.sum(axis=-2, keepdims=True)
    share = np.where(total > 0, v / np.where(total > 0, total, 1.0), 1.0 / n)
    plogp = np.where(share > 0, share * np.log(np.where(share > 0, share, 1.0)), 0.0)
    diversity = np.maximum(1.0 + plogp.sum(axis=-2) / np.log(n), 0.0)
    flat = np.ptp(v, axis=-2) == 0
    return _shares(np.where(flat, 0.0, diversity))


def critic(normalised: ArrayLike) -> Floats:
    r"""CRITIC weights: contrast times conflict.

    .. math:: C_j=\sigma_j\sum_k(1-r_{jk}),\qquad w_j=C_j/\sum_j C_j

    with the sample standard deviation σ and Pearson's r. A constant indicator has weight 0; when nothing
    conflicts, the indicators that vary share equally.

    Parameters
    ----------
    normalised : array [..., regions, indicators] [0–1]

    Returns
    -------
    array [..., indicators] [fraction, sum 1]

    Notes
    -----
    Diakoulaki, Mavrotas & Papayannakis (1995), Computers & Operations Research 22(7):763–770. Needs two
    regions or more. Relative: weights change when the set of regions changes.
    """
    v = check.finite(normalised, "normalised")
    n = v.shape[-2]
    if n < 2:
        raise refuse("too_few_regions", given=n, needed=2)
    centred = v - v.mean(axis=-2, keepdims=True)
    sigma = np.sqrt((centred**2).sum(axis=-2) / (n - 1))
    live = sigma > 1e-15
    unit = centred / np.where(live, sigma, 1.0)[..., None, :] * live[..., None, :]
    correlation = np.swapaxes(unit, -1, -2) @ unit / (n - 1)
    both = live[..., :, None] & live[..., None, :]
    conflict = np.where(both, 1.0 - np.clip(correlation, -1.0, 1.0), 0.0)
    # rounding must not let a perfect correlation look like a conflict
    total = np.where(conflict > 1e-12, conflict, 0.0).sum(axis=-1)
    raw = sigma * total
    return _shares(np.where(raw.sum(axis=-1, keepdims=True) > 0, raw, live))


def product(first: ArrayLike, second: ArrayLike) -> Floats:
    r"""Combined weight by product, :math:`w_j=w^1_jw^2_j/\sum_j w^1_jw^2_j`, array [indicators]."""
    a = check.not_negative(first, "weight")
    return check.weights(a * check.weights(second, a.shape[-1]), a.shape[-1])


def linear(first: ArrayLike, second: ArrayLike, share: float = 0.5) -> Floats:
    r"""Combined weight by mixture: :math:`w=\alpha w^1+(1-\alpha)w^2` with `share` = α in [0, 1]."""
    if not 0 <= share <= 1:
        raise refuse("share_range", value=share)
    a = np.asarray(first, dtype=np.float64)
    count = a.shape[-1]
    return share * check.weights(a, count) + (1 - share) * check.weights(second, count)


@dataclass(frozen=True)
class Hierarchy:
    """Result of one pairwise-comparison matrix.

    Attributes
    ----------
    weight : array [n] [fraction]
    principal : float
        Largest eigenvalue λmax.
    index, ratio : float
        Consistency index CI and consistency ratio CR.
    consistent : bool
        CR < 0.1.
    worst : tuple[int, int]
        Row and column of the judgement farthest from the weights.
    judged, implied : float
        That judgement as given, and the value the weights imply.
    """

    weight: Floats
    principal: float
    index: float
    ratio: float
    consistent: bool
    worst: tuple[int, int]
    judged: float
    implied: float


def ahp(matrix: ArrayLike, random_index: str = "saaty_2005") -> Hierarchy:
    r"""Analytic hierarchy process: principal eigenvector and consistency of a pairwise-comparison matrix.

    .. math:: Aw=\lambda_{\max}w,\quad CI=\frac{\lambda_{\max}-n}{n-1},\quad CR=\frac{CI}{RI_n}<0.1

    The worst judgement is the pair with the greatest :math:`|\ln(a_{ij}w_j/w_i)|`.

    Parameters
    ----------
    matrix : array [n, n] [ratio]
        Positive and reciprocal, ``a[i, j] = 1 / a[j, i]``; n from 1 to 10.
    random_index : str
        Set of shelf ``ahp_random_index``: ``saaty_2005`` (0.52, 0.89, 1.11 …) or the older ``saaty_1980``
        (0.58, 0.90, 1.12 …) usual in Chinese papers, which was not read in print (status ``unverified``).

    Returns
    -------
    Hierarchy

    Notes
    -----
    Saaty (1980), The Analytic Hierarchy Process, McGraw-Hill; random index of Saaty (2005), Theory and
    Applications of the Analytic Network Process, p. 31.
    """
    a = check.finite(matrix, "matrix")
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        raise refuse("ahp_square", shape="×".join(map(str, a.shape)))
    if np.any(a <= 0) or not np.allclose(a * a.T, 1.0, rtol=1e-3):
        bad = np.argwhere((a <= 0) | ~np.isclose(a * a.T, 1.0, rtol=1e-3))[0]
        raise refuse("ahp_reciprocal", line=int(bad[0]) + 1, place=int(bad[1]) + 1)
    n = a.shape[0]
    rows = shelf("ahp_random_index").to_dicts()
    table = {int(row["n"]): float(row["value"]) for row in rows if row["set"] == random_index}
    if not table:
        known = ", ".join(sorted({row["set"] for row in rows}))
        raise refuse("unknown_method", kind="random_index", name=random_index, known=known)
    if n not in table:
        raise refuse("ahp_size", given=n, largest=max(table))
    values, vectors = np.linalg.eig(a)
    place = int(np.argmax(values.real))
    weight = np.abs(vectors[:, place].real)
    weight = weight / weight.sum()
    principal = float(values[place].real)
    ci = (principal - n) / (n - 1) if n > 1 else 0.0
    ratio = ci / table[n] if table[n] > 0 else 0.0
    strain = np.abs(np.log(a * weight[None, :] / weight[:, None]))
    row, column = (int(k) for k in np.unravel_index(int(np.argmax(np.triu(strain, 1))), a.shape))
    return Hierarchy(
        weight=weight,
        principal=principal,
        index=ci,
        ratio=ratio,
        consistent=ratio < 0.1,
        worst=(row, column),
        judged=float(a[row, column]),
        implied=float(weight[row] / weight[column]),
    )
