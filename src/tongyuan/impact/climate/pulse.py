"""Forcing and temperature of pulses of CO2, CH4 or N2O and of pathways, as in chapter 7 of AR6."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]

STEP: Final = 0.1
"""Step of the convolution with the response of the carbon cycle [yr], as in the report's own program."""

GASES: Final = ("CO2", "CH4", "N2O")
"""Gases whose pulses are followed."""


class Pulse(NamedTuple):
    """What one kilogram leads to after some years.

    forcing : array [W m-2 kg-1]
    agwp : array [W m-2 yr kg-1], forcing summed over time.
    agtp : array [K kg-1], warming at the time.
    """

    forcing: Array
    agwp: Array
    agtp: Array


@cache
def parameters() -> Mapping[str, float]:
    """Return the parameters of the responses by name; units stand on the shelf ``pulse``."""
    rows = shelf("pulse")
    return {k: float(v) for k, v in zip(rows["parameter"], rows["value"], strict=True)}


def radiative_efficiency(gas: str) -> float:
    """Return the effective radiative efficiency of one kilogram in today's air [W m-2 kg-1].

    The forcing of one part more, at the concentrations of 2019, with tropospheric adjustments; methane with
    its ozone and stratospheric water, nitrous oxide with its ozone and with the methane it takes away.

    Raises
    ------
    KeyError
        If `gas` is none of :data:`GASES`.

    References
    ----------
    AR6 WGI 7.SM.5.2; Meinshausen et al. 2020.
    """
    p = parameters()
    c, m, n = p["background_co2"], p["background_ch4"], p["background_n2o"]
    if gas == "CO2":
        slope = p["meinshausen_d1"] + p["meinshausen_c1"] * np.sqrt(n)
        slope += p["meinshausen_a1"] + p["meinshausen_b1"]
        part = slope * np.log((c + 1) / c) * (1 + p["adjust_co2"])
        return float(part / (_moles() * 1e-6 * p["molar_mass_co2"]))
    per_methane = (
        p["meinshausen_a3"] * np.sqrt(m + 1) + p["meinshausen_b3"] * np.sqrt(n) + p["meinshausen_d3"]
    ) * (np.sqrt(m + 1) - np.sqrt(m))
    per_methane = per_methane * (1 + p["adjust_ch4"]) + p["ch4_ozone"] + p["ch4_stratospheric_water"]
    if gas == "CH4":
        return float(per_methane / (_moles() * 1e-9 * p["molar_mass_ch4"]))
    if gas != "N2O":
        raise KeyError(f"no pulse of {gas}; there are {', '.join(GASES)}")
    per_oxide = (
        p["meinshausen_a2"] * np.sqrt(c)
        + p["meinshausen_b2"] * np.sqrt(n + 1)
        + p["meinshausen_c2"] * np.sqrt(m)
        + p["meinshausen_d2"]
    ) * (np.sqrt(n + 1) - np.sqrt(n))
    per_oxide = per_oxide * (1 + p["adjust_n2o"]) + p["n2o_ozone"] + p["n2o_on_ch4"] * per_methane
    return float(per_oxide / (_moles() * 1e-9 * p["molar_mass_n2o"]))


def agtp_ar6(gas: str, years: npt.ArrayLike) -> Pulse:
    """Return forcing, its sum and warming after a pulse of one kilogram.

    Parameters
    ----------
    gas : str
        ``CO2, CH4, N2O``; the methane is that of living origin, fossil methane leaves CO2 besides.
    years : array, shape (...) [yr]
        Times after the pulse, 0 or later; between steps of 0.1 yr values lie on a line.

    Returns
    -------
    Pulse
        Arrays of the shape of `years`.

    Raises
    ------
    KeyError
        If `gas` is not among :data:`GASES`.
    ValueError
        If a time is before the pulse.

    References
    ----------
    AR6 WGI 7.SM.5 and table 7.SM.7; response of the carbon cycle by Gasser et al. 2017.
    """
    times = np.asarray(years, dtype=np.float64)
    if (times < 0).any():
        raise ValueError("a time lies before the pulse")
    horizon = int(np.ceil(times.max() / STEP)) + 1 if times.size else 1
    grid, pulse = _series(gas, max(horizon, 2))
    return Pulse(*(np.interp(times, grid, series) for series in pulse))


@cache
def _series(gas: str, count: int) -> tuple[Array, Pulse]:
    grid: Array = np.arange(count + 1, dtype=np.float64) * STEP
    if gas == "CO2":
        return grid, _carbon_dioxide(grid)
    strength = radiative_efficiency(gas)
    direct = _decay(grid, strength, parameters()[f"lifetime_{gas.lower()}"])
    gained = _carbon_cycle(grid, direct.agtp)
    return grid, Pulse(*(one + more for one, more in zip(direct, gained, strict=True)))


def _decay(t: Array, strength: float, life: float) -> Pulse:
    """Return the pulse of a gas that decays with one lifetime."""
    p = parameters()
    warming = np.zeros_like(t)
    for d, q in ((p["temp_d1"], p["temp_q1"]), (p["temp_d2"], p["temp_q2"])):
        warming += strength * life * q / (life - d) * (np.exp(-t / life) - np.exp(-t / d))
    return Pulse(strength * np.exp(-t / life), strength * life * (1 - np.exp(-t / life)), warming)


def _carbon_dioxide(t: Array) -> Pulse:
    p = parameters()
    strength = radiative_efficiency("CO2")
    a0 = p["irf_co2_a0"]
    forcing, total, warming = np.full_like(t, a0), a0 * t, np.zeros_like(t)
    for d, q in ((p["temp_d1"], p["temp_q1"]), (p["temp_d2"], p["temp_q2"])):
        warming += a0 * q * (1 - np.exp(-t / d))
    for number in (1, 2, 3):
        one = _decay(t, p[f"irf_co2_a{number}"], p[f"irf_co2_tau{number}"])
        forcing, total, warming = forcing + one.forcing, total + one.agwp, warming + one.agtp
    return Pulse(strength * forcing, strength * total, strength * warming)


def _carbon_cycle(t: Array, agtp: Array) -> Pulse:
    """Return what the carbon that warming sets free adds to a pulse."""
    p = parameters()
    returned = np.zeros_like(t)
    for number in (1, 2, 3):
        share, life = p[f"carbon_feedback_a{number}"], p[f"carbon_feedback_tau{number}"]
        returned[0] += share / STEP
        returned -= share / life * np.exp(-t / life)
    flux = np.convolve(agtp, returned)[: len(t)] * STEP * p["carbon_feedback_gamma"]
    flux *= p["molar_mass_co2"] / p["molar_mass_c"]
    carbon = _carbon_dioxide(t)
    return Pulse(*(np.convolve(flux, series)[: len(t)] * STEP for series in carbon))


def _moles() -> float:
    p = parameters()
    return p["mass_atmosphere"] / p["molar_mass_air"]


def temperature_change(emission: Mapping[str, npt.ArrayLike]) -> Array:
    """Return the warming that a pathway of yearly emissions leads to.

    ``ΔT(t) = Σ gas Σ τ E(τ) · AGTP(t − τ)``; each year's emission counts as a pulse at its beginning.

    Parameters
    ----------
    emission : mapping of ``CO2, CH4, N2O`` to array, shape (..., years) [kg]
        Emission of years that follow each other, or the change of it.

    Returns
    -------
    array, shape (..., years) [K]
        At the end of each year.

    Raises
    ------
    KeyError
        If a gas is not among :data:`GASES`.
    ValueError
        If nothing is given or lengths differ.
    """
    arrays = {gas: np.asarray(values, dtype=np.float64) for gas, values in emission.items()}
    if not arrays or len({values.shape[-1] for values in arrays.values()}) > 1:
        raise ValueError("emissions of the gases cover different years, or there are none")
    years = next(iter(arrays.values())).shape[-1]
    place = np.arange(years)
    after = place[:, None] - place[None, :]
    total: Array | float = 0.0
    for gas, values in arrays.items():
        kernel = np.where(after >= 0, agtp_ar6(gas, np.maximum(after, 0) + 1.0).agtp, 0.0)
        total = total + values @ kernel.T
    return np.asarray(total)
