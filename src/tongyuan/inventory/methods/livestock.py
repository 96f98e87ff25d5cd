"""Methane and nitrous oxide of livestock: GB/T 32151.22-2024 appendix C and IPCC 2006 Vol.4 ch.10."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.inventory.methods.area import great_region
from tongyuan.inventory.methods.manure_nitrogen import ANIMALS, ammonia_rows, water_rows
from tongyuan.reference.method.parameter import Parameter
from tongyuan.reference.method.stoichiometry import (
    DAYS_PER_YEAR,
    KG_PER_T,
    METHANE_ENERGY,
    N2O_PER_N,
    Array,
    array,
    days_of,
)

GBT = "gbt_32151_22_2024"
IPCC = "ipcc_2006"


def gbt32151_annual_mean_heads(
    throughput: npt.ArrayLike, days: npt.ArrayLike, year_days: npt.ArrayLike = DAYS_PER_YEAR
) -> Array:
    """Annual mean herd of animals that live less than a year: ``AP = throughput · days / 365``.

    Parameters
    ----------
    throughput : array, shape (...) [head/year]
        Animals slaughtered or sold.
    days : array, shape (...) [day]
        Days an animal lives on the farm.
    year_days : array, shape (...) [day]
        Days of the year, 366 in a leap year.

    Returns
    -------
    array, shape (...) [head]

    References
    ----------
    GB/T 32151.22-2024 appendix C; IPCC 2006 Vol.4 Eq 10.1.
    """
    return array(throughput) * array(days) / array(year_days)


def gbt32151_gross_energy(intake: npt.ArrayLike, energy: npt.ArrayLike = 18.45) -> Array:
    """Gross energy intake: ``GE = DMI · 18.45``.

    Parameters
    ----------
    intake : array, shape (...) [kg dry matter/(head day)]
    energy : array, shape (...) [MJ/kg dry matter]

    Returns
    -------
    array, shape (...) [MJ/(head day)]

    References
    ----------
    GB/T 32151.22-2024 appendix C.
    """
    return array(intake) * array(energy)


def ipcc_enteric_factor(gross_energy: npt.ArrayLike, methane_conversion: npt.ArrayLike) -> Array:
    """Enteric methane of one animal (tier 2): ``EF = GE · Ym · 365 / 55.65``.

    Parameters
    ----------
    gross_energy : array, shape (...) [MJ/(head day)]
    methane_conversion : array, shape (...) [fraction], 0 to 1
        Ym, share of the gross energy that leaves as methane.

    Returns
    -------
    array, shape (...) [kg CH4/(head year)]

    References
    ----------
    IPCC 2006 Vol.4 Eq 10.21; GB/T 32151.22-2024 appendix C (GE 300, Ym 6.5 % gives 127.90).
    """
    return array(gross_energy) * array(methane_conversion) * DAYS_PER_YEAR / METHANE_ENERGY


def gbt32151_enteric_ch4(heads: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Enteric methane of a herd: ``E = AP · EF · 10⁻³``.

    Parameters
    ----------
    heads : array, shape (...) [head]
        Annual mean herd.
    factor : array, shape (...) [kg CH4/(head year)]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    GB/T 32151.22-2024 appendix C; IPCC 2006 Vol.4 Eq 10.19.
    """
    return array(heads) * array(factor) / KG_PER_T


def ipcc_manure_ch4_factor(
    volatile_solid: npt.ArrayLike,
    methane_potential: npt.ArrayLike,
    correction: npt.ArrayLike,
    density: npt.ArrayLike = 0.67,
) -> Array:
    """Methane of the manure of one animal (tier 2): ``EF = VS · 365 · B0 · 0.67 · Σ(MCF·MS)``.

    Parameters
    ----------
    volatile_solid : array, shape (...) [kg/(head day)]
    methane_potential : array, shape (...) [m3 CH4/kg VS]
    correction : array, shape (...) [fraction], 0 to 1
        ``Σ(MCF·MS)`` over the systems the manure goes to, Σ MS = 1.
    density : array, shape (...) [kg/m3]
        Density of methane.

    Returns
    -------
    array, shape (...) [kg CH4/(head year)]

    References
    ----------
    IPCC 2006 Vol.4 Eq 10.23; GB/T 32151.22-2024 appendix C.
    """
    return (
        array(volatile_solid) * DAYS_PER_YEAR * array(methane_potential) * array(density) * array(correction)
    )


def ipcc_manure_direct_n2o(excretion: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Direct nitrous oxide of the manure of one animal: ``EF_D = Nex · Σ(EF·MS) · 44/28``.

    Parameters
    ----------
    excretion : array, shape (...) [kg N/(head year)]
    factor : array, shape (...) [kg N2O-N/kg N]
        ``Σ(EF·MS)`` over the systems.

    Returns
    -------
    array, shape (...) [kg N2O/(head year)]

    References
    ----------
    IPCC 2006 Vol.4 Eq 10.25; GB/T 32151.22-2024 appendix C.
    """
    return array(excretion) * array(factor) * N2O_PER_N


def ipcc_manure_indirect_n2o(
    excretion: npt.ArrayLike,
    fraction_gas: npt.ArrayLike,
    fraction_leach: npt.ArrayLike,
    deposition: npt.ArrayLike,
    leaching: npt.ArrayLike,
) -> Array:
    """Indirect nitrous oxide of one animal: ``EF_ID = Nex·(EF4·Frac_gas + EF5·Frac_leach)·44/28``.

    Parameters
    ----------
    excretion : array, shape (...) [kg N/(head year)]
    fraction_gas, fraction_leach : array, shape (...) [fraction], 0 to 1
    deposition, leaching : array, shape (...) [kg N2O-N/kg N]
        EF4 and EF5.

    Returns
    -------
    array, shape (...) [kg N2O/(head year)]

    References
    ----------
    IPCC 2006 Vol.4 Eq 10.26 to 10.29; GB/T 32151.22-2024 appendix C.
    """
    gas = array(deposition) * array(fraction_gas)
    leach = array(leaching) * array(fraction_leach)
    return array(excretion) * (gas + leach) * N2O_PER_N


def gbt32151_manure_regional(heads: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Methane or nitrous oxide of manure by the default of the greater region: ``E = AP · EF · 10⁻³``.

    Parameters
    ----------
    heads : array, shape (...) [head]
    factor : array, shape (...) [kg/(head year)]
        Of CH4 (table C.7) or N2O (table C.10).

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    GB/T 32151.22-2024 tables C.7 and C.10.
    """
    return array(heads) * array(factor) / KG_PER_T


def gbt32151_biogas_recovered(
    volume: npt.ArrayLike, share: npt.ArrayLike, density: npt.ArrayLike = 0.67
) -> Array:
    """Methane of biogas used on the farm or sold: ``R = Q · φ · 0.67 · 10⁻³``.

    Parameters
    ----------
    volume : array, shape (...) [m3]
        Biogas.
    share : array, shape (...) [fraction], 0 to 1
        Methane by volume.
    density : array, shape (...) [kg/m3]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    GB/T 32151.22-2024 appendix C.
    """
    return array(volume) * array(share) * array(density) / KG_PER_T


def gbt32151_biogas_flare_ch4(
    volume: npt.ArrayLike, share: npt.ArrayLike, oxidation: npt.ArrayLike, density: npt.ArrayLike = 0.67
) -> Array:
    """Methane that a flare leaves unburnt: ``E = Q · φ · (1 − OF) · 0.67 · 10⁻³``.

    Parameters
    ----------
    volume : array, shape (...) [m3]
        Biogas flared.
    share, oxidation : array, shape (...) [fraction], 0 to 1
        Methane by volume; share of it that is burnt.
    density : array, shape (...) [kg/m3]

    Returns
    -------
    array, shape (...) [t CH4]

    References
    ----------
    GB/T 32151.22-2024 appendix C.
    """
    return array(volume) * array(share) * (1 - array(oxidation)) * array(density) / KG_PER_T


COARSE = {"layer": "poultry", "broiler": "poultry"}
LEAST, MOST = 10, 28
NO_ENTERIC = ("poultry", "layer", "broiler")


def _heads(entry: Entry) -> float:
    heads = entry.optional("heads")
    if heads is None:
        days = entry.parameter(
            "manure_nitrogen", "cycle", edition="liao_2017", item=entry.option("animal"), own="days"
        )
        year = days_of(entry.amount("year"))
        return float(gbt32151_annual_mean_heads(entry.amount("throughput"), days.value, year))
    return heads


def _enteric(entry: Entry, animal: str, heads: float, common: dict[str, Any]) -> Iterator[Row]:
    if animal in NO_ENTERIC:
        return
    stage, edition = entry.option("stage"), entry.settings.livestock
    energy = entry.optional("gross_energy")
    intake = entry.optional("dry_matter_intake")
    if energy is not None or intake is not None:
        used: list[Parameter] = []
        if energy is None:
            used.append(entry.parameter("livestock", "dry_matter_energy", edition=GBT))
            energy = float(gbt32151_gross_energy(intake or 0.0, used[0].value))
        ym = entry.parameter(
            "livestock",
            "methane_conversion",
            edition=GBT,
            item=animal,
            condition=stage,
            own="methane_conversion",
        )
        factor = float(ipcc_enteric_factor(energy, ym.value))
        method, used = "ipcc_enteric_factor", [*used, ym]
    else:
        staged = edition == GBT and (stage or animal == "pig")
        chosen = GBT if staged else IPCC if edition == GBT else edition
        found = entry.parameter("livestock", "enteric", edition=chosen, item=animal, condition=stage)
        factor, method, used = found.value, "gbt32151_enteric_ch4", [found]
    value = float(gbt32151_enteric_ch4(heads, factor))
    yield entry.emission(
        method,
        "CH4_biogenic",
        value,
        process="agriculture.enteric",
        origin="agriculture",
        factor=used,
        **common,
    )


def _systems(entry: Entry, animal: str, heads: float, common: dict[str, Any]) -> Iterator[Row]:
    system = entry.option("manure_system")
    degree = str(int(min(max(round(entry.amount("temperature")), LEAST), MOST)))

    def read(name: str, item: str = "", condition: str = "", own: str = "") -> Parameter:
        return entry.parameter("livestock", name, edition=GBT, item=item, condition=condition, own=own)

    vs, b0 = read("volatile_solid", animal, own="volatile_solid"), read("methane_potential", animal)
    mcf, density = read("manure_methane_correction", system, degree), read("methane_density")
    ch4 = heads * float(ipcc_manure_ch4_factor(vs.value, b0.value, mcf.value, density.value)) / KG_PER_T
    place: dict[str, Any] = {"process": "agriculture.manure", "origin": "agriculture", **common}
    place["technology"] = system
    yield entry.emission(
        "ipcc_manure_ch4_factor", "CH4_biogenic", ch4, factor=[vs, b0, mcf, density], **place
    )
    nex, direct = (
        read("nitrogen_excretion", animal, own="nitrogen_excretion"),
        read("manure_direct_nitrogen", system),
    )
    gas, leach = read("fraction_gas"), read("fraction_leach", own="leached_share")
    ef4, ef5 = read("deposition"), read("leaching")
    n2o = heads * float(ipcc_manure_direct_n2o(nex.value, direct.value)) / KG_PER_T
    yield entry.emission("ipcc_manure_direct_n2o", "N2O", n2o, factor=[nex, direct], **place)
    lost = ipcc_manure_indirect_n2o(nex.value, gas.value, leach.value, ef4.value, ef5.value)
    value = heads * float(lost) / KG_PER_T
    yield entry.emission(
        "ipcc_manure_indirect_n2o",
        "N2O",
        value,
        factor=[nex, gas, leach, ef4, ef5],
        spread=[nex],
        note="indirect",
        **place,
    )


def _manure(entry: Entry, animal: str, heads: float, common: dict[str, Any]) -> Iterator[Row]:
    if entry.option("manure_system"):
        yield from _systems(entry, animal, heads, common)
        return
    area = great_region(entry)
    for species, name in (("CH4_biogenic", "manure_methane"), ("N2O", "manure_nitrous_oxide")):
        found = entry.parameter("livestock", name, edition=GBT, item=animal, condition=area)
        yield entry.emission(
            "gbt32151_manure_regional",
            species,
            float(gbt32151_manure_regional(heads, found.value)),
            process="agriculture.manure",
            origin="agriculture",
            factor=[found],
            **common,
        )


LARGE = ("horse", "mule_ass", "camel")


def _row(entry: Entry) -> Iterator[Row]:
    kind = entry.option("animal")
    animal = COARSE.get(kind, kind)
    heads = _heads(entry)
    common = {"product": kind}
    yield from _enteric(entry, animal, heads, common)
    if animal not in LARGE:
        yield from _manure(entry, animal, heads, common)
    if kind in ANIMALS:
        yield from ammonia_rows(entry, kind)
        yield from water_rows(entry, kind)


def emission_from_livestock(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``livestock``: enteric CH4, manure CH4 and N2O, NH3 of the TAN
    flow, COD, TN, TP.

    Gross energy in the row calls tier 2, a stage the standard's table C.3, neither the IPCC default. A manure
    system calls the factors by VS, B0, MCF and N, none the regional defaults of tables C.7 and C.10. Horses,
    asses, mules and camels have no manure coefficient in the standard and yield enteric methane only. NH3 and
    water pollutants exist for the five animals of the cited papers; broilers and pigs count by throughput.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("livestock", frame, settings, _row)
