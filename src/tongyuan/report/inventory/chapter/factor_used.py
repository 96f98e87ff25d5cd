"""The factor records this run used: how many of which status and tier, and the ones that weigh most."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, has

ORDER = 740

MOST = 120
STATUS = ("measured", "official", "secondary", "derived", "unverified")


def status_chart(frame: pl.DataFrame, language: Language) -> ChartBlock:
    """Return the number of records by status and tier."""
    none = say("report", "word.no_tier", language)
    counted = (
        frame.select("status", pl.col("tier").cast(pl.String).fill_null("").alias("tier"))
        .group_by("status", "tier")
        .len()
        .with_columns(
            pl.col("status").replace_strict({s: i for i, s in enumerate(STATUS)}, default=9).alias("rank")
        )
        .sort("rank", "tier")
    )
    tidy = counted.select(
        pl.col("status").map_elements(lambda s: label.word("status", s, language), return_dtype=pl.String),
        pl.when(pl.col("tier") == "")
        .then(pl.lit(none))
        .otherwise(pl.lit(say("report", "word.tier", language)) + pl.col("tier"))
        .alias("tier"),
        pl.col("len"),
    )
    option = chart.bars(
        tidy,
        "status",
        "len",
        "tier",
        unit=say("report.inventory", "factor_used.unit", language),
        horizontal=True,
        stack=True,
    )
    caption = say("report.inventory", "factor_used.caption", language, count=frame.height)
    heads = (
        Column(say("report", "column.status", language)),
        Column(say("report", "column.tier", language)),
        Column(say("report", "column.records", language), numeric=True),
    )
    lines = [[a, b, str(n)] for a, b, n in tidy.iter_rows()]
    return ChartBlock(
        caption,
        option,
        say("report.inventory", "factor_used.description", language, count=frame.height),
        height=110 + 34 * counted["status"].n_unique(),
        table=TableBlock(caption, heads, lines, folded=True),
    )


def factor_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return the records that weigh most, each with value, tier, status and citation."""
    heads = (
        Column(say("report", "column.record", language)),
        Column(say("report", "column.source_key", language)),
        Column(say("report", "column.species", language)),
        Column(say("report", "column.value", language), numeric=True),
        Column(say("report", "column.unit", language)),
        Column(say("report", "column.tier", language)),
        Column(say("report", "column.status", language)),
        Column(say("report", "column.weight", language), numeric=True),
        Column(say("report", "column.source", language), quoted=True, width=26),
    )
    lines = []
    for row in (
        frame.sort(["share", "record_id"], descending=[True, False], nulls_last=True).head(MOST).to_dicts()
    ):
        cited = label.citation(row["source"])
        where = label.source_key(row["process"], row["product"], row["technology"], language)
        if row["control"]:
            where = f"{label.title('control', row['control'], language)} · {where}"
        lines.append(
            [
                row["record_id"],
                where,
                label.symbol(row["species"], language),
                number(row["value"]),
                row["unit"],
                str(row["tier"] or "–"),
                label.word("status", row["status"], language),
                percent(row["share"]),
                " · ".join(part for part in (cited, row["locator"]) if part),
            ]
        )
    caption = say("report.inventory", "factor_used.table", language, shown=len(lines), count=frame.height)
    return TableBlock(caption, heads, lines, folded=True, wide=True)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no factors were recorded."""
    if not has(tables, "factor_used"):
        return None
    frame = tables["factor_used"]
    blocks: list[Block] = []
    doubtful = frame.filter(pl.col("status") == "unverified").height
    if doubtful:
        blocks.append(
            Note(say("report.inventory", "factor_used.unverified", language, count=doubtful), "warning")
        )
    blocks += [status_chart(frame, language), factor_table(frame, language)]
    title = say("report.inventory", "section.factor_used", language)
    return Section("factor_used", title, tuple(blocks), shown=int(doubtful > 0))
