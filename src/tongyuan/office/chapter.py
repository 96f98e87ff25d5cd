"""The chapters of published runs by room, as they stand in the report, kept since runs never change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from tongyuan.ledger import table as ledger
from tongyuan.ledger.run_set import read_set, run_table
from tongyuan.reference.shelf import Language
from tongyuan.report.chapters import room_title, rooms, sections_of
from tongyuan.report.html.document import render_sections


class Page(NamedTuple):
    """The chapters of one room: name of the run, title of the room, HTML, and options of the charts."""

    name: str
    room: str
    html: str
    charts: list[Any]


def completed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return a table of an earlier release with the columns it has in this one, empty where they are new."""
    if name not in ledger.names():
        return frame
    new = {c: kind for c, kind in ledger.empty(name).schema.items() if c not in frame.columns}
    return frame.with_columns(pl.lit(None, kind).alias(c) for c, kind in new.items()) if new else frame


@lru_cache(maxsize=4)
def _read(folder: Path, _digest: str) -> tuple[Mapping[str, pl.DataFrame], Mapping[str, Any]]:
    tables, record = read_set(folder)
    return {**{n: completed(n, f) for n, f in tables.items()}, "run": run_table(record)}, record


@lru_cache(maxsize=64)
def page(folder: Path, digest: str, room: str, language: Language) -> Page:
    """Return the chapters of one room of the run in `folder`, whose files have that digest.

    Raises
    ------
    KeyError
        If there is no such room.
    """
    tables, record = _read(folder, digest)
    html, charts = render_sections(sections_of(room, tables, language), language)
    return Page(str(record.get("settings", {}).get("name", "")), room_title(room, language), html, charts)


@lru_cache(maxsize=64)
def present(folder: Path, digest: str) -> tuple[str, ...]:
    """Return the rooms whose chapters the tables of a run give rise to, in the order of the report."""
    tables, _ = _read(folder, digest)
    return tuple(room for room in rooms() if sections_of(room, tables, "zh"))
