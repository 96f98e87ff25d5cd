"""CO2 of burnt waste, fossil and biogenic apart (24-industry guides; IPCC 2006 Vol.5 ch.5)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.equation import guide_incineration_co2

GUIDE = "guide_24_industries"
PROCESSES = {"municipal": "waste.incineration", "hazardous": "waste.hazardous"}


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
