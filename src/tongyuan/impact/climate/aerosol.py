"""Warming that cleaner air unmasks: direct forcing of particles with its interval; warming equivalents."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from tongyuan.impact.climate.pulse import parameters
from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]

MEGATONNE: Final = 1e9
"""Kilograms in a megatonne."""


@cache
def efficiency(species: str) -> tuple[float, float, float]:
    """Return forcing per emission, its 5th and 95th percentile [W m-2 / (Mt/yr)].

    Direct effect of the particles alone; that through clouds is as large or larger for sulfate, of one sign
    with it, and too uncertain to be averaged.

    Raises
    ------
    KeyError
        If `species` is none of those on the shelf.

    References
    ----------
    FaIR calibration 1.4.1.
    """
    for r in shelf("aerosol").iter_rows(named=True):
        if r["species"] == species:
            return float(r["value"]), float(r["lower"]), float(r["upper"])
    raise KeyError(f"no forcing of {species}; there are {', '.join(shelf('aerosol')['species'])}")


def particles() -> tuple[str, ...]:
    """Return the species whose particles force directly."""
    return tuple(shelf("aerosol")["species"])


def temperature_of_forcing(forcing: npt.ArrayLike) -> Array:
    """Return the warming at the end of each year of a forcing that holds through each year.

    ``ΔT(t) = Σ τ F(τ) · Σ j q_j · (e^(−(t − τ)/d_j) − e^(−(t − τ + 1)/d_j))``

    Parameters
    ----------
    forcing : array, shape (..., years) [W m-2]

    Returns
    -------
    array, shape (..., years) [K]

    References
    ----------
    AR6 WGI 7.SM.5.2, response of temperature with two times.
    """
    values, p = np.asarray(forcing, dtype=np.float64), parameters()
    place = np.arange(values.shape[-1], dtype=np.float64)
    after = np.maximum(place[:, None] - place[None, :], 0.0)
    kernel = np.zeros_like(after)
    for d, q in ((p["temp_d1"], p["temp_q1"]), (p["temp_d2"], p["temp_q2"])):
        kernel += q * (np.exp(-after / d) - np.exp(-(after + 1.0) / d))
    kernel = np.where(place[:, None] >= place[None, :], kernel, 0.0)
    return np.asarray(values @ kernel.T)


def temperature_particles(species: str, emission: npt.ArrayLike) -> Array:
    """Return the warming by the direct effect of a species: mean, lower and upper end of 90 %.

    Less SO2 has a positive result: what it hid comes to light.

    Parameters
    ----------
    emission : array, shape (years,) [kg]
        Emission of years that follow each other, or the change of it.

    Returns
    -------
    array, shape (3, years) [K]

    Raises
    ------
    KeyError
        If `species` has no direct forcing.
    """
    amounts = np.asarray(emission, dtype=np.float64) / MEGATONNE
    made = temperature_of_forcing(np.array(efficiency(species))[:, None] * amounts)
    return np.stack([made[0], made[1:].min(axis=0), made[1:].max(axis=0)])


def gwp_star(emission: npt.ArrayLike, *, include_unverified: bool = False) -> Array:
    """Return CO2-warming-equivalents of methane: ``4.53·E100(t) − 4.25·E100(t − 20)``.

    Parameters
    ----------
    emission : array, shape (..., years) [CO2e by GWP100]
        Years that follow each other; the first twenty have no value.
    include_unverified : bool
        The pair of coefficients is from memory: it acts only when asked for as such.

    Returns
    -------
    array, shape (..., years) [CO2 warming equivalent]
        NaN for the first twenty years.

    Raises
    ------
    ValueError
        If the coefficients are not asked for.

    References
    ----------
    Smith et al. 2021 (not read).
    """
    if not include_unverified:
        raise ValueError("the coefficients of GWP* are unverified and act only with include_unverified")
    p = {r["parameter"]: float(r["value"]) for r in shelf("gwp_star").iter_rows(named=True)}
    values, lag = np.asarray(emission, dtype=np.float64), int(p["lag"])
    made = np.full_like(values, np.nan)
    made[..., lag:] = p["now"] * values[..., lag:] - p["then"] * values[..., : max(values.shape[-1] - lag, 0)]
    return made
