"""Carbon of enterprises: by enterprise and installation, missing months, what an area holds as well."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.base.format import number, scale
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.bars import bars
from tongyuan.report.facility.words import MOST, ROOM, names

ORDER = 655
DRAWN = 12


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without emissions of enterprises."""
    if not has(tables, "facility_emission"):
        return None
    rows = tables["facility_emission"].filter(
        "counted", pl.col("species") == "CO2", pl.col("scope") == "direct"
    )
    if rows.is_empty():
        return None
    called = names(tables)
    sums = (
        rows.with_columns(pl.col("month").str.slice(0, 4).alias("year"))
        .group_by("facility", "year", "installation", maintain_order=True)
        .agg(pl.col("value").sum(), pl.col("month").n_unique().alias("months"), pl.col("guide").first())
    )
    total = sums.group_by("facility", "year", maintain_order=True).agg(pl.col("value").sum())
    blocks: list[Block] = [Note(say(ROOM, "carbon.note", language)), _chart(total, called, language)]
    cells = [
        [called.get(r["facility"], r["facility"]), r["year"], r["installation"], str(r["months"]),
         number(r["value"])]
        for r in sums.head(MOST).to_dicts()
    ]  # fmt: skip
    heads = [_head(n, language, n in ("months", "emission")) for n in
             ("facility", "year", "installation", "months", "emission")]  # fmt: skip
    caption = say(ROOM, "carbon.chapter_table", language, shown=len(cells), count=sums.height)
    blocks.append(TableBlock(caption, heads, cells))
    blocks += [*_missing(tables, called, language), *_overlap(tables, language)]
    return Section("carbon", say(ROOM, "section.carbon", language), tuple(blocks))


def _head(name: str, language: Language, numeric: bool = False) -> Column:
    return Column(say(ROOM, f"carbon.column_{name}", language), numeric=numeric)


def _chart(total: pl.DataFrame, called: dict[str, str], language: Language) -> ChartBlock:
    most = total.sort("value", descending=True).head(DRAWN)
    titles = [f"{called.get(f, f)} {y}" for f, y in most.select("facility", "year").iter_rows()]
    unit = scale(most["value"], "t", language)
    frame = pl.DataFrame({"name": titles, "value": most["value"] / unit.factor})
    return ChartBlock(
        say(ROOM, "carbon.chart", language),
        bars(frame, "name", "value", unit=unit.unit, horizontal=True),
        say(ROOM, "carbon.chart_description", language, count=total.height),
        height=110 + 28 * most.height,
        source="facility_emission",
    )


def _missing(tables: Tables, called: dict[str, str], language: Language) -> list[Block]:
    if not has(tables, "missing_month"):
        return []
    rows = tables["missing_month"].unique(["facility", "installation", "months"], maintain_order=True)
    cells = [
        [called.get(r["facility"], r["facility"]), str(r["year"]), r["installation"], r["months"]]
        for r in rows.head(MOST).to_dicts()
    ]
    heads = [_head(n, language) for n in ("facility", "year", "installation", "missing")]
    return [TableBlock(say(ROOM, "carbon.missing_table", language), heads, cells)]


def _overlap(tables: Tables, language: Language) -> list[Block]:
    if not has(tables, "facility_overlap"):
        return []
    cells = [
        [str(r["year"]), label.source_key(r["process"], r["product"] or "", "", language),
         number(r["facilities"]), number(r["area"]), number(r["left"]), number(r["difference"]), r["unit"]]
        for r in tables["facility_overlap"].head(MOST).to_dicts()
    ]  # fmt: skip
    numeric = ("facilities", "area", "left", "difference")
    heads = [_head(n, language, n in numeric) for n in ("year", "source", *numeric, "unit")]
    return [TableBlock(say(ROOM, "carbon.overlap_table", language), heads, cells)]
