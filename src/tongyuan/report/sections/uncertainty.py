"""Uncertainty: 95 % intervals of the totals, and of the sectors where they were computed."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart, label
from tongyuan.report.block import Block, ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.format import decimals, number, percent, scale
from tongyuan.report.totals import Tables, has

LARGEST_SHOWN = 4.0
_PREFERENCE = {"monte_carlo": 0, "first_order": 1, "approach_1": 2, "approach_1_truncated": 2}


def best_intervals(tables: Tables) -> pl.DataFrame:
    """Return one interval per row of totals: Monte Carlo, else first order, else approach 1."""
    frame = tables["uncertainty"].with_columns(
        pl.col("method").replace_strict(_PREFERENCE, default=9).alias("rank"),
    )
    return (
        frame.sort("rank")
        .group_by("region", "year", "group", "species", maintain_order=True)
        .first()
        .drop("rank")
    )


def _table(part: pl.DataFrame, caption: str, language: Language, folded: bool) -> TableBlock:
    heads = (
        Column(say("report", "column.year", language)),
        Column(say("report", "column.group", language)),
        Column(say("report", "column.species", language)),
        Column(say("report", "column.value", language), numeric=True),
        Column(say("report", "column.lower", language), numeric=True),
        Column(say("report", "column.upper", language), numeric=True),
        Column(say("report", "column.unit", language)),
        Column(say("report", "column.relative", language), numeric=True),
        Column(say("report", "column.method", language)),
    )
    total = say("report", "word.total", language)
    lines = []
    for row in part.to_dicts():
        largest = row["value"] if row["upper"] is None else row["upper"]
        unit = scale([row["value"], largest], row["unit"], language)
        places = decimals(max(abs(unit.of(row["value"])), abs(unit.of(largest))))
        values = [
            number(None if row[c] is None else unit.of(row[c]), places=places)
            for c in ("value", "lower", "upper")
        ]
        relative = "–"
        if row["value"] > 0 and row["upper"] is not None:
            sides = (percent(row[c] / row["value"] - 1, 2, signed=True) for c in ("lower", "upper"))
            relative = " / ".join(sides)
        group = total if row["group"] == "total" else label.sector_title(row["group"], language)
        name = label.species_title(row["species"], language)
        method = label.word("uncertainty_method", row["method"], language)
        lines.append([str(row["year"]), group, name, *values, unit.unit, relative, method])
    return TableBlock(caption, heads, lines, folded=folded, wide=True)


def interval_chart(part: pl.DataFrame, year: int, language: Language) -> ChartBlock | None:
    """Return the relative intervals of the totals of one year as horizontal spans about the estimate."""
    now = part.filter((pl.col("year") == year) & (pl.col("group") == "total") & (pl.col("value") > 0))
    if not now.height:
        return None
    known = now.filter(pl.col("upper").is_not_null())
    if not known.height:
        return None
    tidy = known.select(
        pl.col("species")
        .map_elements(lambda s: label.symbol(s, language), return_dtype=pl.String)
        .alias("name"),
        ((pl.col("lower") / pl.col("value") - 1) * 100).alias("low"),
        ((pl.col("upper") / pl.col("value") - 1) * 100).clip(upper_bound=LARGEST_SHOWN * 100).alias("high"),
    )
    option = chart.intervals(
        tidy,
        "name",
        "low",
        "high",
        unit=say("report", "uncertainty.unit", language),
        names=(say("report", "column.lower", language), say("report", "column.upper", language)),
    )
    caption = say("report", "uncertainty.caption", language, year=year)
    note = say("report", "uncertainty.note", language, most=f"{LARGEST_SHOWN:.0%}")
    bare = now.filter(pl.col("upper").is_null())["species"].to_list()
    if bare:
        joint = "、" if language == "zh" else ", "
        names = joint.join(label.symbol(species, language) for species in bare)
        note += say("report", "uncertainty.bare", language, names=names)
    return ChartBlock(
        caption,
        option,
        say("report", "uncertainty.description", language, year=year, count=known.height),
        height=110 + 22 * known.height,
        note=note,
        table=_table(now, caption, language, folded=True),
    )


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no intervals were computed."""
    if not has(tables, "uncertainty"):
        return None
    part = best_intervals(tables)
    order = sorted(part["species"].unique().to_list(), key=label.species_order)
    part = part.with_columns(
        pl.col("species")
        .replace_strict({s: i for i, s in enumerate(order)}, return_dtype=pl.Int64)
        .alias("order")
    ).sort("year", "group", "order", descending=[True, False, False])
    known = sorted(part["year"].unique().to_list())
    blocks: list[Block] = [Note(say("report", "uncertainty.reading", language))]
    charts = [made for year in reversed(known) if (made := interval_chart(part, year, language))][:1]
    blocks += charts
    now = part.filter((pl.col("year") == known[-1]) & (pl.col("group") == "total"))
    if not charts and now.height:
        caption = say("report", "uncertainty.caption", language, year=known[-1])
        blocks.append(_table(now, caption, language, folded=False))
    sectors = part.filter(pl.col("group") != "total")
    if sectors.height:
        blocks.append(_table(sectors, say("report", "uncertainty.sectors", language), language, folded=True))
    return Section("uncertainty", say("report", "section.uncertainty", language), tuple(blocks))
