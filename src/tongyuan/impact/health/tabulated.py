"""Risk functions besides GEMM: integrated exposure–response, and functions printed as tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import numpy.typing as npt

from tongyuan.impact.health.risk import gemm, risk_gemm_2018
from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]
Points = Mapping[tuple[str, str], Array]
"""Endpoint and age → exposure, risk, lower and upper limit in columns, rising in exposure."""

FUNCTIONS = ("gemm_2018", "ier_2014", "fusion_2022", "own")
"""Functions of fine particles to choose among; ``own`` is table ``risk_point`` of the user."""

Z = 1.959963984540054
"""Standard deviations to either side of a mean that hold 95 % of a normal distribution."""


@cache
def _ier() -> dict[tuple[str, str], tuple[float, float, float, float]]:
    return {
        (r["endpoint"], r["age"]): (
            float(r["alpha"]), float(r["beta"]), float(r["delta"]), float(r["counterfactual"]),
        )
        for r in shelf("ier").iter_rows(named=True)
    }  # fmt: skip


@cache
def _fusion() -> dict[tuple[str, str], Array]:
    found: dict[tuple[str, str], list[list[float]]] = {}
    for r in shelf("fusion").iter_rows(named=True):
        row = [float(r["exposure"]), float(r["risk"]), np.nan, np.nan]
        found.setdefault((r["endpoint"], r["age"]), []).append(row)
    return {key: np.array(sorted(rows)) for key, rows in found.items()}


def risk_ier_2014(pm25: npt.ArrayLike, endpoint: str, age: str = "25+") -> Array:
    """Return the relative risk ``1 + α·(1 − exp(−β·z^δ))``, ``z = max(0, PM2.5 − cf)``: the central function.

    Parameters
    ----------
    pm25 : array, shape (...) [ug/m3], annual mean.
    endpoint, age : str
        ``ihd, stroke, copd, lung_cancer`` of 25 and older, ``alri`` of 0 to 4.

    Raises
    ------
    KeyError
        If there is no such function.
    ValueError
        If a concentration is negative.

    References
    ----------
    Burnett et al. 2014, Environ. Health Perspect. 122, 397.
    """
    if (endpoint, age) not in _ier():
        raise KeyError(f"the integrated function has no {endpoint} of {age}")
    alpha, beta, delta, counterfactual = _ier()[endpoint, age]
    values = np.asarray(pm25, dtype=np.float64)
    if (values < 0).any():
        raise ValueError("a concentration is negative")
    z = np.maximum(values - counterfactual, 0.0)
    return np.asarray(1 + alpha * (1 - np.exp(-beta * z**delta)))


def risk_tabulated(concentration: npt.ArrayLike, exposure: npt.ArrayLike, risk: npt.ArrayLike) -> Array:
    """Return a printed risk on a line between the exposures it was printed for, never beyond them.

    Parameters
    ----------
    concentration : array, shape (...) [as exposure]
    exposure : array, shape (points,), rising.
    risk : array, shape (points,) [1]

    Raises
    ------
    ValueError
        If exposures do not rise, or a concentration lies outside them.
    """
    at, known = _within(concentration, exposure)
    return np.asarray(np.interp(at, known, np.asarray(risk, dtype=np.float64)))


def risk_spline(concentration: npt.ArrayLike, exposure: npt.ArrayLike, risk: npt.ArrayLike) -> Array:
    """Return a printed risk on the natural cubic spline through its points, never beyond them.

    Parameters
    ----------
    concentration : array, shape (...) [as exposure]
    exposure : array, shape (points,), rising; at least two.
    risk : array, shape (points,) [1]

    Raises
    ------
    ValueError
        If exposures do not rise, or a concentration lies outside them.
    """
    from scipy.interpolate import CubicSpline

    at, known = _within(concentration, exposure)
    return np.asarray(CubicSpline(known, np.asarray(risk, dtype=np.float64), bc_type="natural")(at))


def _within(concentration: npt.ArrayLike, exposure: npt.ArrayLike) -> tuple[Array, Array]:
    at, known = np.asarray(concentration, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    if (np.diff(known) <= 0).any() or not known.size:
        raise ValueError("exposures of a printed risk do not rise")
    if not ((at >= known[0]) & (at <= known[-1])).all():
        raise ValueError(f"a concentration is outside {known[0]:g} to {known[-1]:g}")
    return at, known


def ages(function: str, endpoint: str, own: Points | None = None) -> tuple[str, ...]:
    """Return the ages that a function has a risk of `endpoint` for."""
    if function == "gemm_2018":
        rows = shelf("gemm").iter_rows(named=True)
        return tuple(dict.fromkeys(r["age"] for r in rows if r["endpoint"] == endpoint))
    known = {"ier_2014": list(_ier()), "fusion_2022": list(_fusion()), "own": list(own or {})}[function]
    return tuple(age for name, age in known if name == endpoint)


def risks(
    function: str, value: float, endpoint: str, age: str, *,
    chinese_cohort: bool = True, own: Points | None = None,
) -> Array:  # fmt: skip
    """Return risk, lower and upper limit of a function at a concentration, shape (3,); limits may be NaN.

    Raises
    ------
    KeyError
        If the function has no such endpoint and age.
    ValueError
        If the concentration is beyond what a printed function covers.
    """
    if function == "gemm_2018":
        p = gemm(endpoint, age, chinese_cohort)
        theta = p.theta + np.array([0.0, -Z, Z]) * p.theta_se
        return risk_gemm_2018(value, endpoint, age, chinese_cohort, theta=theta)
    if function == "ier_2014":
        return np.array([float(risk_ier_2014(value, endpoint, age)), np.nan, np.nan])
    points = _fusion() if function == "fusion_2022" else own or {}
    if (endpoint, age) not in points:
        raise KeyError(f"{function} has no {endpoint} of {age}")
    table = points[endpoint, age]
    return np.array([float(risk_tabulated(value, table[:, 0], table[:, i])) for i in (1, 2, 3)])
