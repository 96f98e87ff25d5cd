"""The least-cost plan: who contributed what, and which measures are a must or a choice."""

from __future__ import annotations

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Paragraph, TableBlock
from tongyuan.report.base.format import number, scale
from tongyuan.report.base.label import symbol
from tongyuan.report.base.totals import Tables, region_of, rows
from tongyuan.report.pathway.words import Titles, currency_of, display, words
from tongyuan.report.programme.words import department

REST = "remainder"
SHOWN = ("CO2e", "pollution_equivalent", "total")
"""Quantities of the chapter; the effect on single species stands on the first page."""
NOTHING = 1e-3
"""Contributions below this share of the largest are none."""


def _title(quantity: str, language: Language) -> str:
    if quantity == "total":
        return words("cost", language)
    return words("equivalent", language) if quantity == "pollution_equivalent" else symbol(quantity, language)


def credit_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return what every measure contributed to the change of carbon, pollution and cost."""
    found = rows(tables, "attribution").filter(pl.col("quantity").is_in(SHOWN))
    order = found["quantity"].unique(maintain_order=True).to_list()
    held = {(r["player"], r["quantity"]): r["value"] for r in found.to_dicts()}
    total = {q: sum(v for (_, of), v in held.items() if of == q) for q in order}
    most = {q: max(abs(v) for (_, of), v in held.items() if of == q) for q in order}
    players = [
        p
        for p in found["player"].unique(maintain_order=True)
        if any(most[q] > 0.0 and abs(held.get((p, q), 0.0)) > NOTHING * most[q] for q in order)
    ]
    if not players:
        return []
    currency = currency_of(tables)
    units = {
        q: scale(
            [held.get((p, q)) for p in players],
            currency if q == "total" else "pollutant_equivalent" if q == "pollution_equivalent" else "t",
            language,
        )
        for q in order
    }
    owner, place = (
        dict(rows(tables, "measure").select("measure", "department").iter_rows()),
        region_of(tables),
    )
    lines, tidy = [], []
    for player in players:
        name = words("credit_rest", language) if player == REST else titles.measure.get(player, player)
        cells = [name, department(owner.get(player), language, place)]
        for q in order:
            value = held.get((player, q), 0.0)
            real = abs(value) > NOTHING * most[q]
            cells.append(number(units[q].of(value)) if real else "0")
            share = 100.0 * value / total[q] if real and total[q] else 0.0
            tidy.append((name, _title(q, language), share))
        lines.append(cells)
    lines.append([words("total", language), "", *(number(units[q].of(total[q])) for q in order)])
    heads = (
        Column(words("measure", language)), Column(words("department", language)),
        *(
            Column(words("credit_change", language, quantity=_title(q, language), unit=units[q].unit),
                   numeric=True)
            for q in order
        ),
    )  # fmt: skip
    caption = words("credit_caption", language)
    frame = pl.DataFrame(tidy, schema=["name", "quantity", "value"], orient="row")
    method = set(found.filter(pl.col("player") != REST)["method"])
    return [
        Heading(words("credit_title", language), 2),
        Paragraph(words("credit_intro", language)),
        ChartBlock(
            caption,
            chart.bars(
                frame, "name", "value", "quantity", unit=words("credit_unit", language), horizontal=True
            ),
            words("credit_description", language, count=len(players)),
            height=120 + 70 * len(players),
            note=words("credit_sampled" if "sampled" in method else "credit_exact", language),
            table=TableBlock(caption, heads, lines, strong=frozenset({len(lines) - 1}), wide=True),
        ),
    ]


def choice_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return which measures every near-optimal plan needs, and how far the use of each may vary."""
    found = rows(tables, "alternative")
    if found.is_empty():
        return []
    year = int(found["year"].max())  # type: ignore[arg-type]
    part = found.filter((pl.col("year") == year) & (pl.col("verdict") != "never") & (pl.col("most") > 0.0))
    if part.is_empty():
        return []
    units = dict(rows(tables, "technology_option").select("technology", "unit").iter_rows())
    first = rows(tables, "measure").unique("measure", keep="first")
    unit_of = {m: units.get(t, "") for m, t in first.select("measure", "technology").iter_rows()}
    used = rows(tables, "plan_measure")
    counted = used.group_by("measure").agg(pl.col("unit").n_unique()) if used.height else used
    mixed = {m for m, n in counted.select("measure", "unit").iter_rows() if n > 1} if used.height else set()
    held = part.to_dicts()
    names = [titles.measure.get(r["measure"], r["measure"]) for r in held]
    joint = "、" if language == "zh" else ", "
    said = {
        verdict: joint.join(n for n, r in zip(names, held, strict=True) if r["verdict"] == verdict)
        for verdict in ("must", "choice")
    }
    slack = f"{100.0 * float(held[0]['slack']):g}%"
    sentences = [
        words(f"choice_{verdict}", language, measures=text, slack=slack, year=year)
        for verdict, text in said.items()
        if text
    ]
    tidy = pl.DataFrame(
        [
            (n, *(100.0 * r[c] / r["most"] for c in ("least", "most", "optimum")))
            for n, r in zip(names, held, strict=True)
        ],
        schema=["name", "least", "most", "optimum"],
        orient="row",
    )
    lines = []
    for name, row in zip(names, held, strict=True):
        ends = [row["least"], row["optimum"], row["most"]]
        # amounts in several units have no sum: they stand as shares of the most there can be
        several = row["measure"] in mixed
        factor, unit = (
            (ends[2] / 100.0, "%") if several else display(unit_of.get(row["measure"], ""), ends, language)
        )
        lines.append(
            [
                name, unit, *(number(v / factor if v > 1e-6 * ends[2] else 0.0) for v in ends),
                words(f"verdict_{row['verdict']}", language),
            ]
        )  # fmt: skip
    heads = (
        Column(words("measure", language)), Column(words("unit", language)),
        *(Column(words(f"choice_{c}", language), numeric=True) for c in ("least", "optimum", "most")),
        Column(words("verdict", language)),
    )  # fmt: skip
    caption = words("choice_caption", language, year=year, slack=slack)
    option = chart.spans(
        tidy, "name", "least", "optimum", "most", unit=words("choice_unit", language),
        names=(words("choice_range", language), words("choice_point", language)), maximum=100.0,
    )  # fmt: skip
    return [
        Heading(words("choice_title", language), 2),
        *(Paragraph(s) for s in sentences),
        ChartBlock(
            caption, option, words("choice_description", language, count=len(held), slack=slack),
            height=90 + 34 * len(held), note=words("choice_note", language),
            table=TableBlock(caption, heads, lines, wide=True),
        ),
    ]  # fmt: skip
