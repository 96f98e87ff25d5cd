"""Draws through response, health and money in one call, with the errors that they share kept together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tongyuan.impact.health.risk import Gemm, gemm

Array = npt.NDArray[np.float64]


class Drawn(NamedTuple):
    """What the draws come to.

    concentration : array, shape (draws, receptors) [unit of the receptor]
    avoided : array, shape (draws, receptors): deaths avoided against the air before.
    value : array, shape (draws,) [money]
    """

    concentration: Array
    avoided: Array
    value: Array


def benefit_draws(
    emission: npt.ArrayLike,
    coefficient: npt.ArrayLike,
    rest: npt.ArrayLike,
    before: npt.ArrayLike,
    deaths: npt.ArrayLike,
    *,
    theta: npt.ArrayLike,
    life_value: npt.ArrayLike = 0.0,
    endpoint: str = "ncd_lri",
    chinese_cohort: bool = True,
) -> Drawn:
    """Return concentrations, deaths avoided and their worth for draws of emissions, risk and value of life.

    A draw is one state of the world: its emissions, its θ and its value of life go together, so that what the
    draws of the inventory share is shared here as well.

    Parameters
    ----------
    emission : array, shape (draws, ...) [unit of emission]
        Further axes (region, sector, species …) flatten to the sources of `coefficient`.
    coefficient : array, shape (sources, receptors), or (..., receptors) with the axes of an emission.
    rest, before : array, shape (receptors,) [unit of the receptor]
        What no source makes; the concentration at which `deaths` were observed.
    deaths : array, shape (receptors,)
        Of the endpoint in a year.
    theta : array, shape (draws,) [1]
        Draws of the slope of GEMM.
    life_value : array, shape (draws,) or number [money]

    Raises
    ------
    ValueError
        If lengths do not fit, or deaths are negative.
    """
    amounts = np.asarray(emission, dtype=np.float64)
    per = np.asarray(coefficient, dtype=np.float64)
    flat, per = amounts.reshape(len(amounts), -1), per.reshape(-1, per.shape[-1])
    slope, people = np.asarray(theta, dtype=np.float64), np.asarray(deaths, dtype=np.float64)
    if flat.shape[1] != per.shape[0] or slope.shape != flat.shape[:1] or people.shape != per.shape[1:]:
        raise ValueError(
            f"{flat.shape} emissions, {per.shape} coefficients, {slope.shape} slopes and {people.shape} "
            "deaths do not go together"
        )
    if (people < 0).any():
        raise ValueError("deaths are not negative")
    air = flat @ per
    air += np.asarray(rest, dtype=np.float64)
    p = gemm(endpoint, chinese_cohort=chinese_cohort)
    change = _shape(np.maximum(air, 0.0), p) - _shape(np.asarray(before, dtype=np.float64), p)
    avoided = people * -np.expm1(slope[:, None] * change)
    return Drawn(air, avoided, avoided.sum(axis=1) * np.asarray(life_value, dtype=np.float64))


def _shape(value: Array, p: Gemm) -> Array:
    """Return what θ is multiplied by in the exponent of GEMM."""
    z = np.maximum(value - p.counterfactual, 0.0)
    return np.asarray(np.log1p(z / p.alpha) / (1 + np.exp(-(z - p.mu) / p.nu)))


def interval(draws: npt.ArrayLike, share: float = 0.95) -> tuple[float, float, float]:
    """Return median and both ends of the middle `share` of draws."""
    low, mid, high = np.quantile(np.asarray(draws, dtype=np.float64), [0.5 - share / 2, 0.5, 0.5 + share / 2])
    return float(mid), float(low), float(high)
