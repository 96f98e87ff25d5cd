"""What a total must not be read without: how far it is from published ones, and what it lacks."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.report.base import label
from tongyuan.report.base.block import Mark
from tongyuan.report.base.totals import NEGLIGIBLE, Tables, rows

LOW, HIGH = 0.67, 1.5
"""Ratios to a published total outside of which a figure is marked."""
NAMED = 3
EQUIVALENTS = {"AP_equivalent": "air", "WP_equivalent": "water"}


def ratios(tables: Tables, species: str, year: int) -> list[float]:
    """Return the ratios of a species and year to published totals of the widest boundary compared, in order.

    The boundary is the whole inventory where a published total is compared with it; totals of a part of the
    sources stand in the chapter only, unless nothing else is known.
    """
    frame = rows(tables, "comparison")
    if frame.is_empty():
        return []
    mine = frame.filter(
        (pl.col("species") == species) & (pl.col("year") == year) & pl.col("ratio").is_not_null()
    )
    widest = pl.col("computed") >= pl.col("computed").max() * (1 - NEGLIGIBLE)
    return sorted(mine.filter(widest)["ratio"].to_list())


def components(species: str) -> list[str]:
    """Return the species a total is made of: gases of CO2e, pollutants of an equivalent, or itself."""
    frame = shelf("species")
    if species == "CO2e":
        return frame.filter(pl.col("medium") == "ghg")["species"].to_list()
    medium = EQUIVALENTS.get(species)
    if medium is None:
        return [species]
    main = shelf("main_pollutant")["species"].implode()
    chosen = frame.filter((pl.col("equivalent_medium") == medium) & pl.col("species").is_in(main))
    return chosen["species"].to_list()


def missing(tables: Tables, species: str, year: int) -> list[str]:
    """Return the sources known to exist that a total lacks, as ids of processes."""
    frame = rows(tables, "gap")
    if frame.is_empty():
        return []
    wanted = components(species)
    mine = frame.filter(
        (pl.col("kind") == "no_activity")
        & (pl.col("year") == year)
        & pl.any_horizontal([pl.col("species").list.contains(s) for s in wanted])
    )
    return mine["process"].drop_nulls().unique(maintain_order=True).to_list()


def ratio_text(found: list[float]) -> str:
    """Return one ratio or the range of several, as the chapter prints them."""
    low, high = f"{found[0]:.2f}", f"{found[-1]:.2f}"
    return low if low == high else f"{low}–{high}"


def marks(tables: Tables, species: str, years: tuple[int, ...], language: Language) -> tuple[Mark, ...]:
    """Return the remarks on a species: ratios to published totals in `years`, sources the last year lacks."""
    made = []
    for year in years:
        found = ratios(tables, species, year)
        if found:
            text = say("report.inventory", "doubt.ratio", language, year=year, ratio=ratio_text(found))
            made.append(Mark(text, "comparison", found[0] < LOW or found[-1] > HIGH))
    lacking = missing(tables, species, years[-1])
    if lacking:
        joint = "、" if language == "zh" else ", "
        names = joint.join(label.title("process", name, language) for name in lacking[:NAMED])
        key = "doubt.partial_more" if len(lacking) > NAMED else "doubt.partial"
        text = say("report.inventory", key, language, sources=names, count=len(lacking))
        made.append(Mark(text, "gap", True))
    return tuple(made)


def short(tables: Tables, species: str, year: int, language: Language) -> str:
    """Return the remarks on a species that are to be minded in a few words, nothing without any."""
    told = []
    found = ratios(tables, species, year)
    if found and (found[0] < LOW or found[-1] > HIGH):
        told.append(say("report.inventory", "doubt.short_ratio", language, ratio=ratio_text(found)))
    if missing(tables, species, year):
        told.append(say("report.inventory", "doubt.short_partial", language))
    return ("；" if language == "zh" else "; ").join(told)
