"""Suspicions in the data of enterprises on one scale, and whom to inspect."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.label import table_column
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.facility.words import names, rate, subject

ORDER = 668
ROOM = "report.facility"
MOST = 30
SIGNIFICANT = 0.05
CLEAR, LEAST = 0.01, 10
"""Rate up to which a suspicion is listed, and how many are listed in any case."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no evidence was weighed."""
    if not has(tables, "suspicion"):
        return None
    found = tables["suspicion"]
    kept = found.filter(pl.col("q_value") <= SIGNIFICANT).height
    blocks: list[Block] = [
        Paragraph(say(ROOM, "evidence.summary", language, tests=number(found.height), found=number(kept))),
        Note(say(ROOM, "evidence.note", language), "warning"),
        _suspicions(found, names(tables), language),
    ]
    plan = rows(tables, "inspection_plan")
    if plan.height:
        blocks += [
            Paragraph(say(ROOM, "inspection.summary", language, count=plan.height)),
            _plan(plan, names(tables), language),
        ]
    return Section("facility_evidence", say(ROOM, "section.facility_evidence", language), tuple(blocks))


def _suspicions(found: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    told = (pl.col("p_value") <= CLEAR) | (pl.col("rank") <= LEAST)
    shown = found.filter(told).sort("rank").head(MOST)
    columns = ("rank", "facility", "subject", "period", "p_value", "q_value")
    heads = [
        *(
            Column(
                table_column("suspicion", n, language), numeric=n in ("rank", "p_value", "q_value"), width=w
            )
            for n, w in zip(columns, (6, 12, 14, 10, 9, 9), strict=True)
        ),
        Column(say(ROOM, "check.text", language), width=40),
        Column(table_column("suspicion", "answer", language), quoted=True, width=20),
    ]
    lines = [
        [
            str(row["rank"]),
            called.get(row["facility"], row["facility"]),
            subject(row["subject"], language) or "–",
            row["period"] or "–",
            rate(row["p_value"]),
            rate(row["q_value"]),
            row[f"text_{language}"],
            row["answer"] or "–",
        ]
        for row in shown.to_dicts()
    ]
    caption = say(ROOM, "evidence.caption", language, shown=len(lines), count=found.height)
    return TableBlock(caption, heads, lines, wide=True)


def _plan(plan: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    columns = ("rank", "facility", "days", "drawn", "risk", "tonnes", "carbon", "weight")
    heads = [
        *(
            Column(table_column("inspection_plan", n, language), numeric=n not in ("facility", "drawn"))
            for n in columns
        ),
        Column(table_column("inspection_plan", f"reason_{language}", language), width=36),
    ]
    lines = [
        [
            str(row["rank"]),
            called.get(row["facility"], row["facility"]),
            number(row["days"]),
            choice_title(row["drawn"], language),
            percent(row["risk"], 2),
            number(row["tonnes"]),
            number(row["carbon"]),
            number(row["weight"]),
            row[f"reason_{language}"],
        ]
        for row in plan.sort("rank").head(MOST).to_dicts()
    ]
    caption = say(ROOM, "inspection.caption", language, shown=len(lines), count=plan.height)
    return TableBlock(caption, heads, lines, wide=True)
