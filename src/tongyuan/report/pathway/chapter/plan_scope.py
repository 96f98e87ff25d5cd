"""What the plan can change, how it stands beside published figures, and what it does not offer."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Paragraph, Section, TableBlock
from tongyuan.report.base.format import MISSING, number, percent, scale
from tongyuan.report.base.label import citation, species_order, symbol
from tongyuan.report.base.totals import Tables, has, rows
from tongyuan.report.pathway.words import Titles, display, words

ORDER = 220
PARTS = ("changeable", "constant", "outside")
COLOURS = ("#2f7d5b", "#b0b7bf", "#c8553d")
NAMED = 5
"""Names told of what is not offered for one reason; the table holds all."""


def coverage_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return the share of every species that the plan can change, holds constant and leaves out."""
    found = rows(tables, "plan_coverage")
    if found.is_empty():
        return None
    held = sorted(found.to_dicts(), key=lambda r: species_order(r["species"]))
    titles = [words(f"scope_{part}", language) for part in PARTS]
    tidy = pl.DataFrame(
        [
            (symbol(r["species"], language), title, 100.0 * r[part])
            for r in held
            for part, title in zip(PARTS, titles, strict=True)
        ],
        schema=["name", "part", "value"],
        orient="row",
    )
    cells = []
    for r in held:
        unit = scale([r["value"]], r["unit"], language)
        cells.append(
            [
                symbol(r["species"], language), number(unit.of(r["value"])), unit.unit,
                *(percent(r[part]) for part in PARTS),
            ]
        )  # fmt: skip
    heads = (
        Column(words("species", language)), Column(words("scope_inventory", language), numeric=True),
        Column(words("unit", language)), *(Column(title, numeric=True) for title in titles),
    )  # fmt: skip
    caption = words("scope_caption", language)
    much = [symbol(r["species"], language) for r in held if r["changeable"] >= 0.8]
    option = chart.bars(
        tidy, "name", "value", "part", unit="%", horizontal=True, stack=True, maximum=100.0,
        colours=dict(zip(titles, COLOURS, strict=True)),
    )  # fmt: skip
    said = words(
        "scope_description", language, count=len(held), much=", ".join(much) or MISSING,
        many=len(much),
    )  # fmt: skip
    table = TableBlock(caption, heads, cells)
    return ChartBlock(caption, option, said, height=120 + 26 * len(held), table=table)


def plausible_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return the figures of the plan beside published ones and cited bands."""
    found = rows(tables, "plan_plausible")
    if found.is_empty():
        return []
    cells = []
    for r in found.to_dicts():
        factor, unit = display(r["unit"] or "", [r["value"]], language)
        band = MISSING
        if r["lower"] is not None and r["upper"] is not None:
            band = f"{number(r['lower'] / factor)}–{number(r['upper'] / factor)}"
        cells.append(
            [
                r[f"sentence_{language}"],
                titles.technology.get(r["subject"]) or titles.flow.get(r["subject"]) or MISSING,
                str(r["year"] or MISSING), number(r["value"] / factor), band, unit,
                words(f"scope_{r['verdict']}", language),
                "; ".join(citation(s) for s in r["source"]) if r["source"] else MISSING,
            ]
        )  # fmt: skip
    heads = (
        Column(words("scope_finding", language)), Column(words("scope_subject", language)),
        Column(words("scope_year", language)), Column(words("scope_value", language), numeric=True),
        Column(words("scope_band", language), numeric=True), Column(words("unit", language)),
        Column(words("scope_verdict", language)), Column(words("source", language), quoted=True),
    )  # fmt: skip
    inside = found.filter(pl.col("verdict") == "within").height
    said = words("scope_plausible_intro", language, count=found.height, inside=inside)
    table = TableBlock(words("scope_plausible_title", language), heads, cells, wide=True)
    return [Heading(words("scope_plausible_title", language), 2), Paragraph(said), table]


def not_offered_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return how many technologies and devices are not offered, for which reasons, with the first of each."""
    found = rows(tables, "not_offered")
    if found.is_empty():
        return []
    cells = []
    counted = found.group_by("reason").agg(pl.len(), pl.col(f"title_{language}").unique(maintain_order=True))
    for reason, count, names in counted.sort("len", "reason", descending=[True, False]).iter_rows():
        first = [name for name in names if name][:NAMED]
        cells.append([words(f"scope_reason_{reason}", language), str(count), "；".join(first)
                      if language == "zh" else "; ".join(first)])  # fmt: skip
    heads = (
        Column(words("scope_reason", language)), Column(words("scope_count", language), numeric=True),
        Column(words("scope_examples", language)),
    )  # fmt: skip
    title = words("scope_left_title", language)
    said = words("scope_left_intro", language, count=found.height)
    return [Heading(title, 2), Paragraph(said), TableBlock(title, heads, cells)]


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, or None where nothing is known of the scope of a plan."""
    if not has(tables, "plan_coverage"):
        return None
    drawn = coverage_chart(tables, language)
    origin = rows(tables, "plan_origin")
    drafted = origin.height > 0
    intro = words("scope_intro_drafted" if drafted else "scope_intro", language, rows=origin.height)
    blocks: list[Block] = [Paragraph(intro), *([drawn] if drawn is not None else [])]
    blocks += [
        *plausible_blocks(tables, Titles(tables, language), language),
        *not_offered_blocks(tables, language),
    ]
    return Section("plan_scope", words("scope_title", language), tuple(blocks), shown=1)
