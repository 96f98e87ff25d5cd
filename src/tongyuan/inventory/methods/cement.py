"""Process CO2 of clinker with substitute raw materials (national ETS guide) and by IPCC 2006 Vol.3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy.typing as npt
import polars as pl

from tongyuan.inventory.methods.adaptor import Entry, Row, Settings, walk_groups
from tongyuan.reference.method.equation import ets_clinker_co2
from tongyuan.reference.method.parameter import Parameter
from tongyuan.reference.method.stoichiometry import Array, array

GUIDE = "ets_cement_guide"


def ipcc_clinker_co2(
    clinker: npt.ArrayLike, factor: npt.ArrayLike = 0.52, kiln_dust: npt.ArrayLike = 1.02
) -> Array:
    """Process CO2 of clinker (tier 2): ``E = M · EF · CF_ckd``.

    Parameters
    ----------
    clinker : array, shape (...) [t]
    factor : array, shape (...) [t CO2/t]
    kiln_dust : array, shape (...) [fraction]

    Returns
    -------
    array, shape (...) [t CO2]

    References
    ----------
    IPCC 2006 Vol.3 Eq 2.2 and 2.4.
    """
    return array(clinker) * array(factor) * array(kiln_dust)


def _line(rows: list[Entry]) -> Iterator[Row]:
    clinker = factor_co2 = 0.0
    amounts, credits = [], []
    used: list[Parameter] = []
    for row in rows:
        output = row.amount("clinker_output", 0.0)
        if output:
            found = row.parameter(
                "cement", "clinker", edition=GUIDE, item=row.option("clinker"), own="factor"
            )
            used.append(found)
            clinker += output
            factor_co2 += output * found.value
        if row.option("substitute"):
            credit = row.parameter("cement", "substitute", edition=GUIDE, item=row.option("substitute"))
            used.append(credit)
            amounts.append(row.amount("substitute_amount"))
            credits.append(credit.value)
    mean = factor_co2 / clinker if clinker else 0.0
    value = ets_clinker_co2(clinker, mean, amounts, credits)
    yield rows[0].emission(
        "ets_clinker_co2",
        "CO2",
        value,
        process="industry.cement.clinker",
        origin="process",
        factor=used,
        spread=(),
        uncontrolled=factor_co2,
    )


def emission_from_clinker_line(frame: Any, settings: Settings | None = None) -> pl.DataFrame:
    """Return the process CO2 of table ``clinker_line``, one row per line and year.

    The first row of a line carries its clinker; further rows of the same line may name further substitutes.

    Raises
    ------
    FindingError
        With all cells and coefficients that are missing.
    """
    return walk_groups("clinker_line", frame, settings, ("region", "year", "line"), _line)
