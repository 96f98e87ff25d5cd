"""Small words of the chapters on enterprises."""

from __future__ import annotations

from functools import cache

import polars as pl

from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.report.base.block import Column
from tongyuan.report.base.format import number
from tongyuan.report.base.label import title
from tongyuan.report.base.totals import Tables

ROOM = "report.facility"
ALLOWANCE = "facility.allowance"
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


def subject(text: str | None, language: Language) -> str:
    """Return what a finding is about in words: products, the works as a whole, parameters of monitors."""
    if not text:
        return ""
    product = title("product", text, language)
    if product != text:
        return product
    words = [parameters(language).get(word, word) for word in text.split()]
    return " ".join(place("whole", language) if word == "works" else word for word in words)


@cache
def parameters(language: Language) -> dict[str, str]:
    """Return the titles of the parameters of monitors by their codes."""
    table = shelf("monitor_parameter").select("monitor_parameter", f"title_{language}")
    return dict(table.iter_rows())


MEAN = (pl.col("mean") * pl.col("hours_valid")).sum() / pl.when(pl.col("mean").is_not_null()).then(
    pl.col("hours_valid")
).sum()
"""The mean of months by their valid hours [unit of the rows]; not a number where none was valid."""


def against(mean: float | None, limit: float | None, unit: str | None) -> str:
    """Return a concentration and its limit with their unit, a dash without either."""
    if mean is None and limit is None:
        return number(None)
    shown = f"{number(mean, 3)} / {number(limit, 3)}"
    return f"{shown} {unit.replace('m3', 'm³')}" if unit else shown


def rate(chance: float | None) -> str:
    """Return how often honest data would show the same; less than one in a million is not told apart."""
    return "<10⁻⁶" if chance is not None and chance < 1e-6 else number(chance, 2)


def place(outlet: str | None, language: Language) -> str:
    """Return the outlet, or the word for the works as a whole."""
    return say(ROOM, "permit.whole", language) if outlet in (None, "", "whole") else str(outlet)


def coded(note: str | None, language: Language) -> str:
    """Return what stands for a number of allowances: the words of a code, or the text itself."""
    key = f"text_{note}"
    return say(ALLOWANCE, key, language) if key in catalogue(ALLOWANCE) else note or "–"
