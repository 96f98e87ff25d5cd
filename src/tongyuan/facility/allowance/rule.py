"""Rules of the carbon market by sector and year, from the shelves ``ets_rule`` and ``ets_benchmark``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import polars as pl

from tongyuan.reference.shelf import shelf


class RuleError(LookupError):
    """Raised where no rule is known for a sector and year, or only a draft that may not act."""

    def __init__(self, what: str, sector: str, year: int, *, draft: bool = False) -> None:
        self.what, self.sector, self.year, self.draft = what, sector, year, draft
        super().__init__(f"{what} {sector} {year}{' (draft only)' if draft else ''}")


@dataclass(frozen=True)
class Rule:
    """One number of a rule with where it stands.

    Attributes
    ----------
    stage
        ``final`` or ``draft``: a consultation text acts only where it is asked for.
    """

    value: float
    stage: str
    status: str
    source: str
    title_zh: str
    title_en: str


@cache
def _rules() -> tuple[dict[str, str], ...]:
    return tuple(shelf("ets_rule").to_dicts())


def find(sector: str, year: int, name: str, *, drafts: bool = True) -> Rule | None:
    """Return rule `name` of `sector` (or of all sectors) in `year`; None where there is none.

    Parameters
    ----------
    drafts
        Whether a consultation text may be used; without it a rule that is only a draft raises.

    Raises
    ------
    RuleError
        If the rule of this year is a draft and `drafts` is False.
    """
    for row in _rules():
        until = int(row["year_to"]) if row["year_to"] else year
        if (
            row["rule"] == name
            and row["sector"] in (sector, "all")
            and int(row["year_from"]) <= year <= until
        ):
            if row["stage"] == "draft" and not drafts:
                raise RuleError(name, sector, year, draft=True)
            return Rule(
                float(row["value"]),
                row["stage"],
                row["status"],
                row["source"],
                row["title_zh"],
                row["title_en"],
            )
    return None


def need(sector: str, year: int, name: str, *, drafts: bool = True) -> Rule:
    """Return rule `name`.

    Raises
    ------
    RuleError
        If there is none for this sector and year.
    """
    found = find(sector, year, name, drafts=drafts)
    if found is None:
        raise RuleError(name, sector, year)
    return found


@dataclass(frozen=True)
class Benchmark:
    """Benchmarks of a class of generating units in one year.

    Attributes
    ----------
    basis
        ``supply``: power is what leaves the works; ``gross``: what the generator makes.
    power, heat
        [t CO2/MWh] and [t CO2/GJ].
    """

    year: int
    unit_class: str
    basis: str
    power: float
    heat: float
    stage: str
    status: str
    source: str


def benchmark(year: int, unit_class: str, *, drafts: bool = True) -> Benchmark:
    """Return the benchmark of `unit_class` (``above_300``, ``up_to_300``, ``unconventional``, ``gas``).

    Raises
    ------
    RuleError
        If there is none, or only a draft and `drafts` is False.
    """
    rows = shelf("ets_benchmark").filter((pl.col("year") == str(year)) & (pl.col("class") == unit_class))
    if rows.is_empty():
        raise RuleError("benchmark", unit_class, year)
    row = rows.to_dicts()[0]
    if row["stage"] == "draft" and not drafts:
        raise RuleError("benchmark", unit_class, year, draft=True)
    return Benchmark(
        year,
        unit_class,
        row["basis"],
        float(row["power"]),
        float(row["heat"]),
        row["stage"],
        row["status"],
        row["source"],
    )


def class_of(capacity: float, fuel: str) -> str:
    """Return the class of a generating unit.

    Parameters
    ----------
    capacity
        Rated power [MW]; conventional coal from 400 MW belongs to the class above 300 MW.
    fuel
        ``conventional_coal``, ``unconventional_coal`` or ``gas_fired``.

    References
    ----------
    Verification guide for power, 2026.
    """
    if fuel == "gas_fired":
        return "gas"
    if fuel == "unconventional_coal":
        return "unconventional"
    if fuel != "conventional_coal":
        raise RuleError("benchmark", fuel, 0)
    return "above_300" if capacity >= 400 else "up_to_300"
