"""Indirect CO2 of electricity, heat and steam bought: location and market view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference import region
from tongyuan.reference.energy.grid import NATIONAL, GridFactor, MissingGridFactorError, grid_factor
from tongyuan.reference.energy.steam import saturated_enthalpy
from tongyuan.reference.method.parameter import Parameter, ParameterError
from tongyuan.reference.method.stoichiometry import KG_PER_T, Array, array

GUIDE = "guide_24_industries"
KWH = 1e4
"""Electricity is entered in 10^4 kWh."""


def guide_electricity_co2(electricity: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Indirect CO2 of electricity, location view: ``E = AD · EF``.

    Parameters
    ----------
    electricity : array, shape (...) [10^4 kWh]
        Net purchase.
    factor : array, shape (...) [kg CO2/kWh]
        Grid factor of the province, region or country.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guides of the 24 industries, net purchased electricity; factors of the MEE announcements.
    """
    return array(electricity) * KWH * array(factor) / KG_PER_T


def market_electricity_co2(
    electricity: npt.ArrayLike, contracted: npt.ArrayLike, residual: npt.ArrayLike
) -> Array:
    """Indirect CO2 of electricity, market view: ``E = (AD − contracted non-fossil) · EF_residual``.

    Parameters
    ----------
    electricity, contracted : array, shape (...) [10^4 kWh]
        Net purchase, and what of it is non-fossil by contract or green certificate.
    residual : array, shape (...) [kg CO2/kWh]
        National factor without the market-traded non-fossil electricity.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    GHG Protocol Scope 2 Guidance (2015), market-based method; residual factor of the MEE announcements.
    """
    return (array(electricity) - array(contracted)) * KWH * array(residual) / KG_PER_T


def guide_heat_co2(heat: npt.ArrayLike, factor: npt.ArrayLike = 0.11) -> Array:
    """Indirect CO2 of heat: ``E = AD · EF``.

    Parameters
    ----------
    heat : array, shape (...) [GJ]
    factor : array, shape (...) [t CO2/GJ]

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guides of the 24 industries, net purchased heat.
    """
    return array(heat) * array(factor)


def guide_steam_heat(
    mass: npt.ArrayLike, enthalpy: npt.ArrayLike, feed_water: npt.ArrayLike = 83.74
) -> Array:
    """Heat of steam: ``AD = Ma · (En − 83.74) · 10⁻³``.

    Parameters
    ----------
    mass : array, shape (...) [t]
    enthalpy : array, shape (...) [kJ/kg]
        Of the steam at its temperature and pressure.
    feed_water : array, shape (...) [kJ/kg]
        Of feed water at 20 °C.

    Returns
    -------
    array, shape (...) [GJ]

    References
    ----------
    Accounting guides of the 24 industries, conversion of steam.
    """
    return array(mass) * (array(enthalpy) - array(feed_water)) / KG_PER_T


def guide_hot_water_heat(
    mass: npt.ArrayLike,
    temperature: npt.ArrayLike,
    specific_heat: npt.ArrayLike = 4.1868,
    reference: npt.ArrayLike = 20.0,
) -> Array:
    """Heat of hot water: ``AD = Ma · (T − 20) · 4.1868 · 10⁻³``.

    Parameters
    ----------
    mass : array, shape (...) [t]
    temperature, reference : array, shape (...) [°C]
    specific_heat : array, shape (...) [kJ/(kg K)]

    Returns
    -------
    array, shape (...) [GJ]

    References
    ----------
    Accounting guides of the 24 industries, conversion of hot water; as remembered: unverified.
    """
    return array(mass) * (array(temperature) - array(reference)) * array(specific_heat) / KG_PER_T


def _grid(entry: Entry, variant: str) -> GridFactor:
    year = entry.settings.grid_year or int(entry.amount("year"))
    found = region.find(entry.text("region"))
    areas = [found.grid_area] if found and found.grid_area else []
    if variant != "average":
        areas = list(dict.fromkeys([*areas, NATIONAL]))
    if not areas:
        raise ParameterError("grid-none", region=entry.text("region"))
    published: list[str] = []
    for area in areas:
        try:
            return grid_factor(area, year, variant)
        except MissingGridFactorError as error:
            published += error.published
    known = ", ".join(sorted(set(published)))
    raise ParameterError("grid-year", area=areas[-1], year=year, variant=variant, known=known or "–")


def _electricity(entry: Entry, electricity: float) -> Iterator[Row]:
    place: dict[str, Any] = {
        "process": "energy.purchased_electricity",
        "origin": "energy_use",
        "scope": "indirect",
        "product": "electricity",
    }
    own = entry.optional("factor")
    contracted = entry.amount("non_fossil_contracted", 0.0)
    if contracted > electricity:
        raise ParameterError("green-too-much", contracted=contracted, electricity=electricity)
    if entry.settings.market_view:
        residual = _grid(entry, "excluding_traded")
        value = float(market_electricity_co2(electricity, contracted, residual.value))
        yield entry.emission("market_electricity_co2", "CO2", value, factor=[residual.id], **place)
        return
    grid = (
        _grid(entry, entry.settings.grid_variant)
        if own is None
        else Parameter(f"{entry.id}.factor", own, "kg/kWh")
    )
    value = float(guide_electricity_co2(electricity, grid.value))
    yield entry.emission("guide_electricity_co2", "CO2", value, factor=[grid.id], **place)


def _row(entry: Entry) -> Iterator[Row]:
    electricity = entry.optional("electricity")
    if electricity is not None:
        yield from _electricity(entry, electricity)
    place: dict[str, Any] = {
        "process": "energy.purchased_heat",
        "origin": "energy_use",
        "scope": "indirect",
        "product": "heat",
    }
    per_gj = entry.parameter("energy", "heat", edition=GUIDE, own="heat_factor")
    heat = entry.optional("heat")
    if heat is not None:
        yield entry.emission(
            "guide_heat_co2", "CO2", float(guide_heat_co2(heat, per_gj.value)), factor=[per_gj], **place
        )
    steam = entry.optional("steam")
    if steam is not None:
        water = entry.parameter("energy", "condensate_enthalpy", edition=GUIDE)
        enthalpy = entry.optional("steam_enthalpy")
        if enthalpy is None:
            try:
                enthalpy = saturated_enthalpy(
                    entry.amount("steam_pressure"), include_unverified=entry.settings.include_unverified
                )
            except KeyError as error:
                raise ParameterError("steam-pressure", pressure=entry.amount("steam_pressure")) from error
        gained = float(guide_steam_heat(steam, enthalpy, water.value))
        co2 = float(guide_heat_co2(gained, per_gj.value))
        yield entry.emission(
            "guide_steam_heat", "CO2", co2, technology="steam", factor=[per_gj, water], **place
        )


def emission_from_purchased_energy(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the indirect CO2 of table ``purchased_energy``: electricity, heat and steam (scope indirect).

    `settings.market_view` chooses the market view, `settings.grid_variant` the variant of the grid factor
    (the area's own where it is published, else the nation's), `settings.grid_year` another year's grid
    factor than that of the row; without it a year that has no published factor is an error.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("purchased_energy", frame, settings, _row)
