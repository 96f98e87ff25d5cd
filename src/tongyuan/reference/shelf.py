"""Shelves: the CSV tables of ``reference/data``, read once and looked up by id, title or alias."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType

import polars as pl

from tongyuan.reference.language import Language as Language


def read_text_csv(path: Traversable) -> pl.DataFrame:
    """Return a CSV file with every column as text and empty cells as empty strings."""
    return pl.read_csv(path.read_bytes(), infer_schema=False).with_columns(pl.all().fill_null(""))


def read_rows(path: Traversable) -> list[dict[str, str]]:
    """Return the rows of a CSV file by column, as text: for a small file that is gone through row by row."""
    head, *rows = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))
    return [dict(zip(head, row, strict=True)) for row in rows]


@cache
def shelves() -> Mapping[str, Traversable]:
    """Return where every shelf of ``reference/data`` stands, by name."""
    subjects = (entry for entry in (files("tongyuan.reference") / "data").iterdir() if entry.is_dir())
    found = (file for subject in subjects for file in subject.iterdir() if file.name.endswith(".csv"))
    return MappingProxyType({file.name.removesuffix(".csv"): file for file in found})


@cache
def shelf(name: str) -> pl.DataFrame:
    """Return the shelf ``reference/data/<subject>/<name>.csv``, every column text; the first is the id.

    Raises
    ------
    KeyError
        If there is no such shelf.
    """
    places = shelves()
    if name not in places:
        raise KeyError(f"no shelf named {name!r}")
    return read_text_csv(places[name])


def fold(text: str) -> str:
    """Fold width, case and blanks so that ``ＳＯ２`` and ``so2`` are one word."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def _width(text: str) -> str:
    """Fold width and blanks but not case: ``ＣＯ`` is CO, and Co is cobalt."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def _names(name: str, case: bool) -> dict[str, str]:
    """Return every id, title and alias of shelf `name` → id; ids go before titles, the first before later."""
    form = _width if case else fold
    frame = shelf(name)
    identifier = frame.columns[0]
    names: dict[str, str] = {}
    for column in (identifier, "title_zh", "title_en"):
        if column in frame.columns:
            for key, text in zip(frame[identifier], frame[column], strict=True):
                if text:
                    names.setdefault(form(text), key)
    aliases = shelf("alias").filter(pl.col("shelf") == name)
    for text, key in zip(aliases["alias"], aliases["id"], strict=True):
        names.setdefault(form(text), key)
    return names


def identify(name: str, text: str) -> str | None:
    """Return the id on shelf `name` whose id, Chinese or English title or alias is `text`, else None.

    Case matters where it tells two names apart (CO and Co), and nowhere else.
    """
    return _names(name, True).get(_width(text)) or _names(name, False).get(fold(text))


@cache
def _titles(name: str, language: Language) -> dict[str, str]:
    frame = shelf(name)
    return dict(zip(frame[frame.columns[0]], frame[f"title_{language}"], strict=True))


def title(name: str, identifier: str, language: Language = "zh") -> str:
    """Return the title of `identifier` on shelf `name`, or the identifier itself when it has none."""
    return _titles(name, language).get(identifier) or identifier
