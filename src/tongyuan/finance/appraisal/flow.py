"""Yearly cash flows: net present value, every internal rate of return, payback, annual equivalent."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

TOUCH: Final = 1e-9
"""Net present value, as a share of the flows' sizes, that counts as nought when a root only touches it."""

SAME: Final = 1e-7
"""Relative distance within which two discount factors are one root."""


def net_present_value(flow: npt.ArrayLike, rate: npt.ArrayLike) -> Array:
    """Return the net present value of end-of-year flows: ``Σ c_t · (1 + r)^−t``, the first now.

    Parameters
    ----------
    flow : array, shape (years,) [money]
    rate : array, shape (...) [1/yr]

    Returns
    -------
    array, shape (...) [money]

    Raises
    ------
    ValueError
        If a rate is −1 or below.
    """
    values, rates = np.asarray(flow, dtype=np.float64), np.asarray(rate, dtype=np.float64)
    if (rates <= -1).any():
        raise ValueError("a rate lies above -1")
    return np.asarray((values * (1 + rates[..., None]) ** -np.arange(values.size)).sum(axis=-1))


def internal_rates(flow: npt.ArrayLike) -> tuple[float, ...]:
    """Return every rate above −1 at which the net present value is nought, in rising order.

    There may be none, one or several (Lorie and Savage 1955); each real root above nought of the polynomial
    in ``x = 1/(1 + r)`` is one, found by the companion matrix and polished by Newton's steps.

    Parameters
    ----------
    flow : array, shape (years,) [money]
    """
    values = np.asarray(flow, dtype=np.float64)
    filled = np.flatnonzero(values)
    if filled.size < 2:
        return ()
    values = values[filled[0] : filled[-1] + 1] / np.abs(values).max()
    polynomial = np.polynomial.Polynomial(values)
    slope = polynomial.deriv()
    found: list[float] = []
    for real, imaginary in ((complex(root).real, complex(root).imag) for root in polynomial.roots()):
        x = real
        if x <= 0:
            continue
        for _ in range(60):
            steep = float(slope(x))
            step = float(polynomial(x)) / steep if steep else 0.0
            if x - step <= 0:
                break
            x -= step
            if abs(step) <= 1e-15 * x:
                break
        size = float(np.abs(values) @ x ** np.arange(values.size))
        near = abs(complex(x - real, imaginary)) <= 1e-3 * abs(complex(real, imaginary))
        if near and abs(float(polynomial(x))) <= TOUCH * size:
            found.append(x)
    found.sort(reverse=True)
    distinct = [x for k, x in enumerate(found) if not k or found[k - 1] - x > SAME * x]
    return tuple(1 / x - 1 for x in distinct)


def capital_recovery(rate: float, years: float) -> float:
    """Return the yearly payment that pays back one yuan: ``r / (1 − (1 + r)^−n)``, ``1/n`` at no interest.

    Parameters
    ----------
    rate : float [1/yr]
    years : float [yr]

    Raises
    ------
    ValueError
        If there are no years, or the rate is −1 or below.
    """
    if years <= 0 or rate <= -1:
        raise ValueError("years lie above nought and a rate above -1")
    return 1 / years if rate == 0 else float(rate / -np.expm1(-years * np.log1p(rate)))


def payback(flow: npt.ArrayLike, rate: float = 0.0) -> float | None:
    """Return after how many years the (discounted) sum of flows reaches nought for good; None if never.

    Within the year of crossing the flow counts as even.

    Parameters
    ----------
    flow : array, shape (years,) [money]
    rate : float [1/yr]
    """
    values = np.asarray(flow, dtype=np.float64)
    total = np.cumsum(values * (1 + rate) ** -np.arange(values.size, dtype=np.float64))
    below = np.flatnonzero(total < 0)
    if not below.size:
        return 0.0 if values.size else None
    last = int(below[-1])
    if last == values.size - 1:
        return None
    return float(last - total[last] / (total[last + 1] - total[last]))
