"""The assessment report 考核报告 as blocks for `tongyuan.report.word`."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart, label
from tongyuan.report.block import Block, ChartBlock, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.format import MISSING, number, percent
from tongyuan.report.programme_word import articles, department, drawn, sources, words
from tongyuan.report.totals import Tables, has, rows

REASONS = 60


def assessment_report(tables: Tables, region: str, language: Language) -> list[Block]:
    """Return an assessment report 考核报告: scores, grades, every point with its reason, earlier editions.

    Parameters
    ----------
    tables
        ``assessment`` and ``assessment_line``; ``target_status`` for the sources.
    region
        Name of the region.
    language
        Of the document.
    """
    every = rows(tables, "assessment")
    if every.is_empty():
        return [
            Heading(words("assessment_title", language, region=region, year=MISSING), 0),
            Paragraph(say("report", "page.no_data", language)),
        ]
    period = str(every["period"].max())
    here = every.filter(pl.col("period") == period)
    edition = max(here["edition"].to_list())
    now = here.filter(pl.col("edition") == edition)
    lines = rows(tables, "assessment_line").filter(
        (pl.col("period") == period) & (pl.col("edition") == edition)
    )
    blocks: list[Block] = [Heading(words("assessment_title", language, region=region, year=period), 0)]
    blocks += _result(now, region, edition, language)
    for kind in ("department", "article"):
        part = now.filter(pl.col("unit_kind") == kind)
        if part.height:
            blocks.append(Heading(words(f"by_{kind}", language)))
            blocks.append(_score_chart(part, kind, language))
            blocks.append(_score_table(part, kind, language))
    reason = "reason_en" if language == "en" else "reason_zh"
    counts = (pl.col("unit_kind") == "region") & (pl.col("maximum") > 0)
    counted = lines.filter(counts | (pl.col("state") == "veto"))
    counted = counted.sort("maximum", "points", descending=True, maintain_order=True)
    blocks.append(Heading(words("lines", language)))
    blocks.append(
        Paragraph(words("lines_text", language, count=counted.height, shown=min(REASONS, counted.height)))
    )
    heads = [
        Column(label.table_column("assessment_line", "subject", language)),
        Column(
            label.table_column("assessment_line", "reason_zh" if language == "zh" else "reason_en", language)
        ),
        Column(label.table_column("assessment_line", "points", language), numeric=True),
        Column(label.table_column("assessment_line", "maximum", language), numeric=True),
    ]
    body = [
        [r["subject"], r[reason] or MISSING, number(r["points"], places=2), number(r["maximum"])]
        for r in counted.head(REASONS).iter_rows(named=True)
    ]
    blocks.append(TableBlock(words("lines_table", language), heads, body))
    blocks += _history(every, region, language)
    if has(tables, "target_status"):
        blocks += sources(tables["target_status"].filter(pl.col("comparator") != "qualitative"), language)
    return blocks


def _result(now: pl.DataFrame, region: str, edition: int, language: Language) -> list[Block]:
    blocks: list[Block] = [Heading(words("result", language))]
    for row in now.filter(pl.col("unit_kind") == "region").iter_rows(named=True):
        values = {
            "region": region,
            "score": number(row["score"], places=1),
            "grade": choice_title(row["grade"], language),
            "coverage": percent(row["coverage"]),
            "edition": edition,
        }
        blocks.append(Paragraph(words("result_text", language, **values)))
        if row["vetoed"]:
            blocks.append(Note(words("vetoed", language), "warning"))
    blocks.append(Note(words("rules_note", language)))
    return blocks


def _unit(kind: str, unit: str, language: Language) -> str:
    if kind == "department":
        return department(unit, language)
    if kind == "article":
        head = articles().get(int(unit)) if unit.isdigit() else None
        return f"{unit} {head[f'title_{language}']}" if head else unit
    return label.title("region", unit, language)


def _ranked(part: pl.DataFrame) -> pl.DataFrame:
    return part.sort(pl.col("score").fill_null(-1.0), descending=True, maintain_order=True)


def _score_chart(part: pl.DataFrame, kind: str, language: Language) -> ChartBlock:
    shown = drawn(language)
    known = _ranked(part.filter(pl.col("score").is_not_null()))
    tidy = pl.DataFrame(
        {
            "unit": pl.Series([_unit(kind, u, shown) for u in known["unit"]], dtype=pl.String),
            "score": known["score"],
        }
    )
    option = chart.bars(tidy, "unit", "score", unit=words("score", shown), horizontal=True, maximum=100)
    return ChartBlock(
        words(f"by_{kind}", language),
        option,
        words("chart_description", language, count=known.height),
        height=90 + 26 * max(known.height, 1),
    )


def _score_table(part: pl.DataFrame, kind: str, language: Language) -> TableBlock:
    heads = [
        Column(words(kind, language)),
        Column(label.table_column("assessment", "points", language), numeric=True),
        Column(label.table_column("assessment", "maximum", language), numeric=True),
        Column(label.table_column("assessment", "score", language), numeric=True),
        Column(label.table_column("assessment", "grade", language)),
    ]
    lines = [
        [
            _unit(kind, r["unit"], language),
            number(r["points"], places=2),
            number(r["maximum"]),
            number(r["score"], places=1),
            choice_title(r["grade"], language),
        ]
        for r in _ranked(part).iter_rows(named=True)
    ]
    return TableBlock(words(f"by_{kind}", language), heads, lines)


def _history(every: pl.DataFrame, region: str, language: Language) -> list[Block]:
    past = every.filter(pl.col("unit_kind") == "region").sort("period", "edition")
    if past.height < 2:
        return []
    columns = ("period", "edition", "score", "grade")
    heads = [
        Column(label.table_column("assessment", c, language), numeric=c in ("edition", "score"))
        for c in columns
    ]
    lines = [
        [r["period"], str(r["edition"]), number(r["score"], places=1), choice_title(r["grade"], language)]
        for r in past.iter_rows(named=True)
    ]
    return [Heading(words("history", language)), TableBlock(words("history", language), heads, lines)]
