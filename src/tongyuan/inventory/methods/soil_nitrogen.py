"""Nitrogen put on fields: NH3 of fertiliser, N2O of soils; CO2 of urea and lime."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.stoichiometry import CO2_PER_C, N2O_PER_N, Array, array

SUN = "sun_2016"
HIGH_RATE = 195.0
"""Rate of nitrogen [kg N/ha] above which the ammonia factor is corrected (孙猛 2016)."""


def sun2016_ammonia(
    amount: npt.ArrayLike, base: npt.ArrayLike, rate: npt.ArrayLike, placement: npt.ArrayLike
) -> Array:
    """Ammonia of nitrogen fertiliser: ``NH3 = A · base · rate correction · placement correction``.

    Parameters
    ----------
    amount : array, shape (...) [t]
        Fertiliser applied, product mass.
    base : array, shape (...) [t NH3/t]
        Base factor by fertiliser and temperature.
    rate, placement : array, shape (...) [fraction]
        Corrections for the rate of nitrogen and for the placement.

    Returns
    -------
    array, shape (...) [t NH3]

    References
    ----------
    孙猛 2016, ChinaXiv-201711.01719. The printed base rows of urea and ammonium bicarbonate do not
    reproduce the paper's own totals and are therefore unverified.
    """
    return array(amount) * array(base) * array(rate) * array(placement)


def ipcc_soil_direct_n2o(nitrogen: npt.ArrayLike, factor: npt.ArrayLike) -> Array:
    """Direct nitrous oxide of managed soils: ``N2O = F_N · EF1 · 44/28``.

    Parameters
    ----------
    nitrogen : array, shape (...) [t N]
    factor : array, shape (...) [t N2O-N/t N]

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    IPCC 2006 Vol.4 Eq 11.1 (2019 Refinement unchanged).
    """
    return array(nitrogen) * array(factor) * N2O_PER_N


def ipcc_soil_deposition_n2o(
    nitrogen: npt.ArrayLike, fraction_gas: npt.ArrayLike, factor: npt.ArrayLike
) -> Array:
    """Nitrous oxide of nitrogen that volatilises and comes down again: ``F_N · Frac_GAS · EF4 · 44/28``.

    Parameters
    ----------
    nitrogen : array, shape (...) [t N]
    fraction_gas : array, shape (...) [fraction], 0 to 1
        FracGASF of synthetic, FracGASM of organic nitrogen.
    factor : array, shape (...) [t N2O-N/t N]
        EF4.

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    IPCC 2006 Vol.4 Eq 11.9.
    """
    return array(nitrogen) * array(fraction_gas) * array(factor) * N2O_PER_N


def ipcc_soil_leaching_n2o(
    nitrogen: npt.ArrayLike, fraction_leach: npt.ArrayLike, factor: npt.ArrayLike
) -> Array:
    """Nitrous oxide of leached nitrogen: ``F_N · Frac_LEACH · EF5 · 44/28``.

    Parameters
    ----------
    nitrogen : array, shape (...) [t N]
    fraction_leach : array, shape (...) [fraction], 0 to 1
    factor : array, shape (...) [t N2O-N/t N]
        EF5.

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    IPCC 2006 Vol.4 Eq 11.10.
    """
    return array(nitrogen) * array(fraction_leach) * array(factor) * N2O_PER_N


def ipcc_urea_co2(amount: npt.ArrayLike, carbon: npt.ArrayLike = 0.2) -> Array:
    """CO2 of urea put on soils: ``E = M · EF · 44/12``.

    Parameters
    ----------
    amount : array, shape (...) [t urea]
    carbon : array, shape (...) [t C/t]

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    IPCC 2006 Vol.4 Eq 11.13.
    """
    return array(amount) * array(carbon) * CO2_PER_C


def ipcc_liming_co2(
    limestone: npt.ArrayLike,
    dolomite: npt.ArrayLike,
    limestone_carbon: npt.ArrayLike = 0.12,
    dolomite_carbon: npt.ArrayLike = 0.13,
) -> Array:
    """CO2 of lime put on soils: ``E = (M_limestone·EF_limestone + M_dolomite·EF_dolomite) · 44/12``.

    Parameters
    ----------
    limestone, dolomite : array, shape (...) [t]
    limestone_carbon, dolomite_carbon : array, shape (...) [t C/t]

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    IPCC 2006 Vol.4 Eq 11.12.
    """
    carbon = array(limestone) * array(limestone_carbon) + array(dolomite) * array(dolomite_carbon)
    return carbon * CO2_PER_C


def temperature_class(temperature: float) -> str:
    """Return the temperature class of the ammonia factor for a mean `temperature` [°C] of the season."""
    for limit, name in ((10.0, "below_10"), (20.0, "10_to_20"), (30.0, "20_to_30")):
        if temperature < limit:
            return name
    return "above_30"


def _nitrogen(entry: Entry, kind: str) -> tuple[float, list[Any]]:
    """Nitrogen applied [t N]."""
    own = entry.optional("nitrogen")
    if own is not None:
        return own, [f"{entry.id}.nitrogen"]
    content = entry.parameter("soil", "nitrogen_content", edition=SUN, item=kind)
    return entry.amount("amount") * content.value, [content]


def _ammonia(entry: Entry, kind: str, nitrogen: float) -> Iterator[Row]:
    temperature = entry.optional("temperature")
    amount = entry.optional("amount")
    if temperature is None or amount is None:
        return
    base = entry.parameter(
        "soil",
        "ammonia",
        edition=SUN,
        item=kind,
        condition=temperature_class(temperature),
        own="ammonia_factor",
    )
    area = entry.optional("area_applied")
    high = area is not None and area > 0 and nitrogen * 1000 / area > HIGH_RATE
    rate = entry.parameter("soil", "rate_correction", edition=SUN, condition="above_195" if high else "")
    place = entry.parameter(
        "soil", "placement_correction", edition=SUN, item=entry.option("placement") or "surface"
    )
    value = float(sun2016_ammonia(amount, base.value, rate.value, place.value))
    yield entry.emission(
        "sun2016_ammonia",
        "NH3",
        value,
        process="agriculture.fertiliser",
        origin="agriculture",
        product=kind,
        factor=[base, rate, place],
    )


def _nitrous(entry: Entry, kind: str, nitrogen: float, used: list[Any]) -> Iterator[Row]:
    edition = entry.settings.soil
    land = entry.option("cropland")
    condition = "flooded_rice" if land == "flooded_rice" else entry.text("zone")
    source = "organic" if kind == "manure" else "synthetic"

    def read(name: str, item: str = "", condition: str = "") -> Any:
        return entry.parameter("soil", name, edition=edition, item=item, condition=condition)

    common: dict[str, Any] = {"process": "agriculture.soil", "origin": "agriculture", "product": kind}
    common["technology"] = land
    ef1 = read("direct", condition=condition)
    value = float(ipcc_soil_direct_n2o(nitrogen, ef1.value))
    yield entry.emission("ipcc_soil_direct_n2o", "N2O", value, factor=[ef1, *used], **common)
    gas, ef4 = read("fraction_gas", source), read("deposition")
    value = float(ipcc_soil_deposition_n2o(nitrogen, gas.value, ef4.value))
    yield entry.emission("ipcc_soil_deposition_n2o", "N2O", value, factor=[gas, ef4, *used], **common)
    leach, ef5 = read("fraction_leach"), read("leaching")
    value = float(ipcc_soil_leaching_n2o(nitrogen, leach.value, ef5.value))
    yield entry.emission("ipcc_soil_leaching_n2o", "N2O", value, factor=[leach, ef5, *used], **common)


def _row(entry: Entry) -> Iterator[Row]:
    kind = entry.option("fertiliser")
    if kind in ("limestone", "dolomite"):
        carbon = entry.parameter("soil", "liming_carbon", edition="ipcc_2006", item=kind)
        amount = entry.amount("amount")
        co2 = float(ipcc_liming_co2(amount, 0.0, carbon.value))
        yield entry.emission(
            "ipcc_liming_co2",
            "CO2",
            co2,
            process="agriculture.liming",
            origin="agriculture",
            product=kind,
            factor=[carbon],
        )
        return
    nitrogen, used = _nitrogen(entry, kind)
    if kind != "manure":
        yield from _ammonia(entry, kind, nitrogen)
    yield from _nitrous(entry, kind, nitrogen, used)
    if kind == "urea" and entry.optional("amount") is not None:
        carbon = entry.parameter("soil", "urea_carbon", edition="ipcc_2006")
        co2 = float(ipcc_urea_co2(entry.amount("amount"), carbon.value))
        yield entry.emission(
            "ipcc_urea_co2",
            "CO2",
            co2,
            process="agriculture.urea",
            origin="agriculture",
            product=kind,
            factor=[carbon],
        )


def emission_from_fertiliser(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``fertiliser``: NH3, direct and indirect N2O, CO2 of urea and lime.

    NH3 needs the mean temperature of the season and the product mass. NH3 of manure spreading belongs
    to table ``livestock``. The base factors of urea and ammonium bicarbonate are unverified: enter an own
    factor or allow them by name.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("fertiliser", frame, settings, _row)
