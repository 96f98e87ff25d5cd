"""Key figures: totals of the last year, the first year beside them, the change and the 95 % interval."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Card, Cards, Note, Section
from tongyuan.report.base.format import change, decimals, number, scale
from tongyuan.report.base.totals import (
    Tables,
    has,
    headline,
    moved,
    rows,
    sector_totals,
    unit_of,
    value_of,
    years,
)
from tongyuan.report.inventory.doubt import marks

ORDER = 605

MOST = 16


def _asked(tables: Tables, year: int, species: str) -> pl.DataFrame:
    """Return what table ``uncertainty`` says of a species' total; nothing where regions are several."""
    frame = rows(tables, "uncertainty")
    if not frame.height:
        return frame
    of = (pl.col("group") == "total") & (pl.col("year") == year) & (pl.col("species") == species)
    chosen = frame.filter(of)
    return chosen if chosen["region"].n_unique() == 1 else chosen.clear()


def interval_of(tables: Tables, year: int, species: str) -> tuple[float, float] | None:
    """Return the 95 % interval of a species' total, the Monte Carlo one where several methods are there."""
    chosen = _asked(tables, year, species)
    if not chosen.height:
        return None
    best = chosen.with_columns(pl.col("method") == "monte_carlo").sort("method", descending=True).head(1)
    ends = best.select("lower", "upper").drop_nulls()
    return (float(ends["lower"][0]), float(ends["upper"][0])) if ends.height else None


def change_lines(totals: pl.DataFrame, species: str, language: Language, brief: bool = False) -> list[str]:
    """Return how a species changed: like for like, and what of either year is left out of that."""
    step = moved(totals, species)
    if step.first == step.last:
        return []
    whole = value_of(totals, step.first, species), value_of(totals, step.last, species)
    if step.before is None or step.after is None:
        return (
            [say("report.inventory", "card.no_before", language, year=step.first)]
            if step.before is None
            else []
        )
    unit = scale(whole, unit_of(totals, species), language)
    places = decimals(max(abs(unit.of(v)) for v in whole if v is not None))

    def shown(value: float | None) -> str:
        return number(None if value is None else unit.of(value), places=places)

    moving = say("report.inventory", "card.change", language, change=change(step.before, step.after))
    if step.same:
        return [
            say("report.inventory", "card.before", language, year=step.first, value=shown(step.before))
            + moving
        ]
    if not step.before and not step.after:
        return [say("report.inventory", "card.not_comparable", language, first=step.first, last=step.last)]
    words = {"first": step.first, "last": step.last, "before": shown(step.before), "after": shown(step.after)}
    told = [say("report.inventory", "card.comparable", language, **words) + moving]
    if brief:
        return told
    words |= {"before": shown(step.apart_before), "after": shown(step.apart_after)}
    return [*told, say("report.inventory", "card.apart", language, **words)]


def card(
    tables: Tables, totals: pl.DataFrame, species: str, language: Language, *, brief: bool = False
) -> Card:
    """Return the card of one species; a `brief` one leaves out what only one year has, and earlier ratios."""
    known = years(totals)
    last, first = known[-1], known[0]
    after, before = value_of(totals, last, species), value_of(totals, first, species)
    unit = scale([after, before], unit_of(totals, species), language)
    places = decimals(max((abs(unit.of(v)) for v in (after, before) if v is not None), default=0.0))
    lines = change_lines(totals, species, language, brief)
    interval = interval_of(tables, last, species)
    if interval is None and _asked(tables, last, species).height:
        lines.append(say("report.inventory", "card.no_interval", language))
    elif interval:
        low, high = (number(unit.of(v), places=places) for v in interval)
        lines.append(say("report.inventory", "card.interval", language, lower=low, upper=high))
    shown = None if after is None else unit.of(after)
    return Card(
        label.species_title(species, language),
        number(shown, places=places),
        unit.unit,
        tuple(lines),
        marks(tables, species, (last,) if brief else tuple(dict.fromkeys((first, last))), language),
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there are neither emissions nor a summary."""
    if not (has(tables, "emission") or has(tables, "summary")):
        return None
    totals = sector_totals(tables)
    if not totals.height:
        return None
    blocks: list[Block] = [
        Note(say("report.inventory", "card.note", language)),
        Cards(
            tuple(card(tables, totals, species, language) for species in headline(totals, MOST)),
            say("report.inventory", "card.caption", language, year=years(totals)[-1]),
        ),
    ]
    title = say("report.inventory", "section.key_figures", language)
    return Section("key_figures", title, tuple(blocks), shown=1)
