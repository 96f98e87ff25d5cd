"""Data gaps: what is missing and what it means for the figures."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Column, Note, Section, TableBlock
from tongyuan.report.base.totals import Tables, has

ORDER = 730

MOST = 200


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no gap was found."""
    if not has(tables, "gap"):
        return None
    frame = tables["gap"].sort("kind", "process", "year", "species", nulls_last=True)
    heads = (
        Column(say("report", "column.gap_kind", language), width=13),
        Column(say("report", "column.year", language), width=11),
        Column(say("report", "column.source_key", language), width=26),
        Column(say("report", "column.species", language)),
        Column(say("report", "column.meaning", language), quoted=True, width=40),
    )
    meaning = ["kind", "meaning_zh", "meaning_en"]
    by_place = (
        frame.with_columns(pl.col("process", "product").fill_null(""))
        .explode("species", empty_as_null=True)
        .group_by(*meaning, "process", "product", maintain_order=True)
        .agg(pl.col("year", "species").unique().sort())
    )
    # Places are put on one line only where years and species are the same too.
    merged = by_place.group_by(*meaning, "year", "species", maintain_order=True).agg("process", "product")
    joint = "；" if language == "zh" else "; "
    lines = []
    for row in merged.head(MOST).to_dicts():
        keys = [(a, b) for a, b in zip(row["process"], row["product"], strict=True) if a]
        places = [label.source_key(process, product, "", language) for process, product in keys]
        named = [s for s in row["species"] if s]
        species = ", ".join(label.symbol(s, language) for s in sorted(named, key=label.species_order)) or "–"
        kind = label.word("gap_kind", row["kind"], language)
        times = ", ".join(str(y) for y in row["year"])
        lines.append([kind, times, joint.join(places) or "–", species, row[f"meaning_{language}"] or "–"])
    caption = say("report.inventory", "gap.caption", language, shown=len(lines), count=merged.height)
    blocks = (
        Note(say("report.inventory", "gap.note", language), "warning"),
        TableBlock(caption, heads, lines),
    )
    return Section("gap", say("report.inventory", "section.gap", language), blocks, shown=1)
