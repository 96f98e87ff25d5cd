"""What the data do not allow to say: figures that must not be used for what they look fit for."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, Paragraph
from tongyuan.report.base.totals import Tables, has, moved, rows, years
from tongyuan.report.front.standing import judged, own_targets
from tongyuan.report.inventory.chapter.key_figures import interval_of
from tongyuan.report.inventory.doubt import HIGH, LOW, missing, ratio_text, ratios
from tongyuan.report.pathway.pathway import coverage
from tongyuan.report.pathway.words import words

ROOM = "report.front"
NAMED = 4


def limit_blocks(
    tables: Tables, totals: pl.DataFrame, species: Sequence[str], year: int, language: Language
) -> list[Block]:
    """Return, one by one, what the figures of this report must not be read as."""
    joint = "、" if language == "zh" else ", "
    told: list[str] = []

    def add(key: str, **values: object) -> None:
        told.append(say(ROOM, f"limit_{key}", language, **values))

    def signs(chosen: Sequence[str]) -> str:
        return joint.join(label.symbol(one, language) for one in chosen)

    far = {s: r for s in species if (r := ratios(tables, s, year)) and (r[0] < LOW or r[-1] > HIGH)}
    if far:
        items = joint.join(
            say(ROOM, "limit_ratio_of", language, species=label.symbol(s, language), ratio=ratio_text(r))
            for s, r in far.items()
        )
        add("ratio", items=items)
    if not has(tables, "comparison"):
        add("no_comparison")
    lacking = {s: found for s in species if (found := missing(tables, s, year))}
    if lacking:
        named = list(dict.fromkeys(one for found in lacking.values() for one in found))
        names = joint.join(label.title("process", one, language) for one in named[:NAMED])
        add("partial", species=signs(list(lacking)), sources=names, count=len(named))
    blind = [s for s in species if interval_of(tables, year, s) is None]
    if blind:
        add("blind", species=signs(blind))
    apart = [s for s in species if not moved(totals, s).same]
    if len(years(totals)) == 1:
        add("one_year", year=year)
    elif apart:
        add("apart", species=signs(apart))
    told += _silent(tables, language)
    covered = coverage(tables, language)
    if covered and covered != words("coverage_whole", language, year=year):
        told.append(covered)
    doubtful = rows(tables, "factor_used")
    unverified = doubtful.filter(pl.col("status") == "unverified").height if doubtful.height else 0
    if unverified:
        add("unverified", count=unverified)
    return [Paragraph(text, item=True) for text in told]


def _silent(tables: Tables, language: Language) -> list[str]:
    """Return the sentence on targets that no data can judge."""
    targets = own_targets(tables)
    silent = targets.height - judged(tables).height
    return [say(ROOM, "limit_silent", language, count=targets.height, silent=silent)] if silent else []


def silent_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return what cannot be said where there is no emission at all."""
    return [Paragraph(text, item=True) for text in _silent(tables, language)]
