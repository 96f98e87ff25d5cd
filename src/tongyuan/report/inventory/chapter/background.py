"""What went in: activity rows by source of data, and the observed background figures."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Section, TableBlock
from tongyuan.report.base.format import number
from tongyuan.report.base.totals import Tables, has

ORDER = 760

MOST = 80


def activity_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return how many activity rows came from each source, by year and sector."""
    counted = (
        frame.with_columns(pl.col("process").str.split(".").list.first().alias("sector"))
        .group_by("source")
        .agg(pl.len().alias("rows"), pl.col("year").unique().sort(), pl.col("sector").unique().sort())
        .sort(["rows", "source"], descending=[True, False])
    )
    heads = (
        Column(say("report", "column.source", language), quoted=True),
        Column(say("report", "column.year", language)),
        Column(say("report", "column.sector", language)),
        Column(say("report", "column.rows", language), numeric=True),
    )
    joint = "、" if language == "zh" else ", "
    lines = [
        [
            row["source"] or "–",
            ", ".join(str(y) for y in row["year"]),
            joint.join(
                label.sector_title(s, language) for s in sorted(row["sector"], key=label.sector_order)
            ),
            str(row["rows"]),
        ]
        for row in counted.head(MOST).to_dicts()
    ]
    caption = say(
        "report.inventory", "background.activity", language, count=frame.height, sources=counted.height
    )
    return TableBlock(caption, heads, lines, folded=True)


def observation_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return the observed figures, one line per indicator and unit, periods in order."""
    heads = (
        Column(say("report", "column.indicator", language), quoted=True),
        Column(say("report", "column.period", language)),
        Column(say("report", "column.value", language), numeric=True),
        Column(say("report", "column.unit", language), quoted=True),
        Column(say("report", "column.source", language), quoted=True),
    )
    lines = [
        [row["indicator"], row["period"], number(row["value"]), row["unit"], row["source"] or "–"]
        for row in frame.sort("indicator", "period").head(MOST).to_dicts()
    ]
    caption = say(
        "report.inventory", "background.observation", language, shown=len(lines), count=frame.height
    )
    return TableBlock(caption, heads, lines, folded=True)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when neither activity nor observations are there."""
    blocks: list[Block] = []
    if has(tables, "activity"):
        blocks.append(activity_table(tables["activity"], language))
    if has(tables, "observation"):
        blocks.append(observation_table(tables["observation"], language))
    if not blocks:
        return None
    return Section("background", say("report.inventory", "section.background", language), tuple(blocks))
