"""The least-cost plan: pathway, emissions against targets, who changes what, prices, curves, assumptions."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.lookup import choice_title
from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.block import Block, ChartBlock, Column, Heading, Note, Paragraph, Section, TableBlock
from tongyuan.report.format import MISSING, number, scale
from tongyuan.report.label import symbol
from tongyuan.report.plan_pathway import coverage, emission_chart, pathway_charts
from tongyuan.report.plan_price import cost_chart, dividend_blocks, measure_table, price_blocks
from tongyuan.report.plan_words import (
    Titles,
    currency_of,
    money,
    words,
)
from tongyuan.report.totals import Tables, has, rows


def quadrant(pollution: float, carbon: float, found: str, language: Language) -> str:
    """Return where a measure lies in words, told apart where it leaves pollution or carbon as it is."""
    if carbon == 0.0 and pollution > 0.0:
        return words("clean_only", language)
    if pollution == 0.0 and carbon > 0.0:
        return words("carbon_only", language)
    return choice_title(found, language)


def coordinate_chart(tables: Tables, titles: Titles, language: Language) -> ChartBlock | None:
    """Return the co-control coordinates of the measures that change anything."""
    known = rows(tables, "coordinate").filter(pl.col("quadrant") != "no_effect")
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
    """Return the expert curve of carbon and the system curve."""
    curve = rows(tables, "macc").filter(pl.col("quantity") == "CO2e")
    currency = currency_of(tables)
    price_unit = words("price_unit", language, currency=scale([1.0], currency, language).unit)
    made = []
    for kind in ("expert", "system"):
        part = curve.filter(pl.col("kind") == kind)
        if part.is_empty():
            continue
        unit = scale(part["cumulative"].to_list(), "t", language)
        found = part.to_dicts()
        names = [titles.measure.get(r["step"], r["step"]) for r in found]
        lines = [
            [n, number(unit.of(r["abatement"])), number(unit.of(r["cumulative"])), number(r["marginal_cost"])]
            for n, r in zip(names, found, strict=True)
        ]
        heads = (
            Column(words("measure" if kind == "expert" else "step", language)),
            Column(words("abatement", language, unit=unit.unit), numeric=True),
            Column(words("cumulative", language, unit=unit.unit), numeric=True),
            Column(words("marginal", language, unit=price_unit), numeric=True),
        )
        caption = words(f"macc_{kind}_caption", language)
        if kind == "expert":
            tidy = pl.DataFrame({"name": names, "value": [r["marginal_cost"] for r in found]})
            option = chart.bars(tidy, "name", "value", unit=price_unit, horizontal=True)
        else:
            tidy = pl.DataFrame(
                {
                    "name": [number(unit.of(r["cumulative"]), 3) for r in found],
                    "value": [r["marginal_cost"] for r in found],
                }
            )
            option = chart.lines(tidy, "name", "value", unit=price_unit)
        made.append(
            ChartBlock(
                caption, option, words(f"macc_{kind}_description", language, unit=unit.unit), height=300,
                note=words(f"macc_{kind}_note", language, unit=unit.unit),
                table=TableBlock(caption, heads, lines), half=True,
            )
        )  # fmt: skip
    return made


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
        note=words("front_note", language),
        table=TableBlock(caption, heads, lines),
    )


def conflict_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the sentences on conflicting targets, or that there are none."""
    blocks: list[Block] = [Heading(words("conflict_title", language), 2)]
    found = rows(tables, "conflict")
    if found.is_empty():
        return [*blocks, Paragraph(words("no_conflict", language, count=rows(tables, "target").height))]
    said = found[f"sentence_{language}"].drop_nulls().unique(maintain_order=True)
    return [*blocks, *(Note(sentence, "warning") for sentence in said if sentence)]


def note_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return assumptions, targets left out, and what is missing."""
    notes = rows(tables, "plan_note")
    if notes.is_empty():
        return []
    blocks: list[Block] = [Heading(words("note_title", language), 2)]
    for kind in ("assumption", "not_carried", "missing"):
        part = notes.filter(pl.col("kind") == kind)
        if part.height:
            heads = (Column(words(f"note_{kind}", language)), Column(words("source", language), quoted=True))
            lines = [[r[f"sentence_{language}"], r["source"] or MISSING] for r in part.to_dicts()]
            blocks.append(TableBlock(words(f"note_{kind}", language), heads, lines))
    return blocks


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, or None without a plan."""
    if not has(tables, "plan_activity") and not has(tables, "conflict"):
        return None
    titles = Titles(tables, language)
    title = words("title", language)
    if not has(tables, "shadow_price"):
        blocks = [*conflict_blocks(tables, language), *note_blocks(tables, language)]
        return Section("plan", title, tuple(blocks))
    intro = " ".join(s for s in (words("intro", language), coverage(tables, language)) if s)
    parts: list[Block | None] = [
        Paragraph(intro),
        *dividend_blocks(tables, language),
        Heading(words("pathway_title", language), 2),
        *pathway_charts(tables, titles, language),
        Heading(words("emission_title", language), 2),
        emission_chart(tables, language),
        *price_blocks(tables, titles, language),
        Heading(words("measure_title", language), 2),
        measure_table(tables, titles, language),
        cost_chart(tables, language),
        Heading(words("curve_title", language), 2),
        coordinate_chart(tables, titles, language),
        *macc_charts(tables, titles, language),
        front_chart(tables, language),
        *conflict_blocks(tables, language),
        *note_blocks(tables, language),
    ]
    return Section("plan", title, tuple(b for b in parts if b is not None))
