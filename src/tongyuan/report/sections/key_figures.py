"""Key figures: totals of the last year, the first year beside them, the change and the 95 % interval."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import label
from tongyuan.report.block import Block, Card, Cards, Note, Section
from tongyuan.report.format import change, decimals, number, scale
from tongyuan.report.totals import Tables, has, headline, rows, sector_totals, unit_of, value_of, years

MOST = 16
NARROW = 1e-6  # an interval of no width: none of the inputs carries an uncertainty


def interval_of(tables: Tables, year: int, species: str) -> tuple[float, float] | None:
    """Return the 95 % interval of a species' total, the Monte Carlo one where several methods are there."""
    frame = rows(tables, "uncertainty")
    if not frame.height:
        return None
    chosen = frame.filter(
        (pl.col("group") == "total") & (pl.col("year") == year) & (pl.col("species") == species)
    )
    if chosen["region"].n_unique() != 1:
        return None
    best = chosen.with_columns(pl.col("method") == "monte_carlo").sort("method", descending=True).head(1)
    return (float(best["lower"][0]), float(best["upper"][0])) if best.height else None


def same_sectors(totals: pl.DataFrame, species: str, first: int, last: int) -> bool:
    """Tell whether the same sectors stand behind a species in both years."""
    rows_of = totals.filter(pl.col("species") == species)
    behind = [set(rows_of.filter(pl.col("year") == year)["sector"]) for year in (first, last)]
    return behind[0] == behind[1]


def card(tables: Tables, totals: pl.DataFrame, species: str, language: Language) -> Card:
    """Return the card of one species."""
    known = years(totals)
    last, first = known[-1], known[0]
    after, before = value_of(totals, last, species), value_of(totals, first, species)
    unit = scale([after, before], unit_of(totals, species), language)
    places = decimals(max((abs(unit.of(v)) for v in (after, before) if v is not None), default=0.0))
    lines = []
    if last != first:
        shown = None if before is None else unit.of(before)
        text = say("report", "card.before", language, year=first, value=number(shown, places=places))
        lines.append(text + say("report", "card.change", language, change=change(before, after)))
        if before is not None and after is not None and not same_sectors(totals, species, first, last):
            lines.append(say("report", "card.coverage", language))
    interval = interval_of(tables, last, species)
    if interval and interval[1] - interval[0] <= NARROW * abs(interval[1]):
        lines.append(say("report", "card.no_interval", language))
    elif interval:
        low, high = (number(unit.of(v), places=places) for v in interval)
        lines.append(say("report", "card.interval", language, lower=low, upper=high))
    shown = None if after is None else unit.of(after)
    return Card(label.species_title(species, language), number(shown, places=places), unit.unit, tuple(lines))


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there are neither emissions nor a summary."""
    if not (has(tables, "emission") or has(tables, "summary")):
        return None
    totals = sector_totals(tables)
    if not totals.height:
        return None
    blocks: list[Block] = [
        Cards(
            tuple(card(tables, totals, species, language) for species in headline(totals, MOST)),
            say("report", "card.caption", language, year=years(totals)[-1]),
        ),
        Note(say("report", "card.note", language)),
    ]
    return Section("key_figures", say("report", "section.key_figures", language), tuple(blocks))
