"""Uncertainty: 95 % intervals of the totals, and of the sectors where they were computed."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Column, Note, Section, TableBlock
from tongyuan.report.base.excerpt import excerpt
from tongyuan.report.base.format import decimals, number, percent, scale
from tongyuan.report.base.totals import Tables, has, once

ORDER = 710

LARGEST_SHOWN = 4.0
DRAWN, MOST = 60, 400
"""Intervals in a chart and rows of a table, the largest of each species where there are more."""
_PREFERENCE = {"monte_carlo": 0, "first_order": 1, "approach_1": 2, "approach_1_truncated": 2}


@once("uncertainty")
def best_intervals(tables: Tables) -> pl.DataFrame:
    """Return one interval per row of totals: Monte Carlo, else first order, else approach 1."""
    frame = tables["uncertainty"].with_columns(
        pl.col("method").replace_strict(_PREFERENCE, default=9).alias("rank"),
    )
    key = ["region", "year", "group", "species"]
    return frame.sort("rank", maintain_order=True).unique(key, keep="first", maintain_order=True).drop("rank")


def _table(part: pl.DataFrame, caption: str, language: Language, folded: bool) -> TableBlock:
    """Return intervals as a table, with the region where there are several; at most ``MOST`` rows of it."""
    several = part["region"].n_unique() > 1
    shown = excerpt("uncertainty", part, MOST)
    note = ""
    if shown.shown < part.height:
        told = {"count": part.height, "shown": shown.shown, "file": "uncertainty.parquet"}
        note = say("report", "page.truncated", language, **told)
    heads = (
        *([Column(say("report", "column.region", language))] if several else []),
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
    for row in shown.frame.to_dicts():
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
        place = [label.title("region", row["region"], language)] if several else []
        lines.append([*place, str(row["year"]), group, name, *values, unit.unit, relative, method])
    return TableBlock(caption, heads, lines, note=note, folded=folded, wide=True)


def interval_names(part: pl.DataFrame, language: Language) -> list[str]:
    """Return what each interval is called: the species, and the region where there are several."""
    several = part["region"].n_unique() > 1
    return [
        label.symbol(species, language) + (f" {label.title('region', region, language)}" if several else "")
        for species, region in part.select("species", "region").iter_rows()
    ]


def interval_chart(part: pl.DataFrame, year: int, language: Language) -> ChartBlock | None:
    """Return the relative intervals of the totals of one year as horizontal spans about the estimate."""
    now = part.filter((pl.col("year") == year) & (pl.col("group") == "total") & (pl.col("value") > 0))
    if not now.height:
        return None
    known = excerpt("uncertainty", now.filter(pl.col("upper").is_not_null()), DRAWN).frame
    if not known.height:
        return None
    names = interval_names(known, language)
    tidy = known.select(
        pl.Series("name", names, dtype=pl.String),
        ((pl.col("lower") / pl.col("value") - 1) * 100).alias("low"),
        ((pl.col("upper") / pl.col("value") - 1) * 100).clip(upper_bound=LARGEST_SHOWN * 100).alias("high"),
    )
    option = chart.intervals(
        tidy,
        "name",
        "low",
        "high",
        unit=say("report.inventory", "uncertainty.unit", language),
        names=(say("report", "column.lower", language), say("report", "column.upper", language)),
    )
    caption = say("report.inventory", "uncertainty.caption", language, year=year)
    note = say("report.inventory", "uncertainty.note", language, most=f"{LARGEST_SHOWN:.0%}")
    bare = now.filter(pl.col("upper").is_null())["species"].unique(maintain_order=True).to_list()
    if bare:
        joint = "、" if language == "zh" else ", "
        listed = joint.join(label.symbol(species, language) for species in bare)
        note += say("report.inventory", "uncertainty.bare", language, names=listed)
    return ChartBlock(
        caption,
        option,
        say("report.inventory", "uncertainty.description", language, year=year, count=known.height),
        height=110 + 22 * known.height,
        note=note,
        table=_table(now, caption, language, folded=True),
    )


@once("uncertainty")
def _ordered(tables: Tables) -> pl.DataFrame:
    """Return the best intervals as they are listed, the newest first; ``order`` is that of the species."""
    part = best_intervals(tables)
    order = sorted(part["species"].unique().to_list(), key=label.species_order)
    return part.with_columns(
        pl.col("species")
        .replace_strict({s: i for i, s in enumerate(order)}, return_dtype=pl.Int64)
        .alias("order")
    ).sort("year", "group", "order", descending=[True, False, False])


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no intervals were computed."""
    if not has(tables, "uncertainty"):
        return None
    part = _ordered(tables)
    known = sorted(part["year"].unique().to_list())
    blocks: list[Block] = [Note(say("report.inventory", "uncertainty.reading", language))]
    charts = [made for year in reversed(known) if (made := interval_chart(part, year, language))][:1]
    blocks += charts
    now = part.filter((pl.col("year") == known[-1]) & (pl.col("group") == "total"))
    if not charts and now.height:
        caption = say("report.inventory", "uncertainty.caption", language, year=known[-1])
        blocks.append(_table(now, caption, language, folded=False))
    sectors = part.filter(pl.col("group") != "total")
    if sectors.height:
        blocks.append(
            _table(sectors, say("report.inventory", "uncertainty.sectors", language), language, folded=True)
        )
    return Section(
        "uncertainty", say("report.inventory", "section.uncertainty", language), tuple(blocks), shown=1
    )
