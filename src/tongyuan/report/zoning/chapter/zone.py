"""Zones projects touch, faults of the layers, and what is left of budgets."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Paragraph, Section
from tongyuan.report.base.format import MISSING, number
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.zoning.cell import plain

ORDER = 416

ROOM = "report.zoning"


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without zones and budgets."""
    told: list[Block] = []
    columns: tuple[str, ...]
    blocks: list[Block] = []
    if has(tables, "headroom"):
        frame = tables["headroom"]
        over = frame.filter(pl.col("left") < 0).height
        told.append(Paragraph(say(ROOM, "headroom_told", language, count=frame.height, over=over)))
        columns = ("zone", "item", "limit", "used", "reserved", "asked", "left", "unit")
        blocks.append(plain("headroom", frame, columns, say(ROOM, "headroom_table", language), language))
    if has(tables, "zone_contact"):
        frame = tables["zone_contact"]
        red = frame.filter(pl.col("kind").is_in(["red_line", "core_reserve"]), pl.col("distance") == 0)
        count = red["project"].n_unique()
        words = {"count": frame["project"].n_unique(), "red": count}
        told.append(Paragraph(say(ROOM, "contact_told", language, **words)))
        columns = ("project", "zone", "title", "kind", "area", "share", "distance")
        caption = say(ROOM, "contact_table", language)
        blocks.append(plain("zone_contact", frame, columns, caption, language))
    if has(tables, "zone_fault"):
        frame = tables["zone_fault"]
        columns = ("fault", "zone", "other", "area", "longitude", "latitude")
        caption = say(ROOM, "fault_table", language)
        degrees = {c: lambda v: MISSING if v is None else f"{v:.4f}" for c in ("longitude", "latitude")}
        own = degrees | {"area": lambda v: number(v, 4)}
        blocks.append(plain("zone_fault", frame, columns, caption, language, own=own))
    if not blocks:
        return None
    return Section("zone", say(ROOM, "section.zone", language), (*told, *blocks), shown=0)
