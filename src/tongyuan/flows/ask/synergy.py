"""Questions about synergy: scores, coordinates, decoupling and decomposition, of results or of a table.

What is asked about is opened once (:class:`Held`): the tables of a results folder with those of its
workspace, or a wide or long table of one's own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.score import PLAIN, Choices, compared, score_of
from tongyuan.flows.source import INDEX
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.settings import Settings
from tongyuan.synergy.change.attribution import decompose as decompose_emission
from tongyuan.synergy.change.change import change_tables
from tongyuan.synergy.change.panel import by_years, panel_of

ROOM = "synergy"
CARBON = ("CO2", "CO2e")
USUAL = ("SO2", "NOx", "CO2")
PANEL = ("region", "year", "species", "scope", "value", "unit")
ENTITIES = ("keep", "drop", "refuse")


@dataclass(frozen=True)
class Held:
    """What is asked about: `tables` of results with their settings and texts, or a `sheet` of one's own."""

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    settings: Settings | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    sheet: pl.DataFrame | None = None


def score(
    held: Held, index: str = "", choices: Choices = PLAIN, *, draws: int | None = None,
    seed: int | None = None, reweight: bool = False, text: str | None = None,
) -> Answer:  # fmt: skip
    """Score by an index system: results as a run scores them, a table of one's own by its columns.

    Parameters
    ----------
    index
        Name of a shipped index; empty for that of the workspace (``city`` for a table).
    choices
        Methods, base and waived checks that go before those of the index.
    draws, seed
        Of the uncertainty; those of the workspace when None.
    reweight
        Whether missing indicators of a table leave their weight to the others.
    text
        An index system of one's own, as TOML; `index` is then its name.
    """
    if held.sheet is not None:
        return _table_score(held.sheet, index or "city", choices, draws, seed, reweight)
    settings = held.settings or Settings(name="–", kind="city")
    given = {k: v for k, v in (("draws", draws), ("seed", seed)) if v is not None}
    changed: dict[str, Any] = {"account": settings.account.model_copy(update=given)}
    if index:
        changed["assess"] = settings.assess.model_copy(update={"index": index})
    texts = dict(held.texts) if text is None else {INDEX: text}
    tables, told = score_of(held.tables, settings.model_copy(update=changed), texts, choices)
    return Answer(tables, tuple(told))


def _table_score(
    sheet: pl.DataFrame, index: str, choices: Choices, draws: int | None, seed: int | None, reweight: bool
) -> Answer:
    """Return the score of a wide table of the user."""
    from tongyuan.synergy.index.index import load
    from tongyuan.synergy.index.indicator import columns_from_wide
    from tongyuan.synergy.index.score import score as score_index
    from tongyuan.synergy.index.score_table import index_table
    from tongyuan.synergy.index.standing import standing

    system = load(index)
    columns = columns_from_wide(system, sheet)
    count, start = 1000 if draws is None else draws, seed or 0
    missing: Literal["reweight", "refuse"] = "reweight" if reweight else "refuse"
    result = score_index(system, columns, **choices._asdict(), missing=missing, draws=count, seed=start)
    tables, told = result.tables(), list(result.findings)
    if count > 1 and not (choices.weight or choices.normalise or choices.aggregate):
        stood = standing(system, columns, draws=count, seed=start, base=choices.base)
        tables |= stood.tables()
        told += stood.findings
    return Answer(tables | {"index_system": index_table(system)}, tuple(told))


def coordinates(
    held: Held, pollutants: Sequence[str] = ("SO2", "NOx"), *, base: str | int = "previous", unit: str = "",
    entities: str = "refuse",
) -> Answer:  # fmt: skip
    """Return co-control coordinates, elasticities and quadrants of pollutants and CO2 (``co_control``)."""
    return changes(held, [*pollutants, "CO2"], "", base=base, unit=unit, entities=entities)


def decouple(
    held: Held, driver: str, species: Sequence[str] = USUAL, *, base: str | int = "previous", unit: str = "",
    entities: str = "refuse",
) -> Answer:  # fmt: skip
    """Return the state of decoupling of species from a driver after Tapio (``decoupling``)."""
    return changes(held, _present(held, species), driver, base=base, unit=unit, entities=entities)


def decompose(
    held: Held, driver: str = "", species: Sequence[str] = USUAL, *, base: str | int = "first",
    depth: int = 1, unit: str = "", entities: str = "refuse",
) -> Answer:  # fmt: skip
    """Return what made emissions change (``lmdi``): of results by sector of `depth`, of a table by driver.

    Raises
    ------
    FindingError
        If a table is decomposed without a driver.
    """
    names = _present(held, species)
    if held.sheet is None:
        tables, told = _compared(held)
        moved = _observed(tables.get("observation"), driver, _panel(tables)) if driver else None
        table, findings = decompose_emission(
            tables["emission"], driver=moved, species=names, base=panel_base(base), depth=depth
        )
        return Answer({"lmdi": table}, (*told, *findings))
    if not driver:
        raise FindingError([finding(ROOM, "panel_species", absent="--driver", known="CSV")])
    return changes(held, names, driver, base=base, unit=unit, entities=entities)


def changes(
    held: Held, species: Sequence[str], driver: str = "", *, base: str | int = "previous", unit: str = "",
    entities: str = "refuse",
) -> Answer:  # fmt: skip
    """Return what changed between years: ``co_control, decoupling, lmdi …`` as far as they can be told.

    Parameters
    ----------
    species
        Those compared; carbon last.
    driver
        Indicator of the observations, or column of the table.
    base
        ``previous``, ``first`` or a year.
    unit
        Of the values of a table of one's own.
    entities
        What happens to regions that lack some year: ``keep``, ``drop`` or ``refuse``.

    Raises
    ------
    FindingError
        If base, entities, species or driver are not there.
    """
    chosen = panel_base(base)
    if entities not in ENTITIES:
        raise FindingError([finding(ROOM, "unknown_entities", text=entities)])
    told: list[Finding] = []
    if held.sheet is None:
        tables, found = _compared(held)
        told += found
        rows = _panel(tables)
        if driver:
            rows = pl.concat([rows, _observed(tables.get("observation"), driver, rows)])
    else:
        rows = held.sheet
    carbon = [name for name in species if name in CARBON]
    ordered = [*(name for name in species if name not in CARBON), *carbon]
    parts, more = by_years(rows, entities, chosen)
    told += more
    made: dict[str, list[pl.DataFrame]] = {}
    for part in parts:
        panel = panel_of(part, species=ordered, driver=driver or None, unit=unit)
        tables, noticed = change_tables(panel, len(ordered) - len(carbon), base=chosen)
        told += [f for f in noticed if f not in told]
        for name, frame in tables.items():
            made.setdefault(name, []).append(frame)
    return Answer({name: pl.concat(frames) for name, frames in made.items()}, tuple(told))


def panel_base(base: str | int) -> Literal["previous", "first"] | int:
    """Return a base year, ``previous`` or ``first``.

    Raises
    ------
    FindingError
        If `base` is none of them.
    """
    text = str(base)
    if text in ("previous", "first"):
        return "first" if text == "first" else "previous"
    if not text.isdigit():
        raise FindingError([finding(ROOM, "unknown_base", text=text)])
    return int(text)


def _panel(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return tables["emission"].select(PANEL)


def _present(held: Held, species: Sequence[str]) -> list[str]:
    """Return the species named; of the usual ones, those that a table of the user has."""
    names = list(species)
    if held.sheet is None or tuple(names) != USUAL:
        return names
    rows = held.sheet
    there = set(rows["species"]) if "species" in rows.columns else set(rows.columns)
    return [name for name in names if name in there] or names


def _compared(held: Held) -> tuple[dict[str, pl.DataFrame], list[Finding]]:
    """Return the tables of results, emissions like for like, and what that leaves out."""
    if "emission" not in held.tables:
        name = held.settings.name if held.settings else ""
        raise FindingError([finding(ROOM, "cli_no_table", path=name, wanted="emission")])
    emission, told = compared(held.tables["emission"])
    return {**held.tables, "emission": emission}, told


def _observed(observation: pl.DataFrame | None, name: str, like: pl.DataFrame) -> pl.DataFrame:
    """Return whole-year values of an indicator as rows of a panel, in the unit of the observations."""
    from tongyuan.ledger.figure.figure import figures, named, unit_of

    rows = like.clear()
    if observation is not None:
        wanted = named(name)
        read, told = figures(observation, {name: wanted})
        require(told)
        rows = (
            read.join(like.select("region", "year").unique(), on=["region", "year"], how="semi")
            .with_columns(
                pl.col("column").alias("species"),
                pl.lit("direct").alias("scope"),
                pl.lit(unit_of(observation, wanted)).alias("unit"),
            )
            .select(like.columns)
        )
    if rows.is_empty():
        raise FindingError([finding(ROOM, "panel_species", absent=name, known="observation")])
    return rows
