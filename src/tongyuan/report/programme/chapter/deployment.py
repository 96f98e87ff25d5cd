"""The plan as living tasks: how it was derived, what the least-cost plan asks for, score and documents."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Card, Cards, Links, Note, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.programme.document.implementation import ADOPTIONS
from tongyuan.report.programme.document.measure import optimum

ORDER = 410


def _cards(tables: Tables, language: Language) -> Cards:
    tasks = tables["task"]
    kinds = dict(tasks.group_by(pl.col("adoption").fill_null("adopted")).len().iter_rows())
    made = [
        Card(
            choice_title(kind, language),
            str(kinds[kind]),
            say("report.programme", "deployment.tasks", language),
        )
        for kind in ADOPTIONS
        if kinds.get(kind)
    ]
    if has(tables, "assessment"):
        for row in (
            _latest(tables["assessment"]).filter(pl.col("unit_kind") == "region").iter_rows(named=True)
        ):
            grade = choice_title(row["grade"], language)
            covered = say("report.programme", "deployment.coverage", language, share=percent(row["coverage"]))
            if row["score"] is None:
                heading = say("report.programme", "deployment.result", language, period=row["period"])
                told = say("report.programme", "deployment.no_score", language)
                made.append(Card(heading, grade, "", (covered, told)))
                continue
            period = say("report.programme", "deployment.score", language, period=row["period"])
            made.append(Card(period, number(row["score"], places=1), grade, (covered,)))
    return Cards(made, say("report.programme", "deployment.cards", language, count=tasks.height))


def _latest(frame: pl.DataFrame) -> pl.DataFrame:
    rows = frame.filter(pl.col("period") == pl.col("period").max())
    return rows.filter(pl.col("edition") == pl.col("edition").max())


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no plan was deployed."""
    if not has(tables, "task"):
        return None
    tasks = tables["task"]
    text = "text_en" if language == "en" else "text_zh"
    planned = tasks.filter(pl.col("measure").is_not_null()).with_columns(
        pl.coalesce(text, "text_zh").alias("text")
    )
    targets = tables.get("programme_target")
    regions = [] if targets is None else targets["region"].drop_nulls().unique().sort().to_list()
    region = label.title("region", regions[0], language) if len(regions) == 1 else ""
    blocks: list[Block] = [
        Note(say("report.programme", "deployment.reading", language)),
        _cards(tables, language),
        *(
            block
            for block in optimum(planned, region, language, place=regions[0] if region else "", tables=tables)
            if isinstance(block, TableBlock)
        ),
    ]
    if has(tables, "document"):
        items = tables["document"].select("title", "file", "content").rows()
        blocks.append(Links(say("report.programme", "deployment.documents", language), items))
    return Section("deployment", say("report.programme", "section.deployment", language), tuple(blocks))
