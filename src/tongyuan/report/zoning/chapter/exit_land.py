"""Capacity that goes first, plots to clean, what to plant, land used again."""

from __future__ import annotations

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, title
from tongyuan.report.base.block import Block, Paragraph, Section
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.zoning.cell import plain

ORDER = 418

ROOM = "report.zoning"
PARTS = (
    ("exit_rank", ("unit", "title", "score", "rank", "rank_low", "rank_high", "first_share")),
    ("remediation_route", ("site", "option", "cost", "carbon", "years", "risk", "feasible", "front")),
    ("greening_plan", ("site", "weight", "species", "area", "carbon", "deposition", "ozone")),
    ("land_reuse_yield", ("site", "title", "generation", "carbon", "claimed", "ratio")),
)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without any of its tables."""
    blocks: list[Block] = []
    if has(tables, "exit_rank"):
        frame = tables["exit_rank"].sort("rank")
        first = frame.row(0, named=True)
        name = (first["title"] if language == "zh" else None) or first["unit"]
        words = {"count": frame.height, "name": name, "low": first["rank_low"], "high": first["rank_high"]}
        key = "exit_told" if first["rank_low"] < first["rank_high"] else "exit_firm"
        blocks.append(Paragraph(say(ROOM, key, language, **words)))
    for name, columns in PARTS:
        if has(tables, name):
            own = (
                {"species": lambda v: title("greening_species", v, language)}
                if name == "greening_plan"
                else {}
            )
            blocks.append(
                plain(name, tables[name], columns, say(ROOM, f"{name}_table", language), language, own=own)
            )
    if not blocks:
        return None
    return Section("exit_land", say(ROOM, "section.exit_land", language), tuple(blocks), shown=0)
