"""CO2 of burnt waste, fossil and biogenic apart (24-industry guides; IPCC 2006 Vol.5 ch.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.inventory.methods.stoichiometry import CO2_PER_C, Array, array

GUIDE = "guide_24_industries"
PROCESSES = {"municipal": "waste.incineration", "hazardous": "waste.hazardous"}


def guide_incineration_co2(
    waste: npt.ArrayLike, carbon: npt.ArrayLike, share: npt.ArrayLike, combustion: npt.ArrayLike
) -> Array:
    """CO2 of burnt waste: ``E = IW · CCW · FCF · EF · 44/12``.

    Parameters
    ----------
    waste : array, shape (...) [t, wet]
    carbon : array, shape (...) [fraction], 0 to 1
        Carbon of the waste (CCW): municipal .4, hazardous .5.
    share : array, shape (...) [fraction], 0 to 1
        Fossil share of the carbon (FCF): municipal .4, hazardous .9; one minus it for the biogenic part.
    combustion : array, shape (...) [fraction], 0 to 1
        Combustion efficiency (EF): municipal .95, hazardous .995.

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    Accounting guides of the 24 industries, waste burnt in power plants; IPCC 2006 Vol.5 Eq 5.1.
    """
    return array(waste) * array(carbon) * array(share) * array(combustion) * CO2_PER_C


def _row(entry: Entry) -> Iterator[Row]:
    kind, amount = entry.option("waste"), entry.amount("amount")

    def read(name: str) -> Any:
        return entry.parameter("incineration", name, edition=GUIDE, item=kind, own=name)

    carbon, fossil, burnt = read("carbon"), read("fossil_share"), read("combustion")
    common: dict[str, Any] = {
        "process": PROCESSES[kind],
        "origin": "waste",
        "factor": [carbon, fossil, burnt],
    }
    for species, share in (("CO2", fossil.value), ("CO2_biogenic", 1 - fossil.value)):
        value = float(guide_incineration_co2(amount, carbon.value, share, burnt.value))
        yield entry.emission("guide_incineration_co2", species, value, **common)


def emission_from_waste_incineration(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the fossil and biogenic CO2 of table ``waste_incineration``.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("waste_incineration", frame, settings, _row)
