"""Zones projects touch, faults of the layers, and what is left of budgets."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, ChartBlock, Paragraph, Section
from tongyuan.report.base.format import MISSING, number
from tongyuan.report.base.label import table_column
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.outline import outline
from tongyuan.report.zoning.cell import budgets, plain

ORDER = 416

ROOM = "report.zoning"
SITE = "project_site"
KINDS = {
    "general_unit": "#8d6e63", "key_unit": "#e09f3e", "priority": "#2a7f62", "unit": "#6e7781",
    "water_zone": "#5fa8d3", "air_zone": "#7a5195", "soil_zone": "#a3a847", "resource_zone": "#4a4e69",
    "core_reserve": "#d782ba", "red_line": "#b5432f",
}  # fmt: skip
"""Colours of the rims by class of a unit or by layer, those drawn last on top."""
VERDICTS = {"admitted": "#2a7f62", "conditional": "#e09f3e", "refused": "#b5432f", SITE: "#3b5b92"}
"""Colours of the projects."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without zones and budgets."""
    told: list[Block] = []
    columns: tuple[str, ...]
    blocks: list[Block] = []
    if has(tables, "zone_map"):
        told.append(zone_chart(tables, language))
    if has(tables, "headroom"):
        frame = tables["headroom"]
        over = frame.filter(pl.col("left") < 0).height
        told.insert(0, Paragraph(say(ROOM, "headroom_told", language, count=frame.height, over=over)))
        blocks.append(budgets(frame, say(ROOM, "headroom_table", language), language))
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
        own = {**degrees, "area": lambda v: number(v, 4)}
        blocks.append(plain("zone_fault", frame, columns, caption, language, own=own))
    if not blocks:
        return None
    told.sort(key=lambda one: isinstance(one, ChartBlock))
    return Section("zone", say(ROOM, "section.zone", language), (*told, *blocks), shown=0)


def zone_chart(tables: Tables, language: Language) -> ChartBlock:
    """Return the outlines of zones by class and layer, and the projects by verdict."""
    frame = tables["zone_map"]
    areas: dict[str, tuple[str, list[list[tuple[float, float]]]]] = {}
    zones = frame.filter(pl.col("kind") != SITE)
    for kind in KINDS:
        rings = zones.filter(pl.coalesce("class", "kind") == kind)["outline"].to_list()
        if rings:
            areas[choice_title(kind, language)] = (KINDS[kind], [_ring(text) for text in rings])
    verdicts = (
        dict(tables["verdict"].select("project", "verdict").iter_rows()) if has(tables, "verdict") else {}
    )
    titles = dict(tables["verdict"].select("project", "title").iter_rows()) if has(tables, "verdict") else {}
    points: dict[str, tuple[str, list[tuple[float, float, str]]]] = {}
    for name, text in frame.filter(pl.col("kind") == SITE).select("name", "outline").iter_rows():
        verdict = verdicts.get(name, SITE)
        held = points.setdefault(choice_title(verdict, language), (VERDICTS[verdict], []))
        held[1].append((*_ring(text)[0], titles.get(name) or name))
    names = sum(len(placed) for _, placed in points.values())
    words = {"zones": zones["name"].n_unique(), "projects": names}
    axes = [table_column("zone_fault", c, language) + " (°)" for c in ("longitude", "latitude")]
    return ChartBlock(
        say(ROOM, "zone_map", language),
        outline(areas, points, x_title=axes[0], y_title=axes[1]),
        say(ROOM, "zone_map_description", language, **words),
        height=520,
        note=say(ROOM, "zone_map_note", language),
        source="zone_map",
    )


def _ring(text: str) -> list[tuple[float, float]]:
    pairs = (pair.split() for pair in text.split(","))
    return [(float(x), float(y)) for x, y in pairs]
