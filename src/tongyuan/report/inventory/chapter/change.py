"""Change between the first and the last year, by sector, one waterfall per species."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import ChartBlock, Choice, Column, Note, Section, TableBlock
from tongyuan.report.base.format import amount, change, decimals, number, scale
from tongyuan.report.base.totals import (
    NEGLIGIBLE,
    Tables,
    headline,
    moved,
    sector_totals,
    sectors_in_order,
    unit_of,
    value_of,
    years,
)

ORDER = 630

MOST = 10


def apart_note(totals: pl.DataFrame, species: str, language: Language) -> str:
    """Return what each year has from sources that another year lacks, by sector; nothing where all agree."""
    whole = moved(totals, species)
    if whole.same:
        return ""
    unit = unit_of(totals, species)
    joint = "、" if language == "zh" else ", "
    told = []
    for year, place in ((whole.first, 4), (whole.last, 5)):
        parts = []
        for sector in sectors_in_order(totals.filter(pl.col("species") == species)):
            value = moved(totals, species, sector)[place]
            if value and abs(value) > NEGLIGIBLE * abs(value_of(totals, year, species) or 0.0):
                gap = "" if language == "zh" else " "
                parts.append(f"{label.sector_title(sector, language)}{gap}{amount(value, unit, language)}")
        if parts:
            told.append(
                say("report.inventory", "change.apart_year", language, year=year, sectors=joint.join(parts))
            )
    return say(
        "report.inventory", "change.apart", language, items=("；" if language == "zh" else "; ").join(told)
    )


def waterfall_chart(totals: pl.DataFrame, species: str, language: Language) -> ChartBlock:
    """Return the waterfall of one species from the first to the last year, like for like.

    What comes from sources that one of the years lacks is left out of the bars and said in the note.
    """
    step = moved(totals, species)
    first, last = step.first, step.last
    before, after = step.before or 0.0, step.after or 0.0
    unit = scale([before, after], unit_of(totals, species), language)
    steps = []
    for sector in sectors_in_order(totals.filter(pl.col("species") == species)):
        own = moved(totals, species, sector)
        if own.before or own.after:
            difference = (own.after or 0.0) - (own.before or 0.0)
            steps.append((sector, own.before, own.after, difference))
    frame = pl.DataFrame(
        [(label.sector_title(s, language), unit.of(step)) for s, _, _, step in steps],
        schema={"sector": pl.String, "step": pl.Float64},
        orient="row",
    )
    option = chart.waterfall(
        frame,
        "sector",
        "step",
        unit=unit.unit,
        start=(str(first), unit.of(before)),
        end=(str(last), unit.of(after)),
    )
    alone = [label.sector_title(s, language) for s, was, now, _ in steps if was is None or now is None]
    joint = "、" if language == "zh" else ", "
    note = (
        say("report.inventory", "change.one_year_only", language, sectors=joint.join(alone)) if alone else ""
    )
    note = apart_note(totals, species, language) + note
    places = decimals(max(abs(unit.of(before)), abs(unit.of(after))))

    def shown(value: float | None) -> str:
        return number(None if value is None else unit.of(value), places=places)

    lines = [
        [label.sector_title(s, language), shown(was), shown(now), shown(step), change(was, now)]
        for s, was, now, step in steps
    ]
    total = say("report", "word.total", language)
    lines.append([total, shown(before), shown(after), shown(after - before), change(before, after)])
    caption = say("report.inventory", "change.caption", language, species=label.symbol(species, language))
    heads = (
        Column(say("report", "column.sector", language)),
        Column(f"{first} ({unit.unit})", numeric=True),
        Column(f"{last} ({unit.unit})", numeric=True),
        Column(say("report", "column.difference", language), numeric=True),
        Column(say("report", "column.change", language), numeric=True),
    )
    return ChartBlock(
        caption,
        option,
        say(
            "report.inventory",
            "change.description",
            language,
            species=label.symbol(species, language),
            first=first,
            last=last,
            before=shown(before),
            after=shown(after),
            unit=unit.unit,
        ),
        height=60 + 26 * (len(steps) + 2),
        note=note,
        table=TableBlock(caption, heads, lines, strong=frozenset({len(lines) - 1}), folded=True),
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there is only one year."""
    totals = sector_totals(tables)
    if not totals.height or len(years(totals)) == 1:
        return None
    first, last = years(totals)[0], years(totals)[-1]
    both = [s for s in headline(totals, 99) if (step := moved(totals, s)).before is not None and step.after]
    charts = [waterfall_chart(totals, species, language) for species in both[:MOST]]
    note = Note(say("report.inventory", "change.note", language, first=first, last=last))
    title = say("report.inventory", "section.change", language, first=first, last=last)
    named = [(label.symbol(s, language), c) for s, c in zip(both[:MOST], charts, strict=True)]
    choice = Choice(say("report", "choice.species", language), named)
    return Section("change", title, (choice, note))
