"""Reductions matched to projects: who is admitted, from which source, what is short, and the prices."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Note, Paragraph, Section, TableBlock
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.zoning.cell import plain

ORDER = 417

ROOM = "report.zoning"


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None where no reductions were matched."""
    if not has(tables, "offset_admission"):
        return None
    frame = tables["offset_admission"].sort("admitted", "value", descending=True, maintain_order=True)
    words = {"count": frame.height, "admitted": frame.filter("admitted").height}
    blocks = [plain("offset_admission", frame, ("project", "title", "admitted"),
                    say(ROOM, "offset_table", language), language)]  # fmt: skip
    for name, columns in (
        ("offset_use", ("project", "offset", "species", "value")),
        ("offset_short", ("project", "species", "value")),
        ("offset_price", ("region", "species", "value")),
    ):
        if has(tables, name):
            blocks.append(_one(name, tables[name], columns, language))
    told = Paragraph(say(ROOM, "offset_told", language, **words))
    return Section(
        "offset", say(ROOM, "section.offset", language),
        (told, *blocks, Note(say(ROOM, "offset_note", language))),
        shown=1,
    )  # fmt: skip


def _one(name: str, frame: pl.DataFrame, columns: tuple[str, ...], language: Language) -> TableBlock:
    return plain(name, frame, columns, say(ROOM, f"{name}_table", language), language)
