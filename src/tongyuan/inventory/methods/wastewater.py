"""Wastewater plants: CH4 and N2O (IPCC 2019 Refinement, Vol.5 ch.6) and the closed balance of COD and TN."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.inventory.methods.sludge import sludge_rows
from tongyuan.reference.method.parameter import Parameter, ParameterError
from tongyuan.reference.method.stoichiometry import N2O_PER_N, Array, array

COD_PER_CH4 = 4.0
"""Oxygen demand of methane [kg COD/kg CH4]: CH4 + 2 O2."""
TONNE_PER_MG_L_M3 = 1e-6


def ipcc_wastewater_ch4(
    organics: npt.ArrayLike,
    sludge: npt.ArrayLike,
    methane_potential: npt.ArrayLike,
    correction: npt.ArrayLike,
    recovered: npt.ArrayLike = 0.0,
) -> Array:
    """Methane of treatment or discharge: ``CH4 = (TOW − S) · B0 · MCF − R``.

    Parameters
    ----------
    organics : array, shape (...) [t COD or t BOD]
        Organics in the wastewater treated (TOW), or in what is discharged.
    sludge : array, shape (...) [t COD or t BOD]
        Organics removed with sludge (S).
    methane_potential : array, shape (...) [t CH4/t COD or t CH4/t BOD]
    correction : array, shape (...) [fraction], 0 to 1
        MCF of the treatment or the water body.
    recovered : array, shape (...) [t CH4]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    IPCC 2006 Vol.5 Eq 6.1, 6.4 and 2019 Refinement; industrial wastewater of the 24-industry guides.
    """
    return (array(organics) - array(sludge)) * array(methane_potential) * array(correction) - array(recovered)


def ipcc_wastewater_plant_n2o(nitrogen: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Nitrous oxide of treatment: ``N2O = TN_in · EF_plant · 44/28``.

    Parameters
    ----------
    nitrogen : array, shape (...) [t N]
        Nitrogen in the wastewater that enters.
    factor : array, shape (...) [t N2O-N/t N]

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    IPCC 2019 Refinement Vol.5 Eq 6.9.
    """
    return array(nitrogen) * array(factor) * N2O_PER_N


def ipcc_wastewater_effluent_n2o(nitrogen: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Nitrous oxide of the receiving water: ``N2O = TN_out · EF_effluent · 44/28``.

    Parameters
    ----------
    nitrogen : array, shape (...) [t N]
        Nitrogen discharged.
    factor : array, shape (...) [t N2O-N/t N]

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    IPCC 2006 Vol.5 Eq 6.7; 2019 Refinement Eq 6.7.
    """
    return array(nitrogen) * array(factor) * N2O_PER_N


def mee2018_wastewater_net(
    recovered_ch4: float,
    organics: float,
    methane_potential: float,
    correction: float,
    sludge_ch4: float,
    nitrogen: float,
    nitrous_factor: float,
    electricity_co2: float,
    gwp: tuple[float, float],
) -> float:
    """Net greenhouse gas of a town plant: ``E = COD·B0·MCF·GWP + sludge·GWP + TN·EF·44/28·GWP + E_el −
    R·GWP``.

    Parameters
    ----------
    recovered_ch4, sludge_ch4 : float [t CH4]
    organics : float [t COD]
    methane_potential : float [t CH4/t COD]
    correction : float [fraction]
    nitrogen : float [t N]
    nitrous_factor : float [t N2O-N/t N]
    electricity_co2 : float [t CO2]
    gwp : tuple of 2 floats [t CO2e/t]
        Of CH4 and N2O (the guide uses 310 for N2O).

    Returns
    -------
    float [t CO2e]

    References
    ----------
    城镇污水处理厂污染物去除协同控制温室气体核算技术指南(试行), 2018; signs turned to emissions.
    """
    methane = organics * methane_potential * correction + sludge_ch4 - recovered_ch4
    return methane * gwp[0] + nitrogen * nitrous_factor * N2O_PER_N * gwp[1] + electricity_co2


@dataclass(frozen=True)
class PlantBalance:
    """Balance of one substance over a plant [t]: ``inflow = effluent + sludge + gas + converted``."""

    inflow: float
    effluent: float
    sludge: float
    gas: float
    converted: float

    @property
    def out(self) -> float:
        """Everything that leaves; equal to `inflow`."""
        return self.effluent + self.sludge + self.gas + self.converted


def cod_balance(inflow: float, effluent: float, sludge: float, methane: float) -> PlantBalance:
    """Balance of oxygen demand: what is neither discharged, in sludge nor methane has been oxidised to CO2.

    Parameters
    ----------
    inflow, effluent, sludge : float [t COD]
    methane : float [t CH4]
        Emitted and recovered; counts with 4 t COD/t.

    Returns
    -------
    PlantBalance
        `converted` is negative when more leaves than enters: an error of the data.

    References
    ----------
    Conservation of oxygen demand; CH4 + 2 O2 → CO2 + 2 H2O.
    """
    gas = methane * COD_PER_CH4
    return PlantBalance(inflow, effluent, sludge, gas, inflow - effluent - sludge - gas)


def nitrogen_balance(inflow: float, effluent: float, sludge: float, nitrous_oxide: float) -> PlantBalance:
    """Balance of nitrogen: what is neither discharged, in sludge nor N2O has been denitrified to N2.

    Parameters
    ----------
    inflow, effluent, sludge : float [t N]
    nitrous_oxide : float [t N2O]

    Returns
    -------
    PlantBalance
        `converted` is nitrogen gas; negative when more leaves than enters: an error of the data.

    References
    ----------
    Conservation of nitrogen.
    """
    gas = nitrous_oxide / N2O_PER_N
    return PlantBalance(inflow, effluent, sludge, gas, inflow - effluent - sludge - gas)


def measured_discharge(volume: float, concentration: float) -> float:
    """Mass discharged with water: ``m = Q · c · 10⁻⁶``.

    Parameters
    ----------
    volume : float [m3]
    concentration : float [mg/l]

    Returns
    -------
    float [t]

    References
    ----------
    Environmental Protection Tax Law article 10 (monitoring): concentration times volume.
    """
    return volume * concentration * TONNE_PER_MG_L_M3


EDITION = "ipcc_2019"
"""The one edition of the shelf that has every coefficient of a plant."""

DISCHARGED = {
    "COD": "cod_out",
    "BOD5": "bod_out",
    "TN": "tn_out",
    "NH3-N": "nh3n_out",
    "TP": "tp_out",
    "SS": "ss_out",
}
INFLUENT = {"COD": "cod_in", "TN": "tn_in"}


def _closed(what: str, balance: PlantBalance) -> None:
    if balance.converted < -1e-9 * max(balance.inflow, 1.0):
        into, out = balance.inflow, balance.out - balance.converted
        raise ParameterError("balance-open", what=what, into=into, out=out)


def _sludge_fits(entry: Entry, what: str, removed: float, held: float) -> None:
    """Refuse sludge that holds more of a substance than the plant took out of the water."""
    if removed >= 0 and held > removed + 1e-9 * max(removed, 1.0):
        dry = entry.amount("sludge_dry", 0.0)
        raise ParameterError("sludge-too-much", what=what, dry=dry, held=held, removed=removed)


def _methane(entry: Entry, organics: float, in_sludge: float, place: dict[str, Any]) -> tuple[Row, float]:
    edition, item = EDITION, entry.option("treatment")
    b0 = entry.parameter("wastewater", "methane_potential", edition=edition, item="COD")
    mcf = entry.parameter(
        "wastewater",
        "methane_correction",
        edition=edition,
        item=item,
        condition=entry.option("kind"),
        own="mcf",
    )
    recovered = entry.amount("methane_recovered", 0.0)
    made = float(ipcc_wastewater_ch4(organics, in_sludge, b0.value, mcf.value))
    value = float(ipcc_wastewater_ch4(organics, in_sludge, b0.value, mcf.value, recovered))
    if value < 0:
        raise ParameterError("wastewater-recovered", generated=made)
    row = entry.emission(
        "ipcc_wastewater_ch4",
        "CH4_biogenic",
        value,
        uncontrolled=made,
        technology=item,
        factor=[b0, mcf],
        **place,
    )
    return row, made


def _water(entry: Entry, volume: float, place: dict[str, Any]) -> Iterator[Row]:
    for species, column in DISCHARGED.items():
        concentration = entry.optional(column)
        if concentration is None:
            continue
        before = entry.optional(INFLUENT.get(species, ""))
        made = None if before is None else measured_discharge(volume, before)
        factor = [f"{entry.id}.{column}"]
        yield entry.emission(
            "measured_discharge",
            species,
            measured_discharge(volume, concentration),
            uncontrolled=made,
            factor=factor,
            **place,
        )


def _receiving(entry: Entry, cod: float, nitrogen: float, place: dict[str, Any]) -> Iterator[Row]:
    edition, body = EDITION, entry.option("receiving_water") or "discharge"
    b0 = entry.parameter("wastewater", "methane_potential", edition=edition, item="COD")
    mcf = entry.parameter("wastewater", "methane_correction", edition=edition, item=body)
    ch4 = float(ipcc_wastewater_ch4(cod, 0.0, b0.value, mcf.value))
    yield entry.emission(
        "ipcc_wastewater_ch4", "CH4_biogenic", ch4, technology=body, factor=[b0, mcf], **place
    )
    ef = entry.parameter("wastewater", "effluent_nitrous_oxide", edition=edition)
    n2o = float(ipcc_wastewater_effluent_n2o(nitrogen, ef.value))
    yield entry.emission("ipcc_wastewater_effluent_n2o", "N2O", n2o, technology=body, factor=[ef], **place)


def _row(entry: Entry) -> Iterator[Row]:
    kind = entry.option("kind")
    place: dict[str, Any] = {"process": f"waste.wastewater.{kind}", "origin": "waste"}
    volume = entry.amount("volume")
    cod_in, cod_out = (
        measured_discharge(volume, entry.amount("cod_in")),
        measured_discharge(volume, entry.amount("cod_out")),
    )
    tn_in, tn_out = (
        measured_discharge(volume, entry.amount("tn_in")),
        measured_discharge(volume, entry.amount("tn_out")),
    )
    sludge = entry.amount("sludge_dry", 0.0)
    demand = entry.parameter("wastewater", "sludge_oxygen_demand", edition="tcaepi_49_2022")
    in_sludge = sludge * entry.amount("sludge_volatile", 0.0) * demand.value
    share: Parameter = entry.parameter(
        "sludge", "nitrogen_content", edition="tcecs_wwtp", own="sludge_nitrogen"
    )
    _sludge_fits(entry, "COD", cod_in - cod_out, in_sludge)
    _sludge_fits(entry, "TN", tn_in - tn_out, sludge * share.value)
    methane, made = _methane(entry, cod_in, in_sludge, place)
    ef = entry.parameter("wastewater", "plant_nitrous_oxide", edition=EDITION, item=entry.option("treatment"))
    n2o = float(ipcc_wastewater_plant_n2o(tn_in, ef.value))
    _closed("COD", cod_balance(cod_in, cod_out, in_sludge, made))
    _closed("TN", nitrogen_balance(tn_in, tn_out, sludge * share.value, n2o))
    yield methane
    yield entry.emission(
        "ipcc_wastewater_plant_n2o", "N2O", n2o, technology=entry.option("treatment"), factor=[ef], **place
    )
    yield from _water(entry, volume, place)
    yield from _receiving(entry, cod_out, tn_out, place)
    if sludge:
        yield from sludge_rows(entry, sludge, share)


def emission_from_wastewater_plant(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``wastewater_plant``: discharge, CH4, N2O of plant and receiving
    water, sludge.

    COD and TN must close over the plant: what leaves with effluent, sludge and gas may not exceed what
    enters. Sludge to landfill yields its mass only: its methane belongs to table ``landfill_deposit``.

    Raises
    ------
    FindingError
        If sludge holds more than was removed, a balance does not close, more methane is recovered than
        generated, or a coefficient is missing.
    """
    return walk("wastewater_plant", frame, settings, _row)
