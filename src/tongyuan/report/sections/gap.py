"""Data gaps: what is missing and what it means for the figures."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import label
from tongyuan.report.block import Column, Note, Section, TableBlock
from tongyuan.report.totals import Tables, has

MOST = 200


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no gap was found."""
    if not has(tables, "gap"):
        return None
    frame = tables["gap"].sort("kind", "process", "year", "species", nulls_last=True)
    heads = (
        Column(say("report", "column.gap_kind", language)),
        Column(say("report", "column.year", language)),
        Column(say("report", "column.source_key", language)),
        Column(say("report", "column.species", language)),
        Column(say("report", "column.meaning", language), width=40),
    )
    columns = ["kind", "process", "product", "meaning_zh", "meaning_en"]
    merged = (
        frame.with_columns(pl.col("process", "product", "species").fill_null(""))
        .group_by(*columns, maintain_order=True)
        .agg(pl.col("year").unique().sort(), pl.col("species").unique().sort())
    )
    lines = []
    for row in merged.head(MOST).to_dicts():
        where = label.source_key(row["process"], row["product"], "", language) if row["process"] else "–"
        named = [s for s in row["species"] if s]
        species = ", ".join(label.symbol(s, language) for s in sorted(named, key=label.species_order)) or "–"
        kind = label.word("gap_kind", row["kind"], language)
        times = ", ".join(str(y) for y in row["year"])
        lines.append([kind, times, where, species, row[f"meaning_{language}"] or "–"])
    caption = say("report", "gap.caption", language, shown=len(lines), count=merged.height)
    blocks = (Note(say("report", "gap.note", language), "warning"), TableBlock(caption, heads, lines))
    return Section("gap", say("report", "section.gap", language), blocks)
