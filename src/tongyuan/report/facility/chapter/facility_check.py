"""Checks of enterprises: what failed, by severity, with the answer of the enterprise beside it."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import number
from tongyuan.report.base.label import table_column
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.chart.bars import bars
from tongyuan.report.facility.words import names, subject

ORDER = 667
ROOM = "report.facility"
MOST = 40
CODES = 12


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when nothing was checked."""
    if not has(tables, "check_count"):
        return None
    found, counted = rows(tables, "check_finding"), tables["check_count"]
    blocks: list[Block] = [
        Paragraph(
            say(
                ROOM,
                "check.summary",
                language,
                checks=counted.filter(pl.col("applied") > 0).height,
                silent=counted.filter(pl.col("applied") == 0).height,
                rows=number(int(counted["applied"].sum())),
                failed=number(found.height),
                missing=number(int(counted["missing"].sum())),
            )
        ),
        Note(say(ROOM, "check.note", language)),
    ]
    if found.height:
        blocks += [_chart(found, language), _table(found, names(tables), language)]
    return Section("facility_check", say(ROOM, "section.facility_check", language), tuple(blocks))


def _chart(found: pl.DataFrame, language: Language) -> ChartBlock:
    """Return how many findings there are of the most frequent checks."""
    most = found.group_by("code").agg(
        pl.len().alias("count"), pl.col(f"text_{language}").first().alias("text")
    )
    most = most.sort("count", "code", descending=[True, False]).head(CODES)
    mark = "：" if language == "zh" else ": "
    named = most.select(
        pl.format("{} {}", "code", pl.col("text").str.split(mark).list.first()).alias("check"), "count"
    )
    return ChartBlock(
        say(ROOM, "check.chart", language),
        bars(named, "check", "count", unit="", horizontal=True),
        say(ROOM, "check.chart_description", language, count=most.height),
        source="check_finding",
    )


def _table(found: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    """Return the findings, the gravest first, one line for rows of one check and enterprise."""
    keys = ["facility", "code", "severity"]
    every = found.group_by(keys, maintain_order=True).agg(
        pl.col("subject", "period", "observed", "expected", "answer", "decided", f"text_{language}").first(),
        pl.len().alias("count"),
    )
    heads = [
        Column(table_column("check_finding", "facility", language), width=12),
        Column(say(ROOM, "check.text", language), width=44),
        Column(table_column("check_finding", "severity", language), width=10),
        Column(say(ROOM, "check.where", language), width=16),
        *(
            Column(table_column("check_finding", n, language), numeric=True, width=9)
            for n in ("observed", "expected")
        ),
        Column(say(ROOM, "check.count", language), numeric=True, width=6),
        Column(table_column("check_finding", "answer", language), quoted=True, width=16),
    ]
    lines = [
        [
            called.get(row["facility"], row["facility"]),
            f"{row['code']} {row[f'text_{language}']}",
            choice_title(row["severity"], language),
            _where(row["facility"], row["subject"], row["period"], language),
            number(row["observed"]),
            number(row["expected"]),
            str(row["count"]),
            row["answer"] or "–",
        ]
        for row in every.head(MOST).to_dicts()
    ]
    caption = say(ROOM, "check.caption", language, shown=len(lines), count=every.height)
    return TableBlock(caption, heads, lines)


def _where(facility: str, about: str | None, period: str | None, language: Language) -> str:
    """Return subject and period in words; an enterprise that is its own subject is not named again."""
    told = subject(about, language) if about != facility else ""
    return " ".join(filter(None, [told, period])) or "–"
