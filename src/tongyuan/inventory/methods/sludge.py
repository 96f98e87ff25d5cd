"""Routes of sewage sludge: composting, incineration, land application, digestion with heat and power."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy.typing as npt

from tongyuan.inventory.methods.adaptor import Entry, Row
from tongyuan.reference.method.parameter import Parameter
from tongyuan.reference.method.stoichiometry import KG_PER_T, N2O_PER_N, Array, array

IPCC = "ipcc_2006"
CECS = "tcecs_wwtp"


class Digestion(NamedTuple):
    """Yield of a sludge digester with combined heat and power."""

    methane: Array
    leaked: Array
    electricity: Array
    heat: Array
    nitrogen: Array


def ipcc_sludge_organics(dry_mass: npt.ArrayLike, removal: npt.ArrayLike) -> Array:
    """Organics that leave a plant with its sludge: ``S = M · K_rem``.

    Parameters
    ----------
    dry_mass : array, shape (...) [t dry sludge]
    removal : array, shape (...) [t BOD/t]
        Primary sludge .5, mixed .8, digested 1, activated sludge without primary treatment 1.16.

    Returns
    -------
    array, shape (...) [t BOD]

    References
    ----------
    IPCC 2019 Refinement Vol.5 Eq 6.3b and the table of K_rem.
    """
    return array(dry_mass) * array(removal)


def ipcc_biological_treatment(
    dry_mass: npt.ArrayLike, factor: npt.ArrayLike, recovered: npt.ArrayLike = 0.0
) -> Array:
    """Gas of composting or digestion: ``E = M · EF · 10⁻³ − R``.

    Parameters
    ----------
    dry_mass : array, shape (...) [t dry matter]
    factor : array, shape (...) [g/kg dry matter]
    recovered : array, shape (...) [t]

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    IPCC 2006 Vol.5 Eq 4.1 and 4.2.
    """
    return array(dry_mass) * array(factor) / KG_PER_T - array(recovered)


def cecs_sludge_incineration_n2o(dry_mass: npt.ArrayLike, factor: npt.ArrayLike = 0.99) -> Array:
    """Nitrous oxide of burnt sludge: ``E = M · EF · 10⁻³``.

    Parameters
    ----------
    dry_mass : array, shape (...) [t]
    factor : array, shape (...) [kg N2O/t]

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    T/CECS 城镇污水厂碳减排评估 (as quoted by an open implementation).
    """
    return array(dry_mass) * array(factor) / KG_PER_T


def cecs_sludge_land_n2o(
    dry_mass: npt.ArrayLike, nitrogen: npt.ArrayLike = 0.03, factor: npt.ArrayLike = 0.011
) -> Array:
    """Nitrous oxide of sludge put on land: ``E = M · N · EF · 44/28``.

    Parameters
    ----------
    dry_mass : array, shape (...) [t]
    nitrogen : array, shape (...) [t N/t]
    factor : array, shape (...) [t N2O-N/t N]

    Returns
    -------
    array, shape (...) [t N2O]

    References
    ----------
    T/CECS 城镇污水厂碳减排评估 (as quoted by an open implementation; the factor is taken as N2O-N).
    """
    return array(dry_mass) * array(nitrogen) * array(factor) * N2O_PER_N


def digestion_with_power(
    volatile_mass: npt.ArrayLike,
    degraded: npt.ArrayLike,
    methane_yield: npt.ArrayLike,
    leak: npt.ArrayLike,
    electric_efficiency: npt.ArrayLike,
    heat_efficiency: npt.ArrayLike,
    nitrogen_content: npt.ArrayLike = 0.0,
    methane_ncv: npt.ArrayLike = 50.0,
) -> Digestion:
    """Digestion with combined heat and power: methane made, leaked, and the energy of the rest.

    ``CH4 = VS · degraded · yield``; ``leaked = CH4 · leak``; ``energy = (CH4 − leaked) · NCV · η``.

    Parameters
    ----------
    volatile_mass : array, shape (...) [t VS]
    degraded, leak, electric_efficiency, heat_efficiency : array, shape (...) [fraction], 0 to 1
    methane_yield : array, shape (...) [t CH4/t VS degraded]
    nitrogen_content : array, shape (...) [t N/t VS]
        Nitrogen set free with the degraded solids; it returns to the plant with the reject water.
    methane_ncv : array, shape (...) [MJ/kg]

    Returns
    -------
    Digestion
        methane, leaked [t CH4]; electricity, heat [TJ]; nitrogen in the reject water [t N].

    References
    ----------
    Energy and mass balance; leak of 5 % in T/CECS 城镇污水厂碳减排评估.
    """
    methane = array(volatile_mass) * array(degraded) * array(methane_yield)
    leaked = methane * array(leak)
    energy = (methane - leaked) * array(methane_ncv) / KG_PER_T
    freed = array(volatile_mass) * array(degraded) * array(nitrogen_content)
    return Digestion(
        methane, leaked, energy * array(electric_efficiency), energy * array(heat_efficiency), freed
    )


def sludge_rows(entry: Entry, dry_mass: float, nitrogen: Parameter) -> Iterator[Row]:
    """Yield the sludge of a plant and what its route emits."""
    route = entry.option("sludge_route")
    common: dict[str, Any] = {"process": "waste.sludge", "origin": "waste", "technology": route}
    factor = [f"{entry.id}.sludge_dry"]
    yield entry.emission("measured_discharge", "sludge", dry_mass, factor=factor, note="dry mass", **common)
    if route in ("compost_sludge", "digestion_chp"):
        gases = [("CH4_biogenic", "methane")] + (
            [("N2O", "nitrous_oxide")] if route == "compost_sludge" else []
        )
        for species, name in gases:
            found = entry.parameter("sludge", name, edition=IPCC, item=route)
            value = float(ipcc_biological_treatment(dry_mass, found.value))
            yield entry.emission("ipcc_biological_treatment", species, value, factor=[found], **common)
    elif route == "incineration_sludge":
        found = entry.parameter("sludge", "nitrous_oxide", edition=CECS, item=route)
        value = float(cecs_sludge_incineration_n2o(dry_mass, found.value))
        yield entry.emission("cecs_sludge_incineration_n2o", "N2O", value, factor=[found], **common)
    elif route == "land":
        found = entry.parameter("sludge", "nitrous_oxide_of_nitrogen", edition=CECS, item=route)
        value = float(cecs_sludge_land_n2o(dry_mass, nitrogen.value, found.value))
        yield entry.emission("cecs_sludge_land_n2o", "N2O", value, factor=[found, nitrogen], **common)
        found = entry.parameter("sludge", "methane", edition=CECS, item=route)
        value = float(ipcc_biological_treatment(dry_mass, found.value))
        yield entry.emission("ipcc_biological_treatment", "CH4_biogenic", value, factor=[found], **common)
