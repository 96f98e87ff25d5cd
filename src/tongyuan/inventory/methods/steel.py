"""Process CO2 of steel works: fluxes, electrodes, carbon-bearing materials, carbon leaving with products."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk_groups
from tongyuan.reference.method.equation import guide_steel_process_co2
from tongyuan.reference.method.parameter import Parameter, ParameterError
from tongyuan.reference.method.stoichiometry import CO2_PER_C, array

GUIDE = "guide_24_industries"


def ets_steel_step_co2(
    fuel: npt.ArrayLike, electricity_co2: float, heat_co2: float, output: float
) -> tuple[float, float]:
    """CO2 and intensity of one process step: ``E = Σ fuel + electricity + heat``, ``I = E / output``.

    Parameters
    ----------
    fuel : array, shape (n,) [t CO2]
        CO2 of each fuel, by-product gases leaving the step negative.
    electricity_co2, heat_co2 : float [t CO2]
    output : float [t], above 0
        Product of the step.

    Returns
    -------
    tuple of 2 floats [t CO2, t CO2/t]

    References
    ----------
    企业温室气体排放核算与报告填报说明 钢铁生产 (national ETS), accounting by process step.
    """
    total = float(np.sum(array(fuel))) + electricity_co2 + heat_co2
    return total, total / output


FLUXES = ("limestone", "dolomite")


def _factor(row: Entry, flow: str, direction: str) -> Parameter:
    carbon = row.optional("carbon")
    if carbon is not None:
        return Parameter(f"{row.id}.carbon", carbon * CO2_PER_C, "t/t")
    if direction == "out":
        return row.parameter("steel", "sequestered", edition=GUIDE, item=flow)
    if flow in FLUXES:
        return row.parameter("steel", "flux", edition=GUIDE, item=flow)
    if flow == "electrode":
        return row.parameter("steel", "electrode", edition=GUIDE)
    return row.parameter("steel", "material", edition=GUIDE, item=flow)


def _works(rows: list[Entry]) -> Iterator[Row]:
    parts: dict[str, list[tuple[float, float]]] = {"flux": [], "electrode": [], "material": [], "product": []}
    used = []
    for row in rows:
        flow, direction = row.option("flow"), row.option("direction")
        if direction == "out" and (flow in FLUXES or flow == "electrode"):
            raise ParameterError("steel-direction", flow=flow)
        found = _factor(row, flow, direction)
        used.append(found)
        kind = "product" if direction == "out" else "flux" if flow in FLUXES else "material"
        kind = "electrode" if flow == "electrode" else kind
        parts[kind].append((row.amount("amount"), found.value))

    def column(kind: str, index: int) -> list[float]:
        return [pair[index] for pair in parts[kind]]

    electrode = sum(amount for amount, _ in parts["electrode"])
    per_t = sum(amount * ef for amount, ef in parts["electrode"]) / electrode if electrode else 0.0
    value = guide_steel_process_co2(
        column("flux", 0),
        column("flux", 1),
        electrode,
        per_t,
        column("material", 0),
        column("material", 1),
        column("product", 0),
        column("product", 1),
    )
    yield rows[0].emission(
        "guide_steel_process_co2",
        "CO2",
        value,
        process="industry.steel",
        origin="process",
        factor=used,
        spread=(),
    )


def emission_from_steel_works(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the process CO2 of table ``steel_works``, one row per works and year.

    Fuels and reducing agents are accounted as combustion in table ``activity``; this table holds the
    rest of the carbon balance.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk_groups("steel_works", frame, settings, ("region", "year", "works"), _works)
