"""CO2 factors of grid electricity: 38 areas in 2021-2023, and the variants that regulations ask for.

The value of a year is used for that year only: nothing is interpolated, and no area stands in for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from tongyuan.reference.shelf import shelf

NATIONAL = "100000"


@dataclass(frozen=True)
class GridFactor:
    """One grid factor [kg CO2/kWh; footprints in kg CO2e/kWh]."""

    id: str
    area: str
    variant: str
    value: float
    unit: str
    status: str
    source: str
    locator: str
    note: str


class MissingGridFactorError(KeyError):
    """No factor is published for this area, year and variant; `published` says which years are."""

    def __init__(self, area: str, year: int, variant: str, published: tuple[str, ...]) -> None:
        self.area, self.year, self.variant, self.published = area, year, variant, published
        years = ", ".join(published) or "no year at all"
        super().__init__(f"no {variant!r} grid factor of {area!r} for {year}; published for {years}")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(shelf("grid").to_dicts())


def areas() -> tuple[str, ...]:
    """Return the ids of the 38 areas: the country, seven regional grids, thirty provinces."""
    return tuple(shelf("grid_area")["area"])


def variants() -> tuple[str, ...]:
    """Return the ids of the variants."""
    return tuple(shelf("grid_variant")["variant"])


def years(area: str = NATIONAL, variant: str = "average") -> tuple[str, ...]:
    """Return the years for which `area` has a factor of `variant` (``…2020`` is every year up to 2020)."""
    found = [row for row in _rows() if row["area"] == area and row["variant"] == variant]
    return tuple(
        sorted(
            row["year_to"] if row["year_from"] == row["year_to"] else "…" + row["year_to"] for row in found
        )
    )


def grid_factor(area: str, year: int, variant: str = "average") -> GridFactor:
    """Return the factor of `area` in `year`.

    Parameters
    ----------
    area
        ``100000`` for the country, a province code of GB/T 2260, or a regional grid (``grid_north`` …).
    year
        Year the factor was published for.
    variant
        ``average``, ``excluding_traded``, ``fossil``, ``ets``, ``operating_margin``, ``footprint`` …

    Raises
    ------
    KeyError
        If area or variant are unknown.
    MissingGridFactorError
        If nothing is published for the year.
    """
    if area not in areas():
        raise KeyError(f"no grid area {area!r}")
    if variant not in variants():
        raise KeyError(f"no grid factor variant {variant!r}; there are {', '.join(variants())}")
    for row in _rows():
        if row["area"] == area and row["variant"] == variant:
            begin = int(row["year_from"]) if row["year_from"] else -(10**6)
            if begin <= year <= int(row["year_to"]):
                return GridFactor(
                    row["id"],
                    area,
                    variant,
                    float(row["value"]),
                    row["unit"],
                    row["status"],
                    row["source"],
                    row["locator"],
                    row["note"],
                )
    raise MissingGridFactorError(area, year, variant, years(area, variant))


@cache
def table() -> pl.DataFrame:
    """Return every grid factor with numeric `value`."""
    return shelf("grid").with_columns(pl.col("value").cast(pl.Float64))
