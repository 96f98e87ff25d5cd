"""The score in the chapter on synergy: total and criteria, indicators, what is missing, what moved it."""

from __future__ import annotations

from functools import partial
from typing import Any

import polars as pl

from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Heading, Note, Paragraph
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.chart.radar import LEAST_AXES
from tongyuan.report.synergy.index import (
    INDICATOR,
    Index,
    indicator_table,
    missing_table,
    rank_table,
    region_title,
    score_table,
)

LOW_COVERAGE = 0.6
"""Share of the weight below which a score is called a description of what is known, not a verdict."""

MOST_OUTLINES = 6


def _totals(tables: Tables) -> pl.DataFrame:
    return rows(tables, "score").filter((pl.col("level") == "index") & pl.col("score").is_not_null())


def _span(low: float | None, high: float | None, language: Language) -> str:
    if low is None or high is None:
        return say("report.synergy", "score.no_interval", language)
    return say(
        "report.synergy", "score.interval", language, low=number(low, places=2), high=number(high, places=2)
    )


def headline(tables: Tables, index: Index, language: Language) -> Paragraph:
    """Return in words what was scored, the score of the last year, and how it compares with the base year."""
    last = _totals(tables).sort("year").filter(pl.col("year") == pl.col("year").max())
    best = last.sort("score", descending=True).row(0, named=True)
    many = last["region"].n_unique() > 1
    told = say(
        "report.synergy",
        "score.best" if many else "score.headline",
        language,
        index=index.title("index", index.id),
        region=region_title(best["region"], language),
        year=best["year"],
        count=last.height,
        score=number(best["score"], places=2),
        span=_span(best["lower"], best["upper"], language),
        coverage=percent(best["coverage"], 2),
    )
    stable = rows(tables, "score_stability").filter(pl.col("change").is_not_null())
    moved = stable.filter(pl.col("year") == best["year"]) if stable.height else stable
    if moved.height and not many:
        told += say("report.synergy", "score.changed", language, **_change_words(moved.row(0, named=True)))
    elif moved.height:
        sure = moved.filter((pl.col("lower") > 0) | (pl.col("upper") < 0)).height
        first = moved["base_year"].min()
        told += say("report.synergy", "score.changed_many", language, first=first, last=best["year"],
            count=moved.height, sure=sure, shared=percent(max(moved["shared"].to_list()), 2),
        )  # fmt: skip
    return Paragraph(told)


def _change_words(row: dict[str, Any]) -> dict[str, Any]:
    sign = partial(number, places=2)
    plus = "+" if row["change"] > 0 else ""
    return {
        "first": row["base_year"],
        "last": row["year"],
        "shared": percent(row["shared"], 2),
        "before": sign(row["before"]),
        "after": sign(row["after"]),
        "change": plus + sign(row["change"]),
        "low": ("+" if row["lower"] > 0 else "") + sign(row["lower"]),
        "high": ("+" if row["upper"] > 0 else "") + sign(row["upper"]),
        "rise": percent(row["rise"], 2),
        "weight_low": sign(row["weight_lower"]),
        "weight_high": sign(row["weight_upper"]),
    }


def cautions(tables: Tables, index: Index, language: Language) -> list[Block]:
    """Return what a reader must know first: whose index it is, how far the data reach, how to read that."""
    found: list[Block] = []
    if index.status == "proposal" or not index.status:
        found.append(Note(say("report.synergy", "figure.proposal", language), "warning"))
    totals = _totals(tables)
    low = totals.filter(pl.col("coverage") < LOW_COVERAGE)
    if low.height:
        worst, most = percent(min(low["coverage"].to_list()), 2), percent(LOW_COVERAGE, 2)
        words = {"count": low.height, "total": totals.height, "worst": worst, "most": most}
        found.append(Note(say("report.synergy", "score.low_coverage", language, **words), "warning"))
    found.append(Note(say("report.synergy", "score.reading", language)))
    return found


def score_chart(tables: Tables, index: Index, language: Language) -> ChartBlock:
    """Return total and criteria of every year with their intervals; with many regions, their last totals."""
    frame = rows(tables, "score").filter(pl.col("score").is_not_null())
    many = frame["region"].n_unique() > 1
    if many:
        frame = frame.filter((pl.col("level") == "index") & (pl.col("year") == pl.col("year").max()))
        frame = frame.sort("score", descending=True)
        names = [region_title(r, language) for r in frame["region"]]
    else:
        order = {row["node"]: place for place, row in enumerate(index.rows)}
        place = pl.col("node").replace_strict(order, default=len(order), return_dtype=pl.Int64)
        frame = frame.sort(place, "year")
        whole = say("report.synergy", "score.total", language)
        names = [
            f"{whole if level == 'index' else index.title(level, node)} {year}"
            for level, node, year in frame.select("level", "node", "year").iter_rows()
        ]
    tidy = frame.select("lower", "score", "upper").with_columns(pl.Series("name", names, dtype=pl.String))
    option = chart.spans(
        tidy, "name", "lower", "score", "upper",
        unit=say("report.synergy", "score.axis", language),
        names=(say("report.synergy", "score.span", language), say("report.synergy", "score.value", language)),
        maximum=1.0,
    )  # fmt: skip
    key = "score.chart_many" if many else "score.chart"
    return ChartBlock(
        say("report.synergy", key, language, year=frame["year"].max()),
        option,
        say("report.synergy", "score.chart_description", language, count=tidy.height),
        height=110 + 24 * tidy.height,
        table=score_table(tables, index, language),
    )


def rank_chart(tables: Tables, index: Index, language: Language) -> ChartBlock | None:
    """Return the rank bands of the last year, None without any."""
    if not has(tables, "rank_band"):
        return None
    frame = rows(tables, "rank_band").filter(pl.col("year") == pl.col("year").max()).sort("rank", "median")
    tidy = frame.select(
        pl.col("region")
        .map_elements(lambda r: region_title(r, language), return_dtype=pl.String)
        .alias("name"),
        pl.col("lower").cast(pl.Float64) - 0.4,
        pl.col("median").cast(pl.Float64),
        pl.col("upper").cast(pl.Float64) + 0.4,
    )
    option = chart.spans(
        tidy, "name", "lower", "median", "upper",
        unit=say("report.synergy", "score.rank_axis", language),
        names=(
            say("report.synergy", "score.rank_span", language),
            say("report.synergy", "score.rank_median", language),
        ),
        maximum=float(frame.height + 1),
    )  # fmt: skip
    joint = "、" if language == "zh" else ", "
    words = joint.join(index.title(INDICATOR, n) for n in frame["indicators"][0])
    return ChartBlock(
        say("report.synergy", "score.rank_chart", language, year=frame["year"][0]),
        option,
        say("report.synergy", "score.rank_description", language, count=frame.height),
        height=110 + 24 * frame.height,
        note=say("report.synergy", "score.rank_note", language, names=words, draws=f"{frame['draws'][0]:,}"),
        table=rank_table(rows(tables, "rank_band"), language),
    )


def radar_chart(tables: Tables, index: Index, language: Language) -> ChartBlock | None:
    """Return the indicators known in every year (or every region of the last year) on a radar.

    None where fewer than three are known everywhere: an axis without a figure would read as zero.
    """
    frame = rows(tables, "score_influence").filter(pl.col("normalised").is_not_null())
    totals = _totals(tables)
    many = totals["region"].n_unique() > 1
    if many:
        frame = frame.filter(pl.col("year") == totals["year"].max())
        totals = totals.filter(pl.col("year") == totals["year"].max())
    outlines = totals.height
    known = frame.group_by("indicator").len().filter(pl.col("len") == outlines)["indicator"].to_list()
    if len(known) < LEAST_AXES or not 1 < outlines <= MOST_OUTLINES:
        return None
    order = [row["node"] for row in index.indicators() if row["node"] in known]
    place = {name: k for k, name in enumerate(order)}
    part = frame.filter(pl.col("indicator").is_in(order)).sort(
        "year", "region", pl.col("indicator").replace_strict(place, return_dtype=pl.Int64)
    )
    tidy = part.select(
        pl.col("indicator")
        .map_elements(lambda n: index.title(INDICATOR, n), return_dtype=pl.String)
        .alias("axis"),
        pl.col("normalised").alias("value"),
        (
            pl.col("region").map_elements(lambda r: region_title(r, language), return_dtype=pl.String)
            if many
            else pl.col("year").cast(pl.String)
        ).alias("series"),
    )
    return ChartBlock(
        say("report.synergy", "score.radar", language),
        chart.radar(tidy, "axis", "value", "series"),
        say("report.synergy", "score.radar_description", language, count=len(order)),
        height=430,
        note=say("report.synergy", "score.radar_note", language, left=len(index.indicators()) - len(order)),
        table=indicator_table(tables, index, language),
    )


def mover_chart(tables: Tables, index: Index, language: Language) -> ChartBlock | None:
    """Return how the indicators known in both years carried the score from the base year to the last."""
    stable = rows(tables, "score_stability").filter(pl.col("change").is_not_null())
    if stable.is_empty() or _totals(tables)["region"].n_unique() > 1:
        return None
    row = stable.sort("year").row(-1, named=True)
    moved = rows(tables, "score_influence").filter(
        (pl.col("year") == row["year"]) & pl.col("change").is_not_null()
    )
    steps = [
        (index.title(INDICATOR, n), v / row["shared"])
        for n, v in moved.select("indicator", "change").iter_rows()
    ]
    if not steps or abs(sum(v for _, v in steps) - row["change"]) > 1e-9:
        return None
    steps.sort(key=lambda pair: -abs(pair[1]))
    tidy = pl.DataFrame(steps, schema=["name", "step"], orient="row")
    option = chart.waterfall(
        tidy, "name", "step",
        unit=say("report.synergy", "score.axis", language),
        start=(str(row["base_year"]), row["before"]),
        end=(str(row["year"]), row["after"]),
        more_is_better=True,
    )  # fmt: skip
    name, step = steps[0]
    return ChartBlock(
        say("report.synergy", "score.mover", language, first=row["base_year"], last=row["year"]),
        option,
        say("report.synergy", "score.mover_description", language, name=name),
        height=360,
        note=say("report.synergy", "score.mover_note", language, name=name, sign="+" if step > 0 else "",
            step=number(step, places=2), rest=_rest(tables, index, row["year"], language),
        ),
    )  # fmt: skip


def _rest(tables: Tables, index: Index, year: int, language: Language) -> str:
    """Return which indicator has most room, and whose uncertainty weighs most."""
    now = rows(tables, "score_influence").filter(pl.col("year") == year)
    room = now.filter(pl.col("potential").is_not_null()).sort("potential", descending=True)
    told = ""
    if room.height:
        row = room.row(0, named=True)
        told = say("report.synergy", "score.room", language,
            name=index.title(INDICATOR, row["indicator"]), potential=number(row["potential"], places=2),
        )  # fmt: skip
    unsure = now.filter(pl.col("variance_share") > 0).sort("variance_share", descending=True)
    if unsure.height:
        row = unsure.row(0, named=True)
        told += say("report.synergy", "score.unsure", language,
            name=index.title(INDICATOR, row["indicator"]), share=percent(row["variance_share"], 2),
        )  # fmt: skip
    return told


def score_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return everything the chapter says of the score; empty without a score."""
    if _totals(tables).is_empty():
        return []
    index = Index(tables, language)
    drawn = (
        score_chart(tables, index, language),
        rank_chart(tables, index, language),
        radar_chart(tables, index, language),
        mover_chart(tables, index, language),
    )
    blocks: list[Block] = [
        Heading(say("report.synergy", "score.heading", language), 2),
        headline(tables, index, language),
        *cautions(tables, index, language),
    ]
    blocks += [one for one in drawn if one is not None]
    if not isinstance(drawn[2], ChartBlock):
        blocks.append(indicator_table(tables, index, language))
        if has(tables, "score_influence"):
            blocks.append(Note(say("report.synergy", "score.no_radar", language)))
    missing = missing_table(tables, index, language)
    return [*blocks, missing] if missing else blocks
