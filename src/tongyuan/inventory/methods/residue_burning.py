"""Crop residues burnt in the field (IPCC 2006 Vol.4 Eq 2.27)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk
from tongyuan.reference.method.stoichiometry import KG_PER_T, Array, array

IPCC = "ipcc_2006"
SPECIES = ("CO2_biogenic", "CO", "CH4_biogenic", "N2O", "NOx")


def ipcc_fire_emission(
    area: npt.ArrayLike, fuel: npt.ArrayLike, combustion_factor: npt.ArrayLike, emission_factor: npt.ArrayLike
) -> Array:
    """Emission of a fire: ``L = A · M_B · C_f · G_ef · 10⁻³``.

    Parameters
    ----------
    area : array, shape (...) [ha]
    fuel : array, shape (...) [t dry matter/ha]
        Mass of fuel available.
    combustion_factor : array, shape (...) [fraction], 0 to 1
    emission_factor : array, shape (...) [g/kg dry matter burnt]

    Returns
    -------
    array, shape (...) [t]

    References
    ----------
    IPCC 2006 Vol.4 Eq 2.27.
    """
    burnt = array(area) * array(fuel) * array(combustion_factor)
    return burnt * array(emission_factor) / KG_PER_T


def _row(entry: Entry) -> Iterator[Row]:
    crop = entry.option("crop")
    factor = entry.parameter("residue", "combustion_factor", edition=IPCC, item=crop, own="combustion_factor")
    used: list[Any] = [factor]
    dry = entry.parameter("residue", "dry_matter", edition=IPCC, item=crop, own="dry_matter")
    straw = entry.amount("residue") * dry.value * entry.amount("burnt_share")
    used += [dry, f"{entry.id}.burnt_share"]
    for species in SPECIES:
        ef = entry.parameter("residue", "emission", edition=IPCC, condition=species)
        value = float(ipcc_fire_emission(1.0, straw, factor.value, ef.value))
        yield entry.emission(
            "ipcc_fire_emission",
            species,
            value,
            process="agriculture.residue_burning",
            origin="agriculture",
            product=crop,
            factor=[ef, *used],
        )


def emission_from_residue_burning(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the emissions of table ``residue_burning``: residue · dry matter · share burnt · C_f · factor.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk("residue_burning", frame, settings, _row)
