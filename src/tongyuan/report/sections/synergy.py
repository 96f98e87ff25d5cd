"""Synergy: co-control coordinates with their quadrants, and scores with their intervals."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.report import chart
from tongyuan.report.block import Block, ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.format import number, percent
from tongyuan.report.label import symbol, table_column
from tongyuan.report.totals import Tables, has, rows

ROOM = "synergy"
MOST = 30


def coordinate_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return relative changes, elasticity and quadrant of every pollutant."""
    names = (
        "region",
        "year",
        "base_year",
        "pollutant",
        "pollution_change",
        "carbon_change",
        "elasticity",
        "quadrant",
    )
    heads = tuple(
        Column(table_column("co_control", n, language), numeric=n.endswith(("change", "ity"))) for n in names
    )
    lines = [
        [
            title("region", row["region"], language),
            str(row["year"]),
            str(row["base_year"]),
            symbol(row["pollutant"], language),
            percent(row["pollution_change"], signed=True),
            percent(row["carbon_change"], signed=True),
            number(row["elasticity"]),
            choice_title(row["quadrant"], language),
        ]
        for row in frame.to_dicts()
    ]
    return TableBlock(say(ROOM, "report_table", language), heads, lines)


def coordinate_chart(frame: pl.DataFrame, language: Language) -> ChartBlock:
    """Return the co-control coordinates: relative reduction of each pollutant against that of carbon."""
    known = frame.filter(pl.col("pollution_change").is_not_null() & pl.col("carbon_change").is_not_null())
    tidy = known.select(
        (-100 * pl.col("pollution_change")).alias("x"),
        (-100 * pl.col("carbon_change")).alias("y"),
        pl.concat_str(
            [
                pl.col("pollutant").map_elements(lambda s: symbol(s, language), return_dtype=pl.String),
                pl.col("year").cast(pl.String),
            ],
            separator=" ",
        ).alias("label"),
        pl.col("quadrant")
        .map_elements(lambda q: choice_title(q, language), return_dtype=pl.String)
        .alias("quadrant"),
    )
    option = chart.points(
        tidy,
        "x",
        "y",
        "label",
        x_title=say(ROOM, "report_x", language),
        y_title=say(ROOM, "report_y", language),
        series="quadrant",
    )
    return ChartBlock(
        say(ROOM, "report_caption", language),
        option,
        say(ROOM, "report_description", language, count=tidy.height),
        note=say(ROOM, "report_note", language),
        table=coordinate_table(frame, language),
    )


def score_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return the scores of index and criteria with interval and coverage."""
    names = ("index", "region", "year", "node", "score", "lower", "upper", "coverage")
    heads = tuple(
        Column(table_column("score", n, language), numeric=n in ("score", "lower", "upper", "coverage"))
        for n in names
    )
    lines = [
        [
            row["index"],
            title("region", row["region"], language),
            str(row["year"]),
            row["node"],
            number(row["score"], places=3),
            number(row["lower"], places=3),
            number(row["upper"], places=3),
            percent(row["coverage"]),
        ]
        for row in frame.to_dicts()
    ]
    return TableBlock(say(ROOM, "report_score", language), heads, lines)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, or None without co-control coordinates and scores."""
    blocks: list[Block] = []
    if has(tables, "co_control"):
        blocks.append(coordinate_chart(rows(tables, "co_control").head(MOST), language))
    if has(tables, "score"):
        known = rows(tables, "score").filter(pl.col("score").is_not_null())
        if known.height:
            blocks.append(score_table(known.head(MOST), language))
            blocks.append(Note(say(ROOM, "report_proposal", language), "warning"))
    return Section("synergy", say(ROOM, "report_title", language), tuple(blocks)) if blocks else None
