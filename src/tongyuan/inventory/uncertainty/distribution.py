r"""Distributions of a factor from its value and its 95 % limits, as multipliers of the value.

``normal``
    Half width = mean of the two half widths. Where it would reach below zero, the normal is truncated at
    zero with its parameters chosen so that the mean stays the value and the 97.5 % point stays the upper
    limit (possible up to upper/value = −ln 0.025 ≈ 3.69, the exponential; wider ones are taken as lognormal).
``lognormal``
    Mean = value, :math:`\sigma = \ln(U/L) / (2 z)`. Published limits are seldom exactly lognormal about the
    published value: the fit keeps the value as the mean (so totals stay unbiased) and the ratio of the
    limits (so the width is right). With a lower limit of zero or below, σ solves
    :math:`e^{z\sigma - \sigma^2/2} = U/v`, at most σ = z.
``triangular``
    Mode = value, the 2.5 % and 97.5 % points are the limits; its mean is not the value when they are skew.
``uniform``
    The limits enclose 95 % of the width: the ends lie 1/38 of their distance further out.

z = 1.959964. A record without a distribution is lognormal when its upper half width is over 30 % and wider
than the lower by more than a tenth, normal otherwise; a record without limits does not vary.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import special

Floats = npt.NDArray[np.float64]
Z = float(special.ndtri(0.975))
FIXED, NORMAL, TRUNCATED, LOGNORMAL, TRIANGULAR, UNIFORM = range(6)
NAMES = {"normal": NORMAL, "lognormal": LOGNORMAL, "triangular": TRIANGULAR, "uniform": UNIFORM}
_WIDE, _SKEW = 0.3, 1.1
_EXPONENTIAL = -float(np.log(0.025))


class Fitted(NamedTuple):
    """Distributions of multipliers, one per record; shapes (records,)."""

    kind: npt.NDArray[np.int64]
    a: Floats
    """First parameter: mean, log-mean, low end."""
    b: Floats
    """Second parameter: standard deviation, log-deviation, high end."""
    mean: Floats
    deviation: Floats
    """Standard deviation of the multiplier."""


def _truncated(upper: Floats) -> tuple[Floats, Floats]:
    """Return mean and deviation of the normals that, cut at zero, have mean 1 and 97.5 % point `upper`.

    With α = −μ/σ the ratio of the 97.5 % point to the mean depends on α alone and rises with it: one
    bisection for all records.
    """

    def shape(alpha: Floats) -> tuple[Floats, Floats]:
        tail = special.ndtr(-alpha)
        mean = np.exp(-0.5 * alpha**2) / np.sqrt(2 * np.pi) / tail - alpha
        return mean, -special.ndtri(0.025 * tail) - alpha

    low, high = np.full_like(upper, -40.0), np.full_like(upper, 12.0)
    for _ in range(80):
        middle = (low + high) / 2
        mean, point = shape(middle)
        above = point / mean > upper
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    alpha = (low + high) / 2
    sigma = 1.0 / shape(alpha)[0]
    return -alpha * sigma, sigma


def _triangle(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Return the ends of triangles with mode 1 and 2.5 % and 97.5 % points `lower` and `upper`."""
    a, b = 1 - 1.3 * (1 - lower), 1 + 1.3 * (upper - 1)
    for _ in range(200):
        width = b - a
        # F(lower) = (lower - a)^2 / (width (1 - a)) = 0.025, and the mirror image of it
        a = lower - np.sqrt(0.025 * width * np.maximum(1 - a, 0.0))
        b = upper + np.sqrt(0.025 * width * np.maximum(b - 1, 0.0))
    return a, b


def fit(
    value: Floats, lower: Floats, upper: Floats, distribution: list[str], *, truncate: bool = True
) -> Fitted:
    """Fit the distribution of each record as a multiplier of its value.

    Parameters
    ----------
    value, lower, upper
        Value and 95 % limits, NaN where there is none; shapes (records,).
    distribution
        Name of each distribution, empty where the record names none.
    truncate
        Cut normals at zero.

    Returns
    -------
    Fitted
        Records without both limits, with value zero or with limits that do not enclose it are fixed at 1.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = lower / value, upper / value
    low, high = np.where(value < 0, high, low), np.where(value < 0, low, high)
    known = np.isfinite(low) & np.isfinite(high) & (low <= 1) & (high >= 1) & (high > low)
    low, high = np.where(known, low, 1.0), np.where(known, high, 1.0)
    kind = np.array([NAMES.get(name, -1) for name in distribution], dtype=np.int64)
    skew = (high - 1 > _WIDE) & (high - 1 > _SKEW * (1 - low))
    kind = np.where(kind < 0, np.where(skew, LOGNORMAL, NORMAL), kind)
    kind = np.where(known, kind, FIXED)
    sigma = (high - low) / (2 * Z)
    cut = truncate & (kind == NORMAL) & (sigma > 1 / 4.5)
    top = np.maximum(high, 1 + Z * sigma)
    kind = np.where(cut, np.where(top < _EXPONENTIAL, TRUNCATED, LOGNORMAL), kind)

    count = len(value)
    a, b, mean = np.ones(count), np.zeros(count), np.ones(count)
    deviation = np.zeros(count)
    of = kind == NORMAL
    b[of] = deviation[of] = sigma[of]
    of = kind == TRUNCATED
    a[of], b[of] = _truncated(top[of])
    with np.errstate(divide="ignore", invalid="ignore"):
        alpha = -a[of] / b[of]
        hazard = np.exp(-0.5 * alpha**2) / np.sqrt(2 * np.pi) / special.ndtr(-alpha)
        deviation[of] = b[of] * np.sqrt(np.maximum(1 + alpha * hazard - hazard**2, 0.0))
    of = kind == LOGNORMAL
    with np.errstate(divide="ignore", invalid="ignore"):
        both = np.log(high[of] / low[of]) / (2 * Z)
        one = Z - np.sqrt(np.maximum(Z**2 - 2 * np.log(high[of]), 0.0))
    b[of] = np.where(low[of] > 0, both, one)
    a[of] = -0.5 * b[of] ** 2
    deviation[of] = np.sqrt(np.expm1(b[of] ** 2))
    of = kind == TRIANGULAR
    a[of], b[of] = _triangle(low[of], high[of])
    mean[of] = (a[of] + b[of] + 1) / 3
    deviation[of] = np.sqrt((a[of] ** 2 + b[of] ** 2 + 1 - a[of] * b[of] - a[of] - b[of]) / 18)
    of = kind == UNIFORM
    width = (high[of] - low[of]) / 0.95
    middle = (high[of] + low[of]) / 2
    a[of], b[of] = middle - width / 2, middle + width / 2
    mean[of], deviation[of] = middle, width / np.sqrt(12)
    if truncate:
        for shape in (TRIANGULAR, UNIFORM):
            a = np.where((kind == shape) & (a < 0), 0.0, a)
    return Fitted(kind, a, b, mean, deviation)


def quantile(fitted: Fitted, u: Floats, normal: Floats | None = None) -> Floats:
    """Return the multipliers at probabilities `u`.

    Parameters
    ----------
    fitted
        Distributions, shapes (records,).
    u
        Probabilities, shape (draws, records).
    normal
        Standard normal quantiles of `u` where they are already known; same shape.

    Returns
    -------
    numpy.ndarray
        Shape (draws, records).
    """
    result = np.ones_like(u)
    kind, a, b = fitted.kind, fitted.a, fitted.b
    for shape in np.unique(kind):
        of = np.flatnonzero(kind == shape)
        p, low, high = u[:, of], a[of], b[of]
        if shape in (NORMAL, LOGNORMAL):
            z = special.ndtri(p) if normal is None else normal[:, of]
            result[:, of] = low + high * z if shape == NORMAL else np.exp(low + high * z)
        elif shape == TRUNCATED:
            # upper-tail form: it stays exact where the parent normal lies far below zero
            tail = special.ndtr(low / high)
            result[:, of] = low - high * special.ndtri((1 - p) * tail)
        elif shape == TRIANGULAR:
            below = (1 - low) / (high - low)
            left = low + np.sqrt(p * (high - low) * (1 - low))
            right = high - np.sqrt((1 - p) * (high - low) * (high - 1))
            result[:, of] = np.where(p < below, left, right)
        elif shape == UNIFORM:
            result[:, of] = low + p * (high - low)
    return result
