"""Relative risk of a concentration: GEMM, log-linear functions, ozone."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]


class Gemm(NamedTuple):
    """Parameters of the Global Exposure Mortality Model for an endpoint and an age."""

    theta: float
    theta_se: float
    alpha: float
    mu: float
    nu: float
    counterfactual: float


class LogLinear(NamedTuple):
    """A log-linear function: risk per step of concentration, above a counterfactual."""

    endpoint: str
    age: str
    pollutant: str
    metric: str
    risk: float
    lower: float
    upper: float
    per: float
    unit: str
    counterfactual: float
    term: str
    status: str


@cache
def gemm(endpoint: str, age: str = "25+", chinese_cohort: bool = True) -> Gemm:
    """Return the parameters of GEMM.

    Parameters
    ----------
    endpoint : str
        ``ncd_lri, ihd, stroke, copd, lung_cancer, lri``.
    age : str
        ``25+``, ``25-29`` … ``75-79``, ``80+``.
    chinese_cohort : bool
        With the cohort of Chinese men, as published first, or without.

    Raises
    ------
    KeyError
        If the shelf has no such function.
    """
    cohort = "with" if chinese_cohort else "without"
    for row in shelf("gemm").iter_rows(named=True):
        if (row["endpoint"], row["age"], row["chinese_cohort"]) == (endpoint, age, cohort):
            return Gemm(
                *(float(row[c]) for c in ("theta", "theta_se", "alpha", "mu", "nu", "counterfactual"))
            )
    raise KeyError(f"GEMM has no function for {endpoint}, age {age}, {cohort} the Chinese cohort")


def risk_gemm_2018(
    pm25: npt.ArrayLike,
    endpoint: str,
    age: str = "25+",
    chinese_cohort: bool = True,
    theta: npt.ArrayLike | None = None,
) -> Array:
    """Return the relative risk ``exp{θ·ln(1 + z/α) / (1 + exp[−(z − μ)/ν])}``, ``z = max(0, PM2.5 − 2.4)``.

    Parameters
    ----------
    pm25 : array, shape (...) [ug/m3], annual mean.
    endpoint, age, chinese_cohort
        See :func:`gemm`.
    theta : array, optional, broadcast against `pm25` [1]
        Draws of θ in place of its mean.

    Returns
    -------
    array, shape (...) [1]

    Raises
    ------
    KeyError
        If there is no such function.
    ValueError
        If a concentration is negative.

    References
    ----------
    Burnett et al. 2018, PNAS 115, 9592.
    """
    values = _concentration(pm25)
    p = gemm(endpoint, age, chinese_cohort)
    slope = p.theta if theta is None else np.asarray(theta, dtype=np.float64)
    z = np.maximum(values - p.counterfactual, 0.0)
    return np.asarray(np.exp(slope * np.log1p(z / p.alpha) / (1 + np.exp(-(z - p.mu) / p.nu))))


@cache
def log_linear(name: str, include_unverified: bool = False) -> LogLinear:
    """Return a log-linear function of the shelf ``risk_log_linear`` by its name.

    Raises
    ------
    KeyError
        If there is none of that name, or it is unverified and not asked for as such.
    """
    for row in shelf("risk_log_linear").iter_rows(named=True):
        if row["function"] == name:
            if row["status"] == "unverified" and not include_unverified:
                raise KeyError(
                    f"{name} is unverified ({row['locator']}) and acts only with include_unverified"
                )
            numbers = {
                c: float(row[c]) if row[c] else np.nan
                for c in ("risk", "lower", "upper", "per", "counterfactual")
            }
            words = {c: row[c] for c in ("endpoint", "age", "pollutant", "metric", "unit", "term", "status")}
            return LogLinear(**{**words, **numbers})
    raise KeyError(f"no log-linear function {name}")


def risk_loglinear(
    concentration: npt.ArrayLike, risk: npt.ArrayLike, per: float, counterfactual: float
) -> Array:
    """Return the relative risk ``RR^((x − x0)/per)``, 1 at and below the counterfactual.

    Parameters
    ----------
    concentration : array, shape (...) [as counterfactual and per]
    risk : array, broadcast [1]
        Relative risk of a step `per`.
    per, counterfactual : float

    Returns
    -------
    array, shape (...) [1]

    Raises
    ------
    ValueError
        If a concentration is negative, a risk not positive, or `per` not positive.
    """
    values, base = _concentration(concentration), np.asarray(risk, dtype=np.float64)
    if per <= 0 or (base <= 0).any():
        raise ValueError("a relative risk and the step it is told for are above nought")
    return np.asarray(base ** (np.maximum(values - counterfactual, 0.0) / per))


def _concentration(given: npt.ArrayLike) -> Array:
    values = np.asarray(given, dtype=np.float64)
    if (values < 0).any():
        raise ValueError("a concentration is negative")
    return values
