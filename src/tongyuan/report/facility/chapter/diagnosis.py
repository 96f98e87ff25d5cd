"""Diagnosis: who must be audited, distances to limits, levels and grades, intensities beside peers."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import catalogue, say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Note, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.facility.words import MOST, ROOM, head, names

ORDER = 665
LEAST = 0.01
"""Value below which a mass a product is written in a smaller unit."""
WORDS = "facility.diagnosis"
ASPECTS = (
    "audit_due",
    "limit_of_concentration",
    "standard_limit",
    "energy_limit",
    "energy_level",
    "performance_grade",
    "product_intensity",
)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without a diagnosis."""
    if not has(tables, "diagnosis"):
        return None
    called = names(tables)
    blocks: list[Block] = [Note(say(ROOM, "diagnosis.note", language))]
    for aspect in ASPECTS:
        part = tables["diagnosis"].filter(pl.col("aspect") == aspect)
        if part.height:
            blocks.append(_table(aspect, part, called, language))
    return Section("diagnosis", say(ROOM, "section.diagnosis", language), tuple(blocks), shown=1)


def _table(aspect: str, part: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    ordered = part.sort("distance", "facility", descending=[True, False], nulls_last=True)
    note = "note_en" if language == "en" else "note_zh"
    rows = []
    for r in map(_scaled, ordered.head(MOST).to_dicts()):
        band = (
            "–"
            if r["peer_low"] is None
            else f"{number(r['peer_low'])}–{number(r['peer_high'])} ({r['peers']})"
        )
        rows.append(
            [
                called.get(r["facility"], r["facility"]),
                str(r["year"]),
                label.title("product", r["place"] or "", language) or "–",
                _indicator(aspect, r["indicator"], language),
                "–"
                if r["value"] is None
                else f"{number(r['value'])} {(r['unit'] or '').replace('m3', 'm³')}".strip(),
                number(r["reference"]),
                percent(r["distance"], signed=True),
                _level(r["level"], language),
                band,
                r[note] or "–",
            ]
        )
    heads = [
        head("facility", language, width=16),
        head("year", language),
        head("place", language),
        head("item", language, width=14),
        *(head(n, language, numeric=True) for n in ("value", "reference", "distance")),
        head("level", language),
        head("peers", language, numeric=True),
        head("remark", language, width=16),
    ]
    empty = {k for k in range(2, len(heads)) if all(row[k] in ("–", "") for row in rows)}
    kept = [k for k in range(len(heads)) if k not in empty]
    caption = say(
        ROOM,
        "diagnosis.caption",
        language,
        aspect=choice_title(aspect, language),
        shown=len(rows),
        count=part.height,
    )
    return TableBlock(caption, [heads[k] for k in kept], [[row[k] for k in kept] for row in rows], wide=True)


def _indicator(aspect: str, indicator: str, language: Language) -> str:
    """Return the name of an indicator: a reason, a family, a species or a product."""
    if aspect == "audit_due":
        return say(WORDS, f"reason_{indicator}", language)
    if aspect == "performance_grade":
        return (
            say(ROOM, "diagnosis.whole", language)
            if indicator == "whole"
            else choice_title(indicator, language)
        )
    return indicator if aspect.startswith("energy") else label.symbol(indicator, language)


def _level(level: str | None, language: Language) -> str:
    key = f"level_{level}"
    return say(WORDS, key, language) if key in catalogue(WORDS) else level or "–"


SMALLER = (("kg", 1e3), ("g", 1e6), ("mg", 1e9), ("μg", 1e12))
"""Masses a tonne is written in where a product has very little of it."""


def _scaled(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of which a small mass of a product is in a smaller unit, its references with it."""
    unit, value = row["unit"] or "", row["value"]
    if not unit.startswith("t/") or not value or abs(value) >= LEAST:
        return row
    name, scale = next(((n, s) for n, s in SMALLER if abs(value) * s >= LEAST), SMALLER[-1])
    figures = ("value", "reference", "peer_low", "peer_high")
    return row | {"unit": name + unit[1:]} | {k: None if row[k] is None else row[k] * scale for k in figures}
