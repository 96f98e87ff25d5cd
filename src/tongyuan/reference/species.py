"""Species: air and water pollutants, greenhouse gases, ozone depleters, solid waste, resources."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import polars as pl

from tongyuan.reference.shelf import shelf

Medium = Literal["air", "ghg", "ods", "water", "solid", "resource"]


@dataclass(frozen=True)
class Species:
    """One substance or resource.

    Attributes
    ----------
    species, parent
        Id and the id of the substance it is part of (``PM2.5`` is part of ``PM10``), or ``""``.
    molar_mass
        [g/mol], None where the species is a mixture.
    equivalent_kg
        Mass of one pollutant equivalent (污染当量值) [kg], None where the tax law lists none.
    odp
        Ozone-depleting potential [kg CFC-11 / kg], None where none was read from a citable text.
    fossil
        True and False for CO2 and CH4 of known origin, else None.
    """

    species: str
    parent: str
    medium: Medium
    title_zh: str
    title_en: str
    formula: str
    molar_mass: float | None
    equivalent_kg: float | None
    odp: float | None
    fossil: bool | None
    groups: tuple[str, ...]


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def catalogue() -> dict[str, Species]:
    """Return every species by id."""
    return {
        row["species"]: Species(
            species=row["species"],
            parent=row["parent"],
            medium=row["medium"],
            title_zh=row["title_zh"],
            title_en=row["title_en"],
            formula=row["formula"],
            molar_mass=_number(row["molar_mass"]),
            equivalent_kg=_number(row["equivalent_kg"]),
            odp=_number(row["odp"]),
            fossil={"yes": True, "no": False}.get(row["fossil"]),
            groups=tuple(row["groups"].split("|")) if row["groups"] else (),
        )
        for row in shelf("species").to_dicts()
    }


@cache
def headline() -> tuple[str, ...]:
    """Return the species and sums a report shows first, in their order (shelf ``headline``)."""
    return tuple(shelf("headline")["quantity"])


@cache
def against_carbon() -> tuple[str, ...]:
    """Return the pollutants whose change is set against that of carbon, in their order."""
    ranked = shelf("headline").filter(pl.col("against_carbon") != "")
    return tuple(ranked.sort(pl.col("against_carbon").cast(pl.Int64))["quantity"])


def get(species: str) -> Species:
    """Return the species with id `species`.

    Raises
    ------
    KeyError
        If there is none.
    """
    try:
        return catalogue()[species]
    except KeyError:
        raise KeyError(f"no species {species!r}") from None


def members(group: str) -> tuple[str, ...]:
    """Return the ids of group `group` (``GHG``, ``F-gas``, ``HFC``, ``ODS``, ``heavy_metal`` …).

    Raises
    ------
    KeyError
        If no species belongs to it.
    """
    found = tuple(s.species for s in catalogue().values() if group in s.groups)
    if not found:
        raise KeyError(f"no species group {group!r}")
    return found


def groups() -> tuple[str, ...]:
    """Return the names of all groups."""
    return tuple(dict.fromkeys(g for s in catalogue().values() for g in s.groups))


@cache
def parts(species: str) -> tuple[str, ...]:
    """Return `species` and everything that is part of it: ``TSP`` → TSP, PM10, PM2.5, BC, OC."""
    get(species)
    found, queue = [species], [species]
    while queue:
        whole = queue.pop(0)
        for candidate in catalogue().values():
            if candidate.parent == whole:
                found.append(candidate.species)
                queue.append(candidate.species)
    return tuple(found)


@cache
def media() -> pl.DataFrame:
    """Return the frame (species, medium) for joins."""
    return shelf("species").select("species", "medium")


def equivalents(species: str, mass: float) -> float:
    """Return the number of pollutant equivalents (污染当量数) of a mass.

    .. math:: N = m / v

    Parameters
    ----------
    species
        A species with a legal equivalent value :math:`v` [kg].
    mass
        :math:`m` [kg].

    References
    ----------
    中华人民共和国环境保护税法（2018），第八条、附表二.

    Raises
    ------
    KeyError
        If the law lists no value for the species.
    """
    value = get(species).equivalent_kg
    if value is None:
        raise KeyError(f"the environmental tax law lists no equivalent value for {species!r}")
    return mass / value
