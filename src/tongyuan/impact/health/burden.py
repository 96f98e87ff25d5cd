"""Deaths and cases: what a concentration is charged with, and what a change of it avoids."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def attributable_fraction(risk: npt.ArrayLike) -> Array:
    """Return the share of a burden that a risk is charged with: ``1 − 1/RR``.

    Parameters
    ----------
    risk : array, shape (...) [1]

    Returns
    -------
    array, shape (...) [1]

    Raises
    ------
    ValueError
        If a risk is not above nought.
    """
    return np.asarray(1.0 - 1.0 / _risk(risk))


def attributable_fraction_of_groups(share: npt.ArrayLike, risk: npt.ArrayLike) -> Array:
    """Return the share for a population exposed in groups: ``Σp(RR − 1) / (1 + Σp(RR − 1))``.

    Parameters
    ----------
    share : array, shape (..., groups) [fraction]
        Shares as they are; they are not brought to 1.
    risk : array, shape (..., groups) [1]

    Returns
    -------
    array, shape (...) [1]

    Raises
    ------
    ValueError
        If a share is negative, their sum is above 1.001, or a risk is not above nought.
    """
    part = np.asarray(share, dtype=np.float64)
    if (part < 0).any() or (part.sum(axis=-1) > 1.001).any():
        raise ValueError("shares of a population are not between nought and one together")
    excess = (part * (_risk(risk) - 1)).sum(axis=-1)
    return np.asarray(excess / (1 + excess))


def attributable(cases: npt.ArrayLike, risk: npt.ArrayLike) -> Array:
    """Return the cases that a concentration is charged with: ``cases · (1 − 1/RR)``.

    Parameters
    ----------
    cases : array, shape (...) [1]
        Population times baseline rate, observed at that concentration.
    risk : array, shape (...) [1]

    Returns
    -------
    array, shape (...) [1]

    Raises
    ------
    ValueError
        If cases are negative or a risk is not above nought.
    """
    return np.asarray(_cases(cases) * attributable_fraction(risk))


def avoided(cases: npt.ArrayLike, risk_before: npt.ArrayLike, risk_after: npt.ArrayLike) -> Array:
    """Return the cases that a change of concentration avoids: ``cases · (1 − RR1/RR0)``.

    The baseline was observed at the concentration before. The difference of two attributable burdens is
    another quantity, see :func:`difference_of_burdens`.

    Parameters
    ----------
    cases : array, shape (...) [1]
    risk_before, risk_after : array, shape (...) [1]

    Returns
    -------
    array, shape (...) [1]
        Negative where the air gets worse.

    Raises
    ------
    ValueError
        If cases are negative or a risk is not above nought.
    """
    return np.asarray(_cases(cases) * (1 - _risk(risk_after) / _risk(risk_before)))


def difference_of_burdens(
    cases: npt.ArrayLike, risk_before: npt.ArrayLike, risk_after: npt.ArrayLike
) -> Array:
    """Return the burden before less the burden after, the same baseline in both: ``cases · (1/RR1 − 1/RR0)``.

    What many publications print; it is not what the change avoids (:func:`avoided`).

    Raises
    ------
    ValueError
        If cases are negative or a risk is not above nought.
    """
    return np.asarray(_cases(cases) * (1 / _risk(risk_after) - 1 / _risk(risk_before)))


def _risk(given: npt.ArrayLike) -> Array:
    values = np.asarray(given, dtype=np.float64)
    if (values <= 0).any():
        raise ValueError("a relative risk is not above nought")
    return values


def _cases(given: npt.ArrayLike) -> Array:
    values = np.asarray(given, dtype=np.float64)
    if (values < 0).any():
        raise ValueError("population and baseline are not negative")
    return values
