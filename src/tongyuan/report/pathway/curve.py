"""The least-cost plan: co-control coordinates, marginal abatement cost and the front."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import ChartBlock, Column, TableBlock
from tongyuan.report.base.format import number, scale
from tongyuan.report.base.label import symbol
from tongyuan.report.base.totals import Tables, rows
from tongyuan.report.pathway.words import ROBUST, Titles, currency_of, money, words


def quadrant(pollution: float, carbon: float, found: str, language: Language) -> str:
    """Return where a measure lies in words, told apart where it leaves pollution or carbon as it is."""
    if carbon == 0.0 and pollution > 0.0:
        return words("clean_only", language)
    if pollution == 0.0 and carbon > 0.0:
        return words("carbon_only", language)
    return choice_title(found, language)


def coordinate_chart(tables: Tables, titles: Titles, language: Language) -> ChartBlock | None:
    """Return the co-control coordinates of the measures that change anything."""
    used = rows(tables, "plan_measure").filter(pl.col("scenario") != ROBUST)
    sums = used.group_by("measure", "unit").agg(pl.col("change").sum())
    more = sums.filter(pl.col("change") > 0.0)["measure"].unique()
    known = rows(tables, "coordinate").filter(
        (pl.col("quadrant") != "no_effect") & pl.col("measure").is_in(more.implode())
    )
    if known.is_empty():
        return None
    across = scale(known["pollution"].to_list(), "pollutant_equivalent", language)
    up = scale(known["carbon"].to_list(), "t", language)
    currency = currency_of(tables)
    found = known.to_dicts()
    tidy = pl.DataFrame(
        [
            (
                across.of(r["pollution"]), up.of(r["carbon"]),
                titles.measure.get(r["measure"], r["measure"]),
                quadrant(r["pollution"], r["carbon"], r["quadrant"], language),
            )
            for r in found
        ],
        schema={"x": pl.Float64, "y": pl.Float64, "label": pl.String, "quadrant": pl.String},
        orient="row",
    )  # fmt: skip
    heads = (
        Column(words("measure", language)),
        Column(words("coordinate_x", language, unit=across.unit), numeric=True),
        Column(words("coordinate_y", language, unit=up.unit), numeric=True),
        Column(words("cost", language), numeric=True),
        Column(words("quadrant", language)),
    )
    lines = [
        [
            titles.measure.get(r["measure"], r["measure"]), number(across.of(r["pollution"])),
            number(up.of(r["carbon"])), money(r["cost"], currency, language),
            quadrant(r["pollution"], r["carbon"], r["quadrant"], language),
        ]
        for r in found
    ]  # fmt: skip
    caption = words("coordinate_caption", language)
    return ChartBlock(
        caption,
        chart.points(
            tidy, "x", "y", "label", x_title=words("coordinate_x", language, unit=across.unit),
            y_title=words("coordinate_y", language, unit=up.unit), series="quadrant",
        ),
        words("coordinate_description", language, count=tidy.height),
        note=words("coordinate_note", language),
        table=TableBlock(caption, heads, lines),
    )  # fmt: skip


def macc_charts(tables: Tables, titles: Titles, language: Language) -> list[ChartBlock]:
    """Return the expert curves of carbon and pollution equivalents, and the system curve of carbon."""
    curve = rows(tables, "macc")
    made = []
    for (kind, quantity), part in curve.group_by("kind", "quantity", maintain_order=True):
        made.append(_macc(part, str(kind), str(quantity), currency_of(tables), titles, language))
    return made


def _macc(
    part: pl.DataFrame, kind: str, quantity: str, currency: str, titles: Titles, language: Language
) -> ChartBlock:
    pollution = quantity == "pollution_equivalent"
    unit = scale(part["cumulative"].to_list(), "pollutant_equivalent" if pollution else "t", language)
    money_unit = scale([1.0], currency, language).unit
    price_unit = words("price_equivalent" if pollution else "price_unit", language, currency=money_unit)
    name = words("equivalent", language) if pollution else symbol(quantity, language)
    found = part.to_dicts()
    steps = [titles.measure.get(r["step"], r["step"]) for r in found]
    lines = [
        [n, number(unit.of(r["abatement"])), number(unit.of(r["cumulative"])), number(r["marginal_cost"])]
        for n, r in zip(steps, found, strict=True)
    ]
    heads = (
        Column(words("measure" if kind == "expert" else "step", language)),
        Column(words("abatement", language, unit=unit.unit), numeric=True),
        Column(words("cumulative", language, unit=unit.unit), numeric=True),
        Column(words("marginal", language, unit=price_unit), numeric=True),
    )
    caption = words(f"macc_{kind}_caption", language, quantity=name)
    tidy = pl.DataFrame(
        {
            "name": steps if kind == "expert" else [""] * len(steps),
            "width": [unit.of(r["abatement"]) for r in found],
            "height": [r["marginal_cost"] for r in found],
        }
    )
    option = chart.cost_curve(
        tidy, "name", "width", "height",
        x_title=words(f"macc_{kind}_x", language, unit=unit.unit), y_title=price_unit,
    )  # fmt: skip
    return ChartBlock(
        caption, option, words(f"macc_{kind}_description", language, quantity=name), height=320,
        note=words(f"macc_{kind}_note", language), table=TableBlock(caption, heads, lines), half=True,
    )  # fmt: skip


def front_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return the front of cost against carbon."""
    front = rows(tables, "front").filter(pl.col("value").is_not_null())
    if front.is_empty():
        return None
    held = {(p, o): v for p, o, v in front.select("point", "objective", "value").iter_rows()}
    points = sorted(set(front["point"]))
    other = next(o for o in front["objective"].unique(maintain_order=True) if o != "cost")
    currency = currency_of(tables)
    start = held[(points[0], "cost")]
    extra = [held[(p, "cost")] - start for p in points]
    carbon = [held[(p, other)] for p in points]
    up, across = scale(extra, currency, language), scale(carbon, "t", language)
    tidy = pl.DataFrame(
        {
            "x": [across.of(c) for c in carbon], "y": [up.of(e) for e in extra],
            "label": [str(p) for p in points],
        }
    )  # fmt: skip
    titles = (
        words("front_x", language, species=symbol(other, language), unit=across.unit),
        words("front_y", language, unit=up.unit),
    )
    lines = [
        [str(p), number(across.of(c)), number(up.of(e))]
        for p, c, e in zip(points, carbon, extra, strict=True)
    ]
    heads = (Column(words("front_point", language)), *(Column(t, numeric=True) for t in titles))
    caption = words("front_caption", language)
    return ChartBlock(
        caption,
        chart.points(tidy, "x", "y", "label", x_title=titles[0], y_title=titles[1]),
        words("front_description", language, count=len(points)),
        height=320,
        note=words("front_note", language),
        table=TableBlock(caption, heads, lines),
        half=True,
    )
