"""The first page of the report: enough for a person who reads nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Cards, Heading, Note, Paragraph, Section
from tongyuan.report.base.format import change
from tongyuan.report.base.totals import Tables, has, headline, moved, sector_totals, years
from tongyuan.report.front.action import action_blocks
from tongyuan.report.front.limit import limit_blocks, silent_blocks
from tongyuan.report.front.origin import origin_blocks
from tongyuan.report.front.standing import standing_blocks
from tongyuan.report.inventory.chapter.key_figures import card

ORDER = 100
ROOM = "report.front"
FIVE = 5


def main_species(totals: object, most: int = FIVE) -> list[str]:
    """Return the species of the first page: the first of the headline, carbon counted once."""
    found = headline(totals, 2 * most)  # type: ignore[arg-type]
    return [s for s in found if not (s == "CO2" and "CO2e" in found)][:most]


def verdict(tables: Tables, species: list[str], language: Language) -> str:
    """Return one sentence on how carbon and pollution moved, like for like; nothing for a single year."""
    totals = sector_totals(tables)
    first, last = years(totals)[0], years(totals)[-1]
    if first == last:
        return ""
    steps = {s: moved(totals, s) for s in species}
    known = {s: m for s, m in steps.items() if m.before and m.after is not None}
    if not known:
        return ""
    joint = "、" if language == "zh" else ", "
    items = joint.join(f"{label.symbol(s, language)} {change(m.before, m.after)}" for s, m in known.items())
    carbon = next((s for s in ("CO2e", "CO2") if s in known), None)
    others = [s for s in known if s != carbon]
    down = [s for s in others if (known[s].after or 0.0) < (known[s].before or 0.0)]
    key = "moved"
    if carbon and others:
        falls = (known[carbon].after or 0.0) < (known[carbon].before or 0.0)
        clean = 2 * len(down) > len(others)
        key = f"moved_{'down' if clean else 'up'}_{'down' if falls else 'up'}"
    return say(ROOM, key, language, first=first, last=last, items=items)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when there are neither emissions nor a summary nor targets."""
    emitted = has(tables, "emission") or has(tables, "summary")
    totals = sector_totals(tables) if emitted else pl.DataFrame()
    species = main_species(totals) if totals.height else []
    if not species:
        return _without_emission(tables, language)
    last = years(totals)[-1]
    blocks: list[Block] = [
        Cards(
            tuple(card(tables, totals, s, language, brief=True) for s in species),
            say(ROOM, "cards", language, year=last),
        )
    ]
    told = verdict(tables, species, language)
    if told:
        blocks.append(Paragraph(told))
    parts = {
        "origin": origin_blocks(tables, totals, species, last, language),
        "standing": standing_blocks(tables, language),
        "action": action_blocks(tables, species, language),
        "limit": limit_blocks(tables, totals, species, last, language),
    }
    return _page(blocks, parts, language)


def _without_emission(tables: Tables, language: Language) -> Section | None:
    """Return the page of a workspace that gives observations and targets but no activity."""
    if not has(tables, "target_status"):
        return None
    parts = {
        "standing": standing_blocks(tables, language),
        "action": action_blocks(tables, [], language),
        "limit": silent_blocks(tables, language),
    }
    return _page([Note(say(ROOM, "no_emission", language), "warning")], parts, language)


def _page(blocks: Sequence[Block], parts: Mapping[str, Sequence[Block]], language: Language) -> Section:
    headed = [
        block
        for key, made in parts.items()
        if made
        for block in (Heading(say(ROOM, f"{key}_title", language), 3), *made)
    ]
    title = say(ROOM, "section.first_page", language)
    return Section("first_page", title, (*blocks, *headed), shown=None)
