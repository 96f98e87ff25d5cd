"""Curves of indicators: what was observed, the target, and the forecast of its year."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.reference.unit.spoken import spoken
from tongyuan.report import chart
from tongyuan.report.base.block import ChartBlock
from tongyuan.report.programme.words import Row, record, title

CURVES = 4


def curve(row: Row, observations: pl.DataFrame, language: Language) -> ChartBlock | None:
    """Return the observed series of a target's indicator with the target and the forecast of its year."""
    mine = observations.filter(
        (pl.col("indicator") == row["indicator"])
        & (pl.col("region") == row["region"])
        & pl.col("comparable").fill_null(True)
        & pl.col("period").str.contains(r"^\d{4}$")
        & (pl.col("status").fill_null("") != "unverified")
    ).sort("period")
    if mine.height < 3:
        return None
    words = {
        k: say("report.programme", f"programme.series_{k}", language)
        for k in ("observed", "target", "forecast")
    }
    seen = {
        int(period): value if value is not None else (low + high) / 2
        for period, value, low, high in mine.select("period", "value", "lower", "upper").iter_rows()
    }
    year = int(str(row["year"]))
    span = range(min(*seen, year), max(*seen, year) + 1)
    rows: list[tuple[str, str, float | None]]
    rows = [(str(y), words["target"], float(str(row["value"]))) for y in span]
    if isinstance(row["forecast"], float):
        rows.append((str(max(seen)), words["forecast"], seen[max(seen)]))
        rows.append((str(year), words["forecast"], row["forecast"]))
    rows += [(str(y), words["observed"], seen.get(y)) for y in span]
    most = max((abs(value) for *_, value in rows if value is not None), default=0.0)
    size, unit = spoken(most, str(row["unit"] or ""), language)
    rows = [(x, series, None if value is None else value * size) for x, series, value in rows]
    tidy = pl.DataFrame(rows, schema={"x": pl.String, "series": pl.String, "value": pl.Float64}, orient="row")
    colours = dict(zip(words.values(), ("#3b5b92", "#b5432f", "#e09f3e"), strict=True))
    option = chart.lines(tidy, "x", "value", "series", unit=unit, colours=colours)
    for one in option["series"]:
        watched = one["name"] == words["observed"]
        one["connectNulls"] = not watched
        one["symbolSize"] = 8 if watched else 0 if one["name"] == words["target"] else 6
        if not watched:
            one["lineStyle"]["type"] = "dashed"
    name = title(row, language)
    return ChartBlock(
        say("report.programme", "programme.curve", language, title=name, year=year),
        option,
        say("report.programme", "programme.curve_description", language, title=name, count=len(seen)),
        height=300,
        half=True,
        source=record("indicator_observation", row["indicator"], row["region"]),
    )


def curves(frame: pl.DataFrame, observations: pl.DataFrame, language: Language) -> list[ChartBlock]:
    """Return curves of the first targets that have a series, one per indicator."""
    made: list[ChartBlock] = []
    chosen = frame.filter(pl.col("value").is_not_null() & (pl.col("count") >= 3))
    for row in chosen.unique(["indicator", "region"], keep="first", maintain_order=True).iter_rows(
        named=True
    ):
        block = curve(row, observations, language)
        if block is not None:
            made.append(block)
    return made[:CURVES]
