"""Where the emissions of the first page come from: sectors, and the largest single sources."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Paragraph
from tongyuan.report.base.format import percent
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.inventory.chapter.common_source import common_source_chart, shares

ROOM = "report.front"


def largest(tables: Tables, species: Sequence[str], year: int, language: Language) -> str:
    """Return the largest single sources with their shares; nothing without key categories."""
    frame = rows(tables, "key_category").filter((pl.col("year") == year) & pl.col("share").is_not_null())
    held: dict[str, list[str]] = {}
    for one in species:
        mine = frame.filter(pl.col("quantity") == one)
        if mine.height and mine["region"].n_unique() == 1:
            top = mine.sort("share", descending=True).row(0, named=True)
            name = label.source_key(top["process"], top["product"], top["technology"], language)
            sign = label.symbol(one, language)
            held.setdefault(name, []).append(f"{sign} {percent(top['share'])}")
    within, joint = ("、", "；") if language == "zh" else (", ", "; ")
    told = [say(ROOM, "largest", language, name=n, shares=within.join(s)) for n, s in held.items()]
    return say(ROOM, "largest_of", language, items=joint.join(told)) if told else ""


def origin_blocks(
    tables: Tables, totals: pl.DataFrame, species: Sequence[str], year: int, language: Language
) -> list[Block]:
    """Return the share of every sector in the species, and a sentence on the largest sources."""
    if not shares(totals, year).filter(pl.col("species").is_in(species)).height:
        return []
    told = largest(tables, species, year, language)
    chart = common_source_chart(totals, year, language, species)
    return [*([Paragraph(told)] if told else []), chart]
