"""Automatic monitoring: capture, valid and filled hours, masses before and after."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Note, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.bars import bars
from tongyuan.report.facility.words import MEAN, MOST, ROOM, against, head, names, place

ORDER = 661


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without monitored outlets."""
    if not has(tables, "outlet_month"):
        return None
    months = tables["outlet_month"]
    blocks: list[Block] = [Note(say(ROOM, "monitoring.note", language))]
    blocks += _chart(months, language)
    blocks.append(_outlets(months, tables, language))
    if has(tables, "substitution"):
        blocks.append(_rules(tables["substitution"], language))
    return Section("monitoring", say(ROOM, "section.monitoring", language), tuple(blocks), shown=1)


def _chart(months: pl.DataFrame, language: Language) -> list[Block]:
    whole = months.filter(pl.col("mass").is_not_null())
    if whole.is_empty():
        return []
    first = min(whole["species"].unique(), key=label.species_order)
    part = (
        whole.filter(pl.col("species") == first)
        .group_by("month")
        .agg(pl.col("mass_measured").sum(), pl.col("mass").sum())
    )
    tall = part.sort("month").unpivot(index="month", variable_name="kind", value_name="t")
    words = {
        "mass_measured": say(ROOM, "monitoring.before", language),
        "mass": say(ROOM, "monitoring.after", language),
    }
    tall = tall.with_columns(pl.col("kind").replace(words))
    shown = {"species": label.symbol(first, language)}
    return [
        ChartBlock(
            say(ROOM, "monitoring.chart", language, **shown),
            bars(tall, "month", "t", "kind", unit=say("report", "unit.t", language)),
            say(ROOM, "monitoring.chart_description", language, **shown),
            source="outlet_month",
        )
    ]


def _outlets(months: pl.DataFrame, tables: Tables, language: Language) -> TableBlock:
    called = names(tables)
    summed = (
        months.group_by("facility", "outlet", "species", maintain_order=True)
        .agg(
            pl.col("capture").min(),
            *(pl.col(n).sum() for n in ("hours_run", "hours_valid", "hours_substituted")),
            MEAN.alias("mean"),
            pl.col("limit").last(),
            pl.col("unit").drop_nulls().last(),
            pl.col("mass_measured").sum(),
            pl.when(pl.col("mass").null_count() == 0).then(pl.col("mass").sum()).alias("mass"),
        )
        .sort("capture", "facility", "outlet", nulls_last=True)
    )
    rows = [
        [
            called.get(r["facility"], r["facility"]),
            place(r["outlet"], language),
            label.symbol(r["species"], language),
            percent(r["capture"]),
            f"{number(r['hours_run'])} / {number(r['hours_valid'])} / {number(r['hours_substituted'])}",
            against(r["mean"], r["limit"], r["unit"]),
            number(r["mass_measured"]),
            number(r["mass"]),
        ]
        for r in summed.head(MOST).to_dicts()
    ]
    heads = [
        head("facility", language, width=18),
        head("outlet", language),
        head("species", language),
        head("capture", language, numeric=True),
        head("hours", language, numeric=True),
        head("mean", language, numeric=True),
        head("before", language, numeric=True),
        head("after", language, numeric=True),
    ]
    caption = say(ROOM, "monitoring.caption", language, shown=len(rows), count=summed.height)
    return TableBlock(caption, heads, rows)


def _rules(filled: pl.DataFrame, language: Language) -> TableBlock:
    counted = filled.group_by("rule").len("count").sort("count", descending=True)
    rows = [[_rule(rule, language), str(count)] for rule, count in counted.iter_rows()]
    heads = [head("rule", language, width=30), head("count", language, numeric=True)]
    return TableBlock(say(ROOM, "monitoring.rules", language), heads, rows)


def _rule(rule: str, language: Language) -> str:
    return say("facility.hour", f"rule_{rule}", language)
