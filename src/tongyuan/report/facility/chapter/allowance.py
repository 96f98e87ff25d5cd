"""Carbon allowances: the account line by line, or the shortfalls where there are many enterprises."""

from __future__ import annotations

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Column, Note, Section, TableBlock
from tongyuan.report.base.format import number
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.facility.words import ALLOWANCE, MOST, ROOM, coded, head, names, place

ORDER = 664
FEW = 3
"""Accounts that are shown whole."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without an account."""
    if not has(tables, "allowance_account"):
        return None
    account, called = tables["allowance_account"], names(tables)
    blocks: list[Block] = [Note(say(ROOM, "allowance.note", language), "warning")]
    parts = account.group_by("facility", "year", maintain_order=True)
    whole = [(str(f), int(str(y)), part) for (f, y), part in parts]
    if len(whole) > FEW:
        blocks.append(_many(account, called, language))
    else:
        blocks += [_account(f, y, part, called, language) for f, y, part in whole]
    return Section("allowance", say(ROOM, "section.allowance", language), tuple(blocks), shown=1)


def _account(
    facility: str, year: int, part: pl.DataFrame, called: dict[str, str], language: Language
) -> TableBlock:
    title = "title_en" if language == "en" else "title_zh"
    rows, told = [], ""
    for r in part.to_dicts():
        figure = number(r["value"], places=2) if r["unit"] == "%" else number(r["value"], 7)
        value = coded(r["note"], language) if r["value"] is None else figure
        value = "–" if value == r[title] else value
        stage = say(ALLOWANCE, f"stage_{r['status']}", language) if r["status"] else ""
        basis = " · ".join(x for x in (stage, label.citation(r["rule"]) if r["rule"] else "") if x)
        unit = units.text(r["unit"] or None, language)
        unit_of = place(r["installation"], language) if r["installation"] else ""
        rows.append([unit_of, r[title], value, unit, "" if basis == told else basis])
        told = basis
    heads = [
        Column(label.table_column("installation", "installation", language), quoted=True, width=10),
        head("item", language, width=22),
        head("value", language, numeric=True),
        Column(label.table_column("allowance_account", "unit", language), width=7),
        head("basis", language, width=30),
    ]
    caption = say(ROOM, "allowance.caption", language, facility=called.get(facility, facility), year=year)
    return TableBlock(caption, heads, rows)


def _many(account: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    wide = (
        account.filter(
            (pl.col("installation").fill_null("") == "")
            & pl.col("line").is_in(["fixed", "obligation", "short"])
        )
        .pivot("line", index=["facility", "year"], values="value")
        .sort("short", descending=True, nulls_last=True)
    )
    rows = [
        [
            called.get(r["facility"], r["facility"]),
            str(r["year"]),
            *(number(r.get(n), 7) for n in ("fixed", "obligation", "short")),
        ]
        for r in wide.head(MOST).to_dicts()
    ]
    heads = [
        head("facility", language, width=20),
        Column(say("report", "column.year", language)),
        *(head(name, language, numeric=True) for name in ("fixed", "obligation", "short")),
    ]
    return TableBlock(say(ROOM, "allowance.many", language, shown=len(rows), count=wide.height), heads, rows)
