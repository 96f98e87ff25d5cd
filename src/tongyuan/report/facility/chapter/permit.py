"""Emission against the permit: tonnes so far, hours above the limit, the end of the year."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.species import headline
from tongyuan.report.base import label
from tongyuan.report.base.block import Block, ChartBlock, Note, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.chart.bars import bars
from tongyuan.report.facility.words import MOST, ROOM, head, names, place

ORDER = 662
COUNTED = ("hours_over", "hours_exempt", "days_special", "days_special_over")
DRAWN = 12
"""Bars of the chart."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without a permit account."""
    if not has(tables, "permit_account"):
        return None
    last = _last(tables["permit_account"])
    held = pl.col("limit").is_not_null() | pl.col("hours_over").is_not_null()
    last = last.filter(held | pl.col("species").is_in(list(headline())))
    called = names(tables)
    blocks: list[Block] = [Note(say(ROOM, "permit.note", language))]
    limited = last.filter(pl.col("limit").is_not_null())
    if limited.height:
        blocks.append(_chart(limited.head(DRAWN), called, language))
    blocks.append(_table(last, called, language))
    return Section("permit", say(ROOM, "section.permit", language), tuple(blocks), shown=1)


def _last(account: pl.DataFrame) -> pl.DataFrame:
    """Return the last month of each year, place and species, the most urgent first."""
    key = ["facility", "year", "outlet", "species"]
    hours = account.group_by(key).agg(
        pl.when(pl.col(n).is_not_null().any()).then(pl.col(n).sum()).alias(n) for n in COUNTED
    )
    last = account.sort("month").unique(key, keep="last", maintain_order=True)
    last = last.drop(COUNTED).join(hours, on=key, how="left", maintain_order="left")
    urgent = [pl.col("probability"), pl.col("share"), pl.col("hours_over")]
    return last.sort(*urgent, descending=True, nulls_last=True, maintain_order=True)


def _chart(part: pl.DataFrame, called: dict[str, str], language: Language) -> ChartBlock:
    named = [
        " ".join([called.get(f, f), place(o, language), label.symbol(s, language)])
        for f, o, s in part.select("facility", "outlet", "species").iter_rows()
    ]
    frame = part.select((pl.col("share") * 100).alias("share")).with_columns(pl.Series("name", named))
    return ChartBlock(
        say(ROOM, "permit.chart", language),
        bars(frame, "name", "share", unit="%", horizontal=True),
        say(ROOM, "permit.chart_description", language),
        source="permit_account",
    )


def _table(last: pl.DataFrame, called: dict[str, str], language: Language) -> TableBlock:
    rows, special = [], last["days_special"].fill_null(0).sum() > 0
    for r in last.head(MOST).to_dicts():
        over = "–" if r["hours_over"] is None else f"{number(r['hours_over'])} ({number(r['hours_exempt'])})"
        band = "–" if r["forecast"] is None else number(r["forecast"])
        if r["forecast"] is not None and r["forecast_low"] != r["forecast_high"]:
            band += f" ({number(r['forecast_low'])}–{number(r['forecast_high'])})"
        rows.append(
            [
                called.get(r["facility"], r["facility"]),
                place(r["outlet"], language),
                label.symbol(r["species"], language),
                r["month"],
                number(r["limit"]),
                number(r["cumulative"]),
                percent(r["share"]),
                over,
                *([_days(r)] if special else []),
                band,
                percent(r["probability"]),
            ]
        )
    heads = [
        head("facility", language, width=16),
        head("outlet", language, width=9),
        head("species", language, width=9),
        head("month", language, width=9),
        *(
            head(name, language, numeric=True)
            for name in ("limit", "cumulative", "share", "over", "special", "forecast", "probability")
            if special or name != "special"
        ),
    ]
    caption = say(ROOM, "permit.caption", language, shown=len(rows), count=last.height)
    return TableBlock(caption, heads, rows, wide=True)


def _days(row: dict[str, Any]) -> str:
    """Return the days above a special limit, with those that were judged."""
    if not row["days_special"]:
        return "–"
    return f"{number(row['days_special_over'])} ({number(row['days_special'])})"
