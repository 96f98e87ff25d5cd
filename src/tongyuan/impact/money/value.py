"""Values brought to another place and time, and what comes later."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

Rule = Literal["exponential", "harvey", "mazur"]

RULES: Final = ("exponential", "harvey", "mazur")
"""Rules of discounting."""


def vsl_transfer(
    value: npt.ArrayLike,
    income: npt.ArrayLike,
    income_there: float,
    elasticity: npt.ArrayLike,
    prices: float = 1.0,
) -> Array:
    """Return a value of statistical life where and when it is asked: ``V0 · (Y/Y0)^ε · P/P0``.

    Parameters
    ----------
    value : array, shape (...) [money]
    income : array, shape (...) [money per person, constant prices]
        Income where the value goes.
    income_there : float [as income]
        Income where it comes from.
    elasticity : array, broadcast [1]
    prices : float [1]
        Price index of the target year over that of the value's; never a ratio of incomes.

    Raises
    ------
    ValueError
        If an income or the price ratio is not above nought.
    """
    there = np.asarray(income, dtype=np.float64)
    if income_there <= 0 or prices <= 0 or (there <= 0).any():
        raise ValueError("incomes and price ratios are above nought")
    power = np.asarray(elasticity, dtype=np.float64)
    return np.asarray(np.asarray(value, dtype=np.float64) * (there / income_there) ** power * prices)


def discount_factor(years: npt.ArrayLike, rate: float, rule: Rule = "exponential") -> Array:
    """Return what one yuan of a later year is worth now.

    ``(1 + r)^−t``, ``(1 + t)^−r`` (Harvey) or ``1/(1 + r·t)`` (Mazur).

    Parameters
    ----------
    years : array, shape (...) [yr]
    rate : float [fraction per yr]
    rule : str
        One of :data:`RULES`.

    Raises
    ------
    ValueError
        If a year lies before now, the rate is −1 or below, or the rule is unknown.
    """
    t = np.asarray(years, dtype=np.float64)
    if (t < 0).any() or rate <= -1:
        raise ValueError("years lie ahead, and a rate is above -1")
    if rule == "exponential":
        return np.asarray((1 + rate) ** -t)
    if rule == "harvey":
        return np.asarray((1 + t) ** -rate)
    if rule == "mazur":
        return np.asarray(1 / (1 + rate * t))
    raise ValueError(f"no rule {rule!r} of discounting; there are {', '.join(RULES)}")


def present_value(flow: npt.ArrayLike, rate: float, rule: Rule = "exponential") -> Array:
    """Return the present value of yearly amounts, the first of them now.

    Parameters
    ----------
    flow : array, shape (..., years) [money]
    rate, rule
        See :func:`discount_factor`.

    Returns
    -------
    array, shape (...) [money]
    """
    values = np.asarray(flow, dtype=np.float64)
    return np.asarray(values @ discount_factor(np.arange(values.shape[-1]), rate, rule))
