"""Methods applied and the record of the run: version, input hashes, settings."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import label
from tongyuan.report.block import Block, Column, Paragraph, Section, TableBlock
from tongyuan.report.totals import Tables, has


def method_table(emission: pl.DataFrame, language: Language) -> TableBlock:
    """Return the methods applied with the number of result rows and the species they yielded."""
    counted = (
        emission.group_by("method")
        .agg(
            pl.len().alias("rows"),
            pl.col("species").unique().sort(),
            pl.col("tier").drop_nulls().unique().sort(),
        )
        .sort(["rows", "method"], descending=[True, False])
    )
    heads = (
        Column(say("report", "column.method", language)),
        Column(say("report", "column.tier", language)),
        Column(say("report", "column.rows", language), numeric=True),
        Column(say("report", "column.species", language)),
    )
    lines = []
    for row in counted.to_dicts():
        names = [label.symbol(s, language) for s in sorted(row["species"], key=label.species_order)]
        more = say("report", "word.more", language, count=len(names) - 12) if len(names) > 12 else ""
        tiers = ", ".join(str(t) for t in row["tier"] if t) or "–"
        method = label.word("method", row["method"], language)
        lines.append([method, tiers, f"{row['rows']:,}", ", ".join(names[:12]) + more])
    return TableBlock(say("report", "run.methods", language), heads, lines)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there is neither a run record nor a result."""
    blocks: list[Block] = [Paragraph(say("report", "run.text", language))]
    if has(tables, "emission"):
        blocks.append(method_table(tables["emission"], language))
    if has(tables, "run"):
        heads = (
            Column(say("report", "column.key", language), quoted=True),
            Column(say("report", "column.value", language), quoted=True),
        )
        lines = [
            [label.word("run", str(key), language), str(value)]
            for key, value in tables["run"].select("key", "value").iter_rows()
        ]
        blocks.append(TableBlock(say("report", "run.record", language), heads, lines))
    if len(blocks) == 1:
        return None
    return Section("run", say("report", "section.run", language), tuple(blocks))
