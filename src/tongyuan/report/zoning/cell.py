"""Cells and tables of the chapters on zoning: heads from the schema, choices by their titles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.ledger.table import table
from tongyuan.reference import units
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Column, TableBlock
from tongyuan.report.base.format import MISSING, amount, number, percent
from tongyuan.report.base.label import species_title, table_column, title

MOST = 60
"""Rows of a table."""
Shown = Callable[[Any], str]


def shown(name: str, column: str, language: Language) -> Shown:
    """Return how cells of a column are written, by its type in the schema."""
    kind = next(c for c in table(name).columns if c.name == column)
    match kind.type:
        case "choice":
            return lambda v: MISSING if v is None else choice_title(v, language)
        case "share":
            return percent
        case "integer":
            return lambda v: MISSING if v is None else str(v)
        case "number" if kind.unit in ("t", "CNY", "MWh", "m3"):
            return lambda v: amount(v, kind.unit, language, 3)
        case "number":
            return lambda v: number(v, 4)
        case "boolean":
            words = ("是", "否") if language == "zh" else ("yes", "no")
            return lambda v: MISSING if v is None else words[0] if v else words[1]
        case _ if column == "species":
            return lambda v: MISSING if v is None else species_title(v, language)
        case _:
            return lambda v: MISSING if v is None else str(v)


def plain(
    name: str, frame: pl.DataFrame, columns: tuple[str, ...], caption: str, language: Language,
    note: str = "", own: Mapping[str, Shown] | None = None,
) -> TableBlock:  # fmt: skip
    """Return columns of a table of the ledger as a table of a chapter, its first rows.

    Parameters
    ----------
    own
        How cells of a column are written where the schema's way does not do.
    """
    kinds = {c.name: c for c in table(name).columns}
    heads = []
    for column in columns:
        kind = kinds[column]
        told = units.text(kind.unit, language) if kind.unit not in ("t", "CNY", "MWh", "m3") else ""
        unit = (f"（{told}）" if language == "zh" else f" ({told})") if told else ""
        numeric = kind.type in ("number", "share", "integer")
        quoted = kind.type in ("text", "open_list")
        heads.append(Column(table_column(name, column, language) + unit, numeric=numeric, quoted=quoted))
    ways = {c: (own or {}).get(c) or shown(name, c, language) for c in columns}
    lines = [[ways[c](row[c]) for c in columns] for row in frame.head(MOST).iter_rows(named=True)]
    if frame.height > MOST:
        caption += say("report.zoning", "first", language, shown=MOST, count=frame.height)
    return TableBlock(caption, heads, lines, note=note)


def budgets(frame: pl.DataFrame, caption: str, language: Language) -> TableBlock:
    """Return table ``headroom`` with regions, species and units in words."""
    own: dict[str, Shown] = {
        "zone": lambda v: title("region", v, language),
        "item": lambda v: item_title(v, language),
        "unit": lambda v: units.text(v, language),
    }
    columns = ("zone", "item", "limit", "used", "reserved", "asked", "left", "unit")
    return plain("headroom", frame, columns, caption, language, own=own)


def item_title(item: str, language: Language) -> str:
    """Return what a budget is of in words: coal, energy, water, or a species."""
    words = catalogue("report.zoning").get(f"item_{item}")
    return words[language] if words else species_title(item, language)
