"""Global warming potentials by set and horizon, and carbon dioxide equivalents.

A set is a column of numbers somebody prescribes: an IPCC report or a Chinese regulation (shelf ``gwp_set``).
Values come from the package `globalwarmingpotentials`; shelf ``gwp`` holds the rows that differ from it or
that it lacks (methane by origin, 20 and 500 years of AR4, the regulatory values). A gas without a value in a
set is an error, never zero. Biogenic CO2 has no equivalent: it is reported apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import polars as pl

from tongyuan.reference.shelf import shelf
from tongyuan.reference.species import catalogue, get

Horizon = Literal[20, 100, 500]


@dataclass(frozen=True)
class Potential:
    """One global warming potential [kg CO2e / kg] with its citation."""

    species: str
    value: float
    status: str
    source: str
    locator: str
    note: str


def sets() -> tuple[str, ...]:
    """Return the ids of all sets."""
    return tuple(shelf("gwp_set")["set"])


@cache
def _set(name: str) -> dict[str, str]:
    for row in shelf("gwp_set").to_dicts():
        if row["set"] == name:
            return dict(row)
    raise KeyError(f"no GWP set {name!r}; there are {', '.join(sets())}")


@cache
def _keys() -> dict[str, str]:
    frame = shelf("species")
    return dict(zip(frame["species"], frame["gwp_key"], strict=True))


@cache
def _rows(name: str, horizon: int) -> dict[str, Potential]:
    rows = shelf("gwp").filter((pl.col("set") == name) & (pl.col("horizon") == str(horizon)))
    return {
        row["species"]: Potential(
            row["species"], float(row["value"]), row["status"], row["source"], row["locator"], row["note"]
        )
        for row in rows.to_dicts()
    }


@cache
def _package(base: str, horizon: int) -> dict[str, float]:
    import globalwarmingpotentials

    return dict(globalwarmingpotentials.data.get(f"{base}GWP{horizon}", {}))


def _same_definition(species: str, name: str, base: str, key: str) -> bool:
    """Return whether the package means by `key` what the set means by `species`.

    Methane by origin is a case where it does not.
    """
    own = _rows(name, 100).get(species)
    return own is None or own.value == _package(base, 100).get(key)


@cache
def potential(species: str, name: str = "AR5", horizon: int = 100) -> Potential:
    """Return the global warming potential of `species` in set `name` over `horizon` years.

    Raises
    ------
    KeyError
        If the set is unknown, the species is no greenhouse gas, or the set has no value for it.
    """
    definition = _set(name)
    key = _keys().get(species, "")
    if not key:
        get(species)
        raise KeyError(f"{species!r} has no global warming potential")
    if species == "CO2":
        return Potential(species, 1.0, definition["status"], definition["source"], "definition", "")
    if species == "CO2_biogenic":
        note = shelf("species").filter(pl.col("species") == species)["note"][0]
        return Potential(species, 0.0, definition["status"], definition["source"], "definition", note)
    row = _rows(name, horizon).get(species)
    if row is not None:
        return row
    base = definition["base"]
    value = _package(base, horizon).get(key) if base and _same_definition(species, name, base, key) else None
    if value is None:
        raise KeyError(f"set {name!r} has no {horizon}-year potential for {species!r}")
    locator = f"globalwarmingpotentials {definition['base']}GWP{horizon} {key}"
    return Potential(species, float(value), definition["status"], definition["source"], locator, "")


def value(species: str, name: str = "AR5", horizon: int = 100) -> float:
    """Return the number alone of :func:`potential` [kg CO2e / kg]."""
    return potential(species, name, horizon).value


@cache
def table(name: str = "AR5", horizon: int = 100) -> pl.DataFrame:
    """Return every potential of a set: columns species, gwp, status, source, locator, note."""
    _set(name)
    found: list[Potential] = []
    for item in catalogue().values():
        try:
            found.append(potential(item.species, name, horizon))
        except KeyError:
            continue
    return pl.DataFrame(
        {
            "species": [p.species for p in found],
            "gwp": [p.value for p in found],
            "status": [p.status for p in found],
            "source": [p.source for p in found],
            "locator": [p.locator for p in found],
            "note": [p.note for p in found],
        }
    )


def co2e(frame: Any, name: str = "AR5", horizon: int = 100, *, ods: bool = False) -> pl.DataFrame:
    """Return `frame` with columns `gwp` and `co2e` (in the unit of `value`).

    Parameters
    ----------
    frame
        Columns `species` and `value`, any others are kept.
    name, horizon
        Set and years.
    ods
        Whether ozone-depleting substances get an equivalent too; they are outside the Kyoto basket.

    Returns
    -------
    polars.DataFrame
        Rows that are no greenhouse gas have null in both columns.

    Raises
    ------
    KeyError
        If the set lacks a value for a greenhouse gas in the frame: all such species are named.
    """
    rows = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(pl.from_arrow(frame))
    media = {"ghg", "ods"} if ods else {"ghg"}
    gases = {s.species for s in catalogue().values() if s.medium in media}
    present = [s for s in rows["species"].unique(maintain_order=True).to_list() if s in gases]
    potentials = table(name, horizon)
    missing = [s for s in present if s not in set(potentials["species"])]
    if missing:
        raise KeyError(f"set {name!r} has no {horizon}-year potential for {', '.join(missing)}")
    known = potentials.filter(pl.col("species").is_in(present)).select(
        pl.col("species").cast(rows.schema["species"]), "gwp"
    )
    return rows.join(known, on="species", how="left", maintain_order="left").with_columns(
        co2e=pl.col("value") * pl.col("gwp")
    )
