"""A short bulletin of an inventory, as blocks for `tongyuan.report.word.document`."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import amount, change, decimals, number, percent, scale
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
from tongyuan.report.html.document import region_names
from tongyuan.report.inventory.chapter import comparison, control_effect, factor_used, gap
from tongyuan.report.inventory.chapter.change import waterfall_chart
from tongyuan.report.inventory.chapter.common_source import common_source_chart, leaders, shares
from tongyuan.report.inventory.doubt import short

MOST = 16
TOLD = 6
LEADING = 3
GAPS = 8


def overview(tables: Tables, totals: pl.DataFrame, region: str, language: Language) -> Paragraph:
    """Return one paragraph of the totals of the main species, how they changed, and what to mind."""
    told = []
    for species in headline(totals, TOLD):
        step = moved(totals, species)
        after = value_of(totals, step.last, species)
        text = amount(after, unit_of(totals, species), language)
        doubts = short(tables, species, step.last, language)
        text += say("report.inventory", "bulletin.doubt", language, doubts=doubts) if doubts else ""
        values = {"species": label.symbol(species, language), "amount": text}
        if step.first != step.last and step.before and step.before > 0 and step.after is not None:
            key = "item_up" if step.after > step.before else "item_down"
            key += "" if step.same else "_comparable"
            size = percent(abs(step.after / step.before - 1))
            told.append(
                say("report.inventory", f"bulletin.{key}", language, **values, first=step.first, change=size)
            )
        else:
            told.append(say("report.inventory", "bulletin.item", language, **values))
    joint = "；" if language == "zh" else "; "
    last = years(totals)[-1]
    return Paragraph(
        say("report.inventory", "bulletin.text", language, year=last, region=region, items=joint.join(told))
    )


def totals_table(tables: Tables, totals: pl.DataFrame, language: Language) -> TableBlock:
    """Return the totals of the main species, how they changed like for like, and what to mind with each."""
    first, last = years(totals)[0], years(totals)[-1]
    both = first != last
    listed = headline(totals, MOST)
    steps = {species: moved(totals, species) for species in listed}
    differ = both and not all(step.same for step in steps.values())
    mark = say("report", "word.comparable", language) if differ else ""
    heads = [Column(say("report", f"column.{c}", language)) for c in ("species", "unit")]
    heads.append(Column(str(last), numeric=True))
    if both:
        heads += [Column(f"{year}{mark}", numeric=True) for year in ([first, last] if differ else [first])]
        heads.append(Column(say("report", "column.change", language), numeric=True))
    minded = {species: short(tables, species, last, language) for species in listed}
    if any(minded.values()):
        heads.append(Column(say("report", "column.mind", language)))
    lines = []
    for species in listed:
        step, after = steps[species], value_of(totals, last, species)
        held = [after, step.before, step.after] if differ else [after, step.before] if both else [after]
        unit = scale(held, unit_of(totals, species), language)
        places = decimals(max(abs(unit.of(v)) for v in held if v is not None))
        values = [number(None if v is None else unit.of(v), places=places) for v in held]
        lines.append([label.species_title(species, language), unit.unit, *values])
        if both:
            lines[-1].append(change(step.before, step.after))
        if any(minded.values()):
            lines[-1].append(minded[species])
    key = "totals_caption" if both else "one_year_caption"
    note = say("report.inventory", "bulletin.comparable_note", language) if differ else ""
    return TableBlock(
        say("report.inventory", f"bulletin.{key}", language, first=first, last=last), heads, lines, note=note
    )


def _leading(totals: pl.DataFrame, language: Language) -> list[Block]:
    part = shares(totals, years(totals)[-1])
    told: list[Block] = []
    joint = "、" if language == "zh" else ", "
    for species in headline(totals, TOLD):
        own = part.filter(pl.col("species") == species).sort("share", descending=True).head(LEADING)
        if not own.height:
            continue
        named = joint.join(
            f"{label.sector_title(s, language)} {percent(v)}"
            for s, v in own.select("sector", "share").iter_rows()
        )
        sign = label.symbol(species, language)
        told.append(Paragraph(say("report.inventory", "bulletin.top", language, species=sign, sectors=named)))
    return told


def _quality(tables: Tables, language: Language) -> list[Block]:
    blocks: list[Block] = []
    if has(tables, "factor_used"):
        frame = tables["factor_used"]
        good = frame.filter(pl.col("status").is_in(["measured", "official"])).height
        blocks.append(
            Paragraph(
                say("report.inventory", "bulletin.quality_text", language, count=frame.height, official=good)
            )
        )
        blocks.append(factor_used.status_chart(frame, language))
    made = comparison.section(tables, language)
    if made:
        blocks.append(Heading(say("report.inventory", "bulletin.comparison", language), 2))
        blocks += [block for block in made.blocks if isinstance(block, TableBlock)]
    found = gap.section(tables, language)
    if found:
        table = next(block for block in found.blocks if isinstance(block, TableBlock))
        blocks.append(Heading(say("report.inventory", "bulletin.gap", language), 2))
        count = len(table.rows)
        blocks.append(Paragraph(say("report.inventory", "bulletin.gap_text", language, count=count)))
        shown = min(GAPS, count)
        caption = say("report.inventory", "gap.caption", language, shown=shown, count=count)
        blocks.append(TableBlock(caption, table.columns, table.rows[:GAPS]))
    return blocks


def inventory_bulletin(tables: Mapping[str, pl.DataFrame], language: Language) -> list[Block]:
    """Return a bulletin of the inventory: overview, totals, structure, change, control, quality."""
    totals = sector_totals(tables)
    region = region_names(tables, language)
    blocks: list[Block] = [Heading(say("report.inventory", "bulletin.title", language, region=region), 0)]
    if not totals.height:
        return [*blocks, Paragraph(say("report", "page.no_data", language))]
    blocks += [
        Heading(say("report.inventory", "bulletin.overview", language)),
        overview(tables, totals, region, language),
        Note(say("report.inventory", "card.note", language)),
        totals_table(tables, totals, language),
    ]
    last = years(totals)[-1]
    if shares(totals, last).height:
        blocks.append(Heading(say("report.inventory", "bulletin.source", language)))
        blocks.append(Paragraph(leaders(totals, last, language)))
        blocks += _leading(totals, language)
        blocks.append(common_source_chart(totals, last, language))
    if len(years(totals)) > 1:
        blocks.append(Heading(say("report.inventory", "bulletin.change", language)))
        blocks += [waterfall_chart(totals, species, language) for species in headline(totals, 3)]
    controlled = control_effect.section(tables, language)
    if controlled and rows(tables, "control_effect").height:
        blocks.append(Heading(say("report.inventory", "bulletin.control", language)))
        blocks += [b for b in controlled.blocks if isinstance(b, Paragraph | TableBlock)]
    quality = _quality(tables, language)
    if quality:
        blocks += [Heading(say("report.inventory", "bulletin.quality", language)), *quality]
    return blocks
