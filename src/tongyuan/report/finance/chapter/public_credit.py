"""Credits of the public: how many acts, persons and kilograms, by what people did."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import amount, number
from tongyuan.report.base.label import table_column
from tongyuan.report.base.totals import Tables, has

ORDER = 430

ROOM = "report.finance"
KILOGRAM = 1e-3
"""Tonnes."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without acts of the public."""
    if not has(tables, "public_credit"):
        return None
    credit = tables["public_credit"]
    counted = credit.filter(pl.col("credit") > 0)
    account = tables["public_account"]
    words = {
        "acts": number(float(counted.height), 6),
        "persons": number(float(account.height), 6),
        "credit": amount(float(credit["credit"].sum()) * KILOGRAM, "t", language, 3),
        "retired": amount(float(account["retired"].sum()) * KILOGRAM, "t", language, 3),
    }
    blocks: list[Block] = [Paragraph(say(ROOM, "public_told", language, **words))]
    if has(tables, "public_statistic"):
        blocks.append(statistic_table(tables["public_statistic"], language))
    blocks += [state_table(credit, language), Note(say(ROOM, "public_note", language))]
    return Section("public_credit", say(ROOM, "section.public_credit", language), tuple(blocks), shown=1)


def statistic_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return persons, acts and credits by what people did."""
    names = ("method", "behaviour", "persons", "acts", "credit")
    heads = [
        Column(table_column("public_statistic", n, language) + (" (kg)" if n == "credit" else ""),
               numeric=n in ("persons", "acts", "credit"))
        for n in names
    ]  # fmt: skip
    lines = [
        [r["method"], r["behaviour"], number(float(r["persons"]), 9), number(float(r["acts"]), 9),
         number(r["credit"], 4)]
        for r in frame.iter_rows(named=True)
    ]  # fmt: skip
    return TableBlock(say(ROOM, "public_table", language), heads, lines)


def state_table(credit: pl.DataFrame, language: Language) -> TableBlock:
    """Return how many acts were credited, cut by a cap, repeated or not understood."""
    counted = credit.group_by("state").agg(pl.len(), pl.col("credit").sum()).sort("len", descending=True)
    heads = [
        Column(table_column("public_credit", "state", language)),
        Column(table_column("public_statistic", "acts", language), numeric=True),
        Column(table_column("public_credit", "credit", language) + " (kg)", numeric=True),
    ]
    lines = [
        [choice_title(state, language), number(float(count), 9), number(value, 4)]
        for state, count, value in counted.iter_rows()
    ]
    return TableBlock(say(ROOM, "state_table", language), heads, lines)
