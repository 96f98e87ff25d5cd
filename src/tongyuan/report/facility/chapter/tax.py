"""Environmental tax by quarter, and the lines of the return."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Note, Section, TableBlock
from tongyuan.report.base.format import number
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.facility.words import MOST, ROOM, head, names, place

ORDER = 663


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without a return."""
    if not has(tables, "tax_return"):
        return None
    lines, called = tables["tax_return"], names(tables)
    blocks = (
        Note(say(ROOM, "tax.note", language)),
        _quarters(lines, called, language),
        _lines(lines, called, language),
    )
    return Section("tax", say(ROOM, "section.tax", language), blocks)


def _quarters(lines: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    lacking = pl.col("tax").null_count()
    summed = lines.group_by("facility", "quarter", maintain_order=True).agg(
        pl.when(lacking == 0).then(pl.col("tax").sum()).alias("tax"),
        pl.when(lacking == 0).then(pl.col("relief").sum()).alias("relief"),
        pl.col("due_day").first(),
    )
    none = say(ROOM, "no_rate", language)
    rows = [
        [
            called.get(r["facility"], r["facility"]),
            r["quarter"],
            none if r["relief"] is None else number(r["relief"], places=2),
            none if r["tax"] is None else number(r["tax"], places=2),
            "" if r["due_day"] is None else r["due_day"].isoformat(),
        ]
        for r in summed.head(MOST).to_dicts()
    ]
    heads = [
        head("facility", language, width=20),
        head("quarter", language),
        head("relief", language, numeric=True),
        head("tax", language, numeric=True),
        head("due", language),
    ]
    return TableBlock(say(ROOM, "tax.caption", language, shown=len(rows), count=summed.height), heads, rows)


def _lines(lines: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    title = "title_en" if language == "en" else "title_zh"
    none = say(ROOM, "no_rate", language)
    rows = [
        [
            called.get(r["facility"], r["facility"]),
            r["month"],
            place(r["outlet"], language),
            r[title],
            number(r["equivalent"], places=2),
            none if r["rate"] is None else number(r["rate"]),
            none if r["tax"] is None else number(r["tax"], places=2),
        ]
        for r in lines.head(MOST).to_dicts()
    ]
    heads = [
        head("facility", language, width=18),
        head("month", language),
        head("outlet", language),
        head("item", language, width=14),
        head("equivalent", language, numeric=True),
        head("rate", language, numeric=True),
        head("tax", language, numeric=True),
    ]
    return TableBlock(say(ROOM, "tax.lines", language, shown=len(rows), count=lines.height), heads, rows)
