"""Who pays and who gains: table ``valuation`` in a sentence and a table."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Note, Paragraph, TableBlock
from tongyuan.report.base.format import amount, number
from tongyuan.report.base.label import sector_title, sectors
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.pathway.words import name_of

ROOM = "report.impact"
PLAN = "plan"
KNOWN = ("government", "resident", "world", "health", "climate", "tax", "purchase")


def valuation_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return who pays and gains by the plan in its last year; none where the settings value nothing."""
    if not has(tables, "valuation"):
        return []
    rows = tables["valuation"].filter(pl.col("scenario") == PLAN)
    if rows.is_empty():
        return []
    year = rows["year"].max()
    last = rows.filter(pl.col("year") == year)
    currency = next((c for c in last["currency"] if c), "CNY")
    benefit = pl.col("item").is_in(["health", "climate"])
    gained = float(last.filter(benefit)["value"].sum())
    paid = -float(last.filter(~benefit)["value"].sum())
    told = say(
        ROOM, "worth.told", language, year=year, gained=amount(gained, currency, language, 3),
        paid=amount(paid, currency, language, 3), net=amount(gained - paid, currency, language, 3),
    )  # fmt: skip
    heads = [
        Column(say(ROOM, f"worth.{c}", language), numeric=c == "value") for c in ("who", "item", "value")
    ]
    heads[-1] = Column(heads[-1].title + f" ({units.text(currency, language)})", numeric=True)
    lines = [
        [
            _word("payer", r["stakeholder"], language),
            _word("item", r["item"], language),
            number(r["value"], 3),
        ]
        for r in last.sort("stakeholder", "item").iter_rows(named=True)
    ]
    table = TableBlock(say(ROOM, "worth.table", language, year=year), heads, lines)
    return [Paragraph(told), table, Note(say(ROOM, "worth.note", language))]


def _word(kind: str, text: str, language: Language) -> str:
    """Return what a stakeholder or an item is called; a payer may be a sector."""
    if text in KNOWN:
        return say(ROOM, f"worth.{text}", language)
    found = name_of(kind, text, language) if kind == "payer" else choice_title(text, language)
    return sector_title(text, language) if found == text and text in sectors() else found
