"""The least-cost plan: how sure its targets are, and what certainty costs."""

from __future__ import annotations

from typing import Any

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, number, percent, scale
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.pathway.words import (
    PLAN,
    ROBUST,
    SMALL,
    Titles,
    currency_of,
    display,
    in_unit,
    money,
    words,
)

LEAST_KNOWN = 0.5
"""Share of an emission whose factors must have limits before a probability is shown."""

MARKED = 0.01
"""Changes of a measure below this share are not worth a word."""


def certain_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return the probability of every target, the price of certainty and what the robust plan does more."""
    found = rows(tables, "target_probability")
    if found.is_empty():
        return []
    blocks: list[Block] = [
        Heading(words("certain_title", language), 2),
        Paragraph(words("certain_intro", language)),
        _probability(found, titles, language),
    ]
    if has(tables, "certainty"):
        blocks += _price(tables, titles, language)
    elif float(found["known"].max()) < LEAST_KNOWN:  # type: ignore[arg-type]
        blocks.append(Note(words("certain_unknown", language), "warning"))
    return blocks


def _probability(found: pl.DataFrame, titles: Titles, language: Language) -> TableBlock:
    after = {(r["target"], r["year"]): r for r in found.filter(pl.col("scenario") == ROBUST).to_dicts()}
    lines = []
    for row in found.filter(pl.col("scenario") == PLAN).to_dicts():
        sure = after.get((row["target"], row["year"]))
        known = row["known"] >= LEAST_KNOWN
        unit = str(row["unit"] or "t")
        lines.append(
            [
                titles.target.get(row["target"], row["target"]), str(row["year"] or MISSING),
                in_unit(row["bound"], unit, language), in_unit(row["median"], unit, language),
                probable(row["probability"]) if known else words("certain_open", language),
                MISSING if sure is None
                else probable(sure["probability"]) if known else words("certain_open", language),
                percent(row["known"]),
            ]
        )  # fmt: skip
    heads = tuple(
        Column(words(k, language), numeric=k not in ("target", "year"))
        for k in ("target", "year", "bound", "certain_reached", "certain_plan", "certain_robust")
    )
    heads += (Column(words("certain_known", language), numeric=True),)
    return TableBlock(
        words("certain_caption", language), heads, lines, note=words("certain_note", language), wide=True
    )


def probable(value: float) -> str:
    """Return a probability as a percentage that never claims certainty from a finite number of draws."""
    return ">99%" if value > 0.99 else "<1%" if value < 0.01 else f"{100 * value:.0f}%"


def _price(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    levels = rows(tables, "certainty").to_dicts()
    currency = currency_of(tables)
    start, priced = levels[0], [r for r in levels[1:] if r["status"] == "reached"]
    blocks: list[Block] = []
    if priced:
        best = priced[-1]
        sentence = words(
            "certain_price", language, level=f"{100 * best['level']:g}%",
            extra=money(best["extra"], currency, language), share=percent(best["extra"] / start["cost"], 2),
            before=probable(start["together"]), after=probable(best["together"]),
        )  # fmt: skip
        blocks.append(Note(sentence + _how_near(best, currency, language)))
        more = _more(tables, titles, language)
        if more:
            blocks.append(Paragraph(more))
    for row in levels[1:]:
        if row["status"] != "reached":
            level = f"{100 * row['level']:g}%"
            blocks.append(Note(words(f"certain_{row['status']}", language, level=level), "warning"))
    if priced:
        blocks.append(_curve([start, *priced], currency, language))
    return blocks


def _how_near(best: dict[str, Any], currency: str, language: Language) -> str:
    """Return what another plan as safe could save at most, and why a plan is safer than asked."""
    space = "" if language == "zh" else " "
    if best["reason"] == "enough":
        return space + words("certain_enough", language, level=f"{100 * best['level']:g}%")
    said = space + words("certain_saving", language, saving=money(best["saving"], currency, language))
    return said if best["reason"] == "near" else said + space + words("certain_loose", language)


def _curve(levels: list[dict[str, float]], currency: str, language: Language) -> ChartBlock:
    unit = scale([r["extra"] for r in levels], currency, language)
    names = [words("certain_ignored", language), *(f"{100 * r['level']:g}%" for r in levels[1:])]
    tidy = pl.DataFrame({"name": names, "value": [unit.of(r["extra"]) for r in levels]})
    lines = [
        [name, number(unit.of(r["extra"])), probable(r["lowest"]), probable(r["together"])]
        for name, r in zip(names, levels, strict=True)
    ]
    heads = (
        Column(words("certain_level", language)),
        Column(words("certain_extra", language, unit=unit.unit), numeric=True),
        Column(words("certain_lowest", language), numeric=True),
        Column(words("certain_together", language), numeric=True),
    )
    caption = words("certain_curve_caption", language)
    return ChartBlock(
        caption, chart.bars(tidy, "name", "value", unit=unit.unit), words("certain_curve", language),
        height=300, note=words("certain_curve_note", language), table=TableBlock(caption, heads, lines),
    )  # fmt: skip


def _more(tables: Tables, titles: Titles, language: Language) -> str:
    """Return what the robust plan does otherwise in its last year, in words."""
    used = rows(tables, "plan_measure")
    held = {(r["scenario"], r["measure"], r["unit"], r["year"]): r["value"] for r in used.to_dicts()}
    order = rows(tables, "measure").select("measure").unique(maintain_order=True)
    pairs = used.select("measure", "unit").unique(maintain_order=True)
    said = []
    for name, of in order.join(pairs, on="measure", maintain_order="left_right").iter_rows():
        for year in sorted(set(used["year"]), reverse=True):
            before, after = held.get((PLAN, name, of, year), 0.0), held.get((ROBUST, name, of, year), 0.0)
            if abs(after - before) > max(MARKED * max(abs(before), abs(after)), SMALL):
                factor, unit = display(of or "", [before, after], language)
                said.append(
                    words(
                        "certain_change", language, measure=titles.measure.get(name, name), year=year,
                        before=number(before / factor), after=number(after / factor), unit=unit,
                    )
                )  # fmt: skip
                break
    joint = "；" if language == "zh" else "; "
    return words("certain_more", language, changes=joint.join(said)) if said else ""
