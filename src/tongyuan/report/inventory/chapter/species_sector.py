"""Species × sector tables, one per medium, each row in the unit that suits it."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING, change, decimals, number, scale
from tongyuan.report.base.totals import (
    Tables,
    moved,
    sector_totals,
    sectors_in_order,
    species_in_order,
    unit_of,
    value_of,
    years,
)

ORDER = 640

MARK = "*"


def matrix(totals: pl.DataFrame, medium: str, year: int, language: Language) -> TableBlock | None:
    """Return the table of one medium and year: species down, sectors across, total and change at the end."""
    part = totals.filter(pl.col("medium") == medium)
    now = part.filter(pl.col("year") == year)
    if not now.height:
        return None
    first = years(totals)[0]
    sectors = sectors_in_order(now)
    held = {(s, p): v for s, p, v in now.select("sector", "species", "value").iter_rows()}
    lines, differ = [], False
    for species in species_in_order(part):
        values = [held.get((sector, species)) for sector in sectors]
        total, before = value_of(part, year, species), value_of(part, first, species)
        unit = scale([total, *values], unit_of(part, species), language)
        largest = max((abs(unit.of(v)) for v in [total, *values] if v is not None), default=0.0)
        places = decimals(largest)

        def shown(value: float | None, factor: float = unit.factor, places: int = places) -> str:
            return MISSING if value is None else number(value / factor, places=places)

        line = [label.species_title(species, language), unit.unit, *map(shown, values), shown(total)]
        if first != year:
            step = moved(part, species, year=year)
            differ = differ or not step.same
            line += [shown(before), change(step.before, step.after) + ("" if step.same else MARK)]
        lines.append(line)
    heads = [
        Column(say("report", "column.species", language)),
        Column(say("report", "column.unit", language)),
    ]
    heads += [Column(label.sector_title(sector, language), numeric=True) for sector in sectors]
    heads.append(Column(say("report", "column.total", language, year=year), numeric=True))
    if first != year:
        heads.append(Column(say("report", "column.total", language, year=first), numeric=True))
        heads.append(Column(say("report", "column.change", language), numeric=True))
    caption = say(
        "report.inventory", "matrix.caption", language, medium=label.medium_title(medium, language), year=year
    )
    note = say("report.inventory", "matrix.comparable", language) if differ else ""
    return TableBlock(caption, tuple(heads), lines, note, wide=True)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there are no emissions."""
    totals = sector_totals(tables)
    if not totals.height:
        return None
    blocks: list[Block] = [Paragraph(say("report.inventory", "matrix.note", language))]
    known = years(totals)
    for medium in label.MEDIA:
        for year in reversed(known):
            made = matrix(totals, medium, year, language)
            if made:
                folded = year != known[-1]
                blocks.append(replace(made, folded=folded))
    return Section(
        "species_sector", say("report.inventory", "section.species_sector", language), tuple(blocks)
    )
