"""Comparison with published totals: the ratio and what explains it, none hidden."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.base.format import decimals, number, scale
from tongyuan.report.base.totals import Tables, has

ORDER = 720


def comparison_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return every comparison with both values, their ratio, the explanation and the source."""
    heads = (
        Column(say("report", "column.species", language)),
        Column(say("report", "column.year", language)),
        Column(say("report", "column.boundary", language), quoted=True),
        Column(say("report", "column.computed", language), numeric=True),
        Column(say("report", "column.published", language), numeric=True),
        Column(say("report", "column.unit", language)),
        Column(say("report", "column.ratio", language), numeric=True),
        Column(say("report", "column.explanation", language), quoted=True, width=30),
        Column(say("report", "column.source", language), quoted=True, width=22),
    )
    lines = []
    for row in frame.to_dicts():
        unit = scale([row["computed"], row["published"]], row["unit"], language)
        pair = [None if row[c] is None else unit.of(row[c]) for c in ("computed", "published")]
        places = decimals(max((abs(v) for v in pair if v is not None), default=0.0))
        both = [number(v, places=places) for v in pair]
        name = label.species_title(row["species"], language)
        lines.append(
            [
                name,
                str(row["year"]),
                row["boundary"] or "",
                *both,
                unit.unit,
                number(row["ratio"], places=2),
                row[f"explanation_{language}"] or "–",
                row["source"] or "",
            ]
        )
    return TableBlock(say("report.inventory", "comparison.table", language), heads, lines, wide=True)


def comparison_chart(frame: pl.DataFrame, language: Language) -> ChartBlock:
    """Return the ratios on a logarithmic axis about one."""
    names: list[str] = []
    for row in frame.to_dicts():
        name = f"{label.symbol(row['species'], language)} {row['year']}"
        while name in names:
            name += "\u200b"
        names.append(name)
    tidy = pl.DataFrame({"name": names, "ratio": frame["ratio"].to_list()})
    option = chart.ratios(
        tidy,
        "name",
        "ratio",
        unit=say("report.inventory", "comparison.unit", language),
        mark=say("report.inventory", "comparison.mark", language),
    )
    return ChartBlock(
        say("report.inventory", "comparison.caption", language),
        option,
        say("report.inventory", "comparison.description", language, count=frame.height),
        height=100 + 24 * frame.height,
        note=say("report.inventory", "comparison.note", language),
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when nothing was published to compare with."""
    if not has(tables, "comparison"):
        return None
    frame = tables["comparison"]
    order = {s: i for i, s in enumerate(sorted(frame["species"].unique().to_list(), key=label.species_order))}
    frame = (
        frame.with_columns(pl.col("species").replace_strict(order, return_dtype=pl.Int64).alias("_order"))
        .sort("_order", "year", "boundary")
        .drop("_order")
    )
    blocks: tuple[Block, ...] = (
        Note(say("report.inventory", "comparison.reading", language)),
        comparison_chart(frame, language),
        comparison_table(frame, language),
    )
    return Section("comparison", say("report.inventory", "section.comparison", language), blocks, shown=1)
