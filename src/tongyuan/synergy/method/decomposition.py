"""LMDI-I: which factor moved the emission, exactly, zero values included."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from tongyuan.synergy.index import check
from tongyuan.synergy.index.check import Floats, refuse

EFFECTS = ("activity", "structure", "intensity", "energy_mix", "factor", "control")


def logarithmic_mean(a: ArrayLike, b: ArrayLike) -> Floats:
    r"""Logarithmic mean :math:`L(a,b)=\frac{a-b}{\ln a-\ln b}`, :math:`L(a,a)=a`, 0 when either is 0."""
    x, y = check.not_negative(a, "a"), check.not_negative(b, "b")
    live = (x > 0) & (y > 0)
    p, q = np.where(live, x, 1.0), np.where(live, y, 1.0)
    # ln(p/q) by log1p keeps its digits when p and q are nearly equal
    gap = (p - q) / q
    small = np.abs(gap) < 1e-8
    log = np.where(
        small, 1.0, np.where(np.abs(gap) < 0.5, np.log1p(np.maximum(gap, -0.9)), np.log(p) - np.log(q))
    )
    mean = np.where(small, q * (1.0 + gap / 2.0), (p - q) / log)
    return np.where(live, mean, 0.0)


def lmdi_additive(before: ArrayLike, after: ArrayLike) -> Floats:
    r"""Additive LMDI-I effect of every factor in every cell.

    With :math:`E=\prod_k x_k`,

    .. math:: \Delta E_k=L(E^1,E^0)\,\ln\frac{x_k^1}{x_k^0},\qquad \sum_k\Delta E_k=E^1-E^0

    Zero values take their analytical limits: a cell that appears (E⁰ = 0) or vanishes (E¹ = 0) gives its
    whole change to the factors that are zero at that end, in equal parts; a factor that cannot be known at
    one end (0/0, given as NaN) is taken as unchanged. Cells absent at both ends contribute nothing.

    Parameters
    ----------
    before, after : array [factors, ...] [any unit]
        Factors x_k at both ends, ≥ 0; NaN only where the cell's emission is zero at that end.

    Returns
    -------
    array [factors, ...] [unit of the product]

    Notes
    -----
    Ang & Liu (2001), Energy 26(6):537–548; zero values: Ang & Liu (2007), Energy Policy 35(1):238–246 and
    Wood & Lenzen (2006), Energy Policy 34(12):1326–1331. Valid for factors ≥ 0; not for negative emissions
    (sinks).
    """
    x0, x1 = np.array(before, dtype=np.float64), np.array(after, dtype=np.float64)
    if x0.shape != x1.shape or x0.ndim < 1:
        raise refuse("shape", first=str(x0.shape), second=str(x1.shape))
    x0, x1 = np.where(np.isnan(x0), x1, x0), np.where(np.isnan(x1), x0, x1)
    x0, x1 = np.where(np.isnan(x0), 0.0, x0), np.where(np.isnan(x1), 0.0, x1)
    x0, x1 = check.not_negative(x0, "before"), check.not_negative(x1, "after")
    e0, e1 = x0.prod(axis=0), x1.prod(axis=0)
    both = (e0 > 0) & (e1 > 0)
    ratio = np.log(np.where(both, x1, 1.0) / np.where(both, x0, 1.0))
    effect = logarithmic_mean(e1, e0) * ratio
    for appears, zero, change in ((e0 == 0) & (e1 > 0), x0 == 0, e1), ((e0 > 0) & (e1 == 0), x1 == 0, -e0):
        count = zero.sum(axis=0)
        effect = np.where(appears, np.where(zero, change / np.maximum(count, 1), 0.0), effect)
    return np.asarray(effect, dtype=np.float64)


def lmdi_multiplicative(additive: ArrayLike, before: ArrayLike, after: ArrayLike) -> Floats:
    r"""Multiplicative LMDI-I index of every factor, from its summed additive effect.

    .. math:: D_k=\exp\frac{\Delta E_k}{L(E^1,E^0)},\qquad \prod_k D_k=\frac{E^1}{E^0}

    The identity :math:`w_i=L(E_i^1,E_i^0)/L(E^1,E^0)` makes this equal to the usual sum over cells, limits
    included.

    Parameters
    ----------
    additive : array [factors, ...] [unit of E]
        Effects of :func:`lmdi_additive` summed over the cells of a total.
    before, after : array [...] [unit of E]
        The totals.

    Returns
    -------
    array [factors, ...] [ratio]
        NaN where either total is zero.

    Notes
    -----
    Ang & Liu (2001), Energy 26(6):537–548.
    """
    effect = check.finite(additive, "additive")
    mean = logarithmic_mean(after, before)
    live = mean > 0
    return np.where(live, np.exp(np.where(live, effect / np.where(live, mean, 1.0), 0.0)), np.nan)


def chain(
    activity: ArrayLike,
    output: ArrayLike,
    energy: ArrayLike,
    mix: ArrayLike,
    generated: ArrayLike,
    emitted: ArrayLike,
) -> Floats:
    r"""Factors of :math:`E_{if}=Q\cdot\frac{Q_i}{Q}\cdot\frac{A_i}{Q_i}\cdot\frac{A_{if}}{A_i}\cdot
    \frac{U_{if}}{A_{if}}\cdot\frac{E_{if}}{U_{if}}`: activity, structure, intensity, energy mix, factor,
    control.

    Parameters
    ----------
    activity : array [...] [any unit]
        Q, the driver of the whole (GDP, output).
    output : array [...] [same unit]
        Q_i, the part of sector i.
    energy : array [...] [TJ]
        A_i, energy (or material) of sector i.
    mix : array [...] [TJ]
        A_if, of fuel f in sector i.
    generated : array [...] [t]
        U_if, emission before control.
    emitted : array [...] [t]
        E_if, emission after control.

    Returns
    -------
    array [6, ...]
        In the order of :data:`EFFECTS`; NaN where a ratio is 0/0.
    """
    steps = [
        check.not_negative(v, name)
        for v, name in (
            (activity, "activity"),
            (output, "output"),
            (energy, "energy"),
            (mix, "mix"),
            (generated, "generated"),
            (emitted, "emitted"),
        )
    ]
    arrays = np.broadcast_arrays(*steps)
    impossible = sum(int(np.count_nonzero((a == 0) & (b > 0))) for a, b in pairwise(arrays))
    if impossible:
        raise refuse("chain_broken", count=impossible)
    ratios = [np.array(arrays[0])]
    for a, b in pairwise(arrays):
        ratios.append(np.where(a > 0, b / np.where(a > 0, a, 1.0), np.nan))
    return np.stack(ratios)
