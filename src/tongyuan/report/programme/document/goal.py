"""Aims and targets of a plan as its document states them: one of each, the strictest."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, number
from tongyuan.report.base.totals import rows
from tongyuan.report.programme.words import Row, bound_text, department, head, record, records, title, words

GOALS = 8
"""Targets of one year that the text names; the others stand in the annex."""


def planned_goals(tables: Mapping[str, pl.DataFrame], language: Language) -> list[Block]:
    """Return the targets the least-cost plan is solved for, for a plan without targets of its own."""
    found = rows(tables, "target")
    if found.is_empty():
        return []
    named = [text for text in found[f"title_{language}"].unique(maintain_order=True) if text]
    told = words("goals_planned", language, items=("；" if language == "zh" else "; ").join(named))
    return [Paragraph(told, source=record("target"))]


def goals(aims: pl.DataFrame, measured: pl.DataFrame, usual: int | None, language: Language) -> list[Block]:
    """Return the aims in words, then one paragraph for each year that names its targets."""
    blocks: list[Block] = []
    for row in aims.unique(["indicator", "year"], keep="first", maintain_order=True).iter_rows(named=True):
        text = str(row["printed"] or title(row, language)).rstrip("。")
        told = words("aim", language, year=row["year"], text=text)
        blocks.append(Paragraph(told, quoted=True, source=origin_of(row, "programme_target", "target")))
    joint = "，" if language == "zh" else ", "
    for (year,), part in measured.group_by(["year"], maintain_order=True):
        named = [
            words("goal", language, title=title(row, language), bound=bound_text(row, language))
            for row in part.head(GOALS).iter_rows(named=True)
        ]
        key = "goals_more" if part.height > GOALS else "goals_year"
        told = words(key, language, year=year, items=joint.join(named), count=part.height)
        blocks.append(Paragraph(told, source=record("programme_target")))
    if usual is not None:
        blocks.append(Paragraph(words("usual_deadline", language, year=usual)))
    return blocks


def origin_of(row: Row, table: str, key: str) -> str:
    """Return the record of a row, with the document it is typed from."""
    told = row.get("document") or row.get("source") or ""
    return record(table, row[key], str(told))


def settled(targets: pl.DataFrame) -> pl.DataFrame:
    """Return one target of every indicator, region and year: of several the strictest, naming the others.

    Returns
    -------
    polars.DataFrame
        The targets with ``document`` and ``target`` joined where several state the same, and ``others``: the
        values that other documents set.
    """
    rows = _together(targets)
    keys = ["indicator", "region", "year"]
    falls = pl.col("comparator") == "at_most"
    strict = pl.when(falls).then(-pl.col("value")).otherwise(pl.col("value"))
    ranked = rows.with_columns(strict.alias("_strict")).sort("_strict", descending=True, maintain_order=True)
    first = ranked.with_columns(
        pl.col("value").slice(1).implode().over(keys, mapping_strategy="join").alias("others")
    ).unique(keys, keep="first", maintain_order=True)
    order = rows.select(*keys).unique(maintain_order=True).with_row_index("_place")
    return first.join(order, on=keys, how="left").sort("year", "_place").drop("_strict", "_place")


def _together(targets: pl.DataFrame) -> pl.DataFrame:
    """Return targets that several documents state alike once, with all their documents and ids."""
    same = ["indicator", "region", "year", "comparator", "value"]
    kept = [pl.col(c).first() for c in targets.columns if c not in (*same, "document", "target")]
    both = [pl.col(c).drop_nulls().unique(maintain_order=True).str.join("；") for c in ("document", "target")]
    return targets.group_by(same, maintain_order=True).agg(*kept, *both)


def target_annex(rows: pl.DataFrame, language: Language, place: str) -> list[Block]:
    """Return the annex of measurable targets by year; where other documents are less strict it says so."""
    if rows.is_empty():
        return []
    keys = ("column.indicator", "programme.year", "programme.target")
    heads = [Column(head(key, language)) for key in keys]
    heads += [
        Column(words("lead", language)),
        Column(say("report.programme", "programme.document", language), quoted=True),
        Column(words("remark", language)),
    ]
    joint = "、" if language == "zh" else ", "
    lines = [
        [
            title(row, language),
            str(row["year"]),
            bound_text(row, language),
            department(row["lead"], language, place),
            row["document"] or MISSING,
            words("stricter", language, others=joint.join(number(v) for v in row["others"]))
            if row["others"]
            else "",
        ]
        for row in rows.iter_rows(named=True)
    ]
    sources = records("programme_target", rows, "target")
    caption = words("targets", language, count=rows.height)
    table = TableBlock(caption, heads, lines, words("quoted_note", language), wide=True, sources=sources)
    return [Heading(words("annex", language, title=caption), numbered=False), table]
