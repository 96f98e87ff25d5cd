"""Small words of the chapters on enterprises."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Column
from tongyuan.report.base.totals import Tables

ROOM = "report.facility"
MOST = 40
"""Rows of a table that is not whole."""

QUOTED = ("facility", "installation", "outlet", "place", "item", "basis")
"""Columns that hold words of the enterprise or of a document, in whatever language those are."""


def head(name: str, language: Language, *, numeric: bool = False, width: float | None = None) -> Column:
    """Return the column `name` with its title."""
    return Column(say(ROOM, f"column.{name}", language), numeric=numeric, width=width, quoted=name in QUOTED)


def names(tables: Tables) -> dict[str, str]:
    """Return the names of the enterprises by id; an id without a name stands for itself."""
    frame = tables.get("enterprise")
    if frame is None or frame.is_empty():
        return {}
    return {k: v for k, v in frame.select("facility", pl.col("name")).iter_rows() if v}


def place(outlet: str | None, language: Language) -> str:
    """Return the outlet, or the word for the works as a whole."""
    return say(ROOM, "permit.whole", language) if outlet in (None, "", "whole") else str(outlet)
