"""Limits of a permit by date, and permitted tonnes by the formulas of the specifications (not verified)."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.carbon.place import WHOLE_NAMES
from tongyuan.reference.shelf import fold
from tongyuan.reference.units import UnitError, factor

WHOLE = "whole"


def named_whole(limits: pl.DataFrame) -> pl.DataFrame:
    """Return limits with the works as a whole named by one name."""
    names = [fold(name) for name in WHOLE_NAMES]
    folded = limits["outlet"].fill_null("").map_elements(fold, pl.String)
    return limits.with_columns(
        pl.when(folded.is_in(names)).then(pl.lit(WHOLE)).otherwise("outlet").alias("outlet")
    )


def yearly_tonnes(value: float, unit: str) -> float:
    """Return a yearly limit in tonnes, written as a mass (t) or as a mass a year (t/a).

    Raises
    ------
    UnitError
        If the unit is neither.

    Examples
    --------
    >>> yearly_tonnes(60, "万t/a"), yearly_tonnes(500, "kg")
    (600000.0, 0.5)
    """
    try:
        return value * factor(unit, "t/a")
    except UnitError:
        return value * factor(unit, "t")


def performance_tonnes(capacity: float, rate: float, heat: float = 0.0) -> float:
    """Permitted tonnes of a power unit: ``M = (CAP·5500 + D/1000)·GPS·1e-3``, ``D = H·0.278·0.3``.

    Parameters
    ----------
    capacity
        [MW]
    rate
        Performance value [g/kWh].
    heat
        Heat supplied in a year [MJ].

    Notes
    -----
    Not verified: the specification was not read. The number printed in the permit always wins.
    """
    return (capacity * 5500 + heat * 0.278 * 0.3 / 1000) * rate * 1e-3


def limit_tonnes(product: float, gas: float, concentration: float) -> float:
    """Permitted tonnes by the limit of concentration: ``E = R·Q·C·1e-9``.

    Parameters
    ----------
    product
        Product of a year [t].
    gas
        Flue gas of a tonne of product [m3/t].
    concentration
        Limit [mg/m3].

    Notes
    -----
    Not verified: the specification was not read. The number printed in the permit always wins.
    """
    return product * gas * concentration * 1e-9
