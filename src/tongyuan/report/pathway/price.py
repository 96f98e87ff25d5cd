"""The least-cost plan: synergy dividend, shadow prices, who changes what and who pays."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.reference.shelf import Language
from tongyuan.report import chart
from tongyuan.report.base.block import Block, ChartBlock, Column, Heading, Note, Paragraph, TableBlock
from tongyuan.report.base.format import MISSING, change, number, scale
from tongyuan.report.base.label import symbol
from tongyuan.report.base.totals import Tables, has, region_of, rows
from tongyuan.report.pathway.words import (
    NONE,
    PLAN,
    ROBUST,
    SHOWN,
    SMALL,
    Titles,
    currency_of,
    display,
    in_unit,
    money,
    name_of,
    unit_name,
    words,
)
from tongyuan.report.programme.words import department

FELT = 1e-3
"""Rises of a species below this share are not worth a word."""


def dividend_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return the synergy dividend in words, the four solves, and the cross-effects.

    Where targets ask for pollution alone, for carbon alone or for neither there is nothing to do together.
    """
    found = rows(tables, "dividend")
    if found.is_empty() or not {"pollution", "carbon"} <= set(rows(tables, "target")["family"]):
        return []
    currency = currency_of(tables)
    total = found.filter(pl.col("item") == "dividend").to_dicts()[0]
    value = total["cost"]
    species: list[str] = []
    if has(tables, "cross_effect"):
        worse = tables["cross_effect"].filter(
            (pl.col("verdict") == "conflicts")
            & pl.col("species").is_in(SHOWN)
            & (pl.col("change") > FELT * pl.col("baseline").abs())
        )
        species = worse["species"].unique(maintain_order=True).to_list()
    joint = "、" if language == "zh" else ", "
    rising = joint.join(symbol(s, language) for s in species) or MISSING
    status = str(total["status"])
    blocks: list[Block] = [Heading(words("dividend_title", language), 2)]
    if value is None:
        blocks.append(Note(words("dividend_infeasible", language), "warning"))
    else:
        sentence = words(
            f"dividend_{status}", language, value=money(abs(value), currency, language), species=rising
        )
        blocks.append(Note(sentence, "warning" if status == "conflict" else "note"))
    lines = [
        [
            words(f"solve_{row['item']}", language),
            money(row["cost"], currency, language),
            money(row["relative"], currency, language) if row["item"] != "none" else MISSING,
        ]
        for row in found.filter(pl.col("item") != "dividend").to_dicts()
    ]
    heads = (
        Column(words("solve", language)),
        Column(words("cost", language), numeric=True),
        Column(words("relative", language), numeric=True),
    )
    blocks.append(
        TableBlock(words("dividend_caption", language), heads, lines, note=words("dividend_note", language))
    )
    if has(tables, "cross_effect"):
        blocks.append(_cross_table(tables["cross_effect"], language))
    return blocks


def _cross_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    shown = frame.filter(pl.col("species").is_in(SHOWN))
    years = sorted(set(shown["year"]))
    held = {(r["alone"], r["species"], r["year"]): r for r in shown.to_dicts()}
    lines = []
    for alone in shown["alone"].unique(maintain_order=True):
        for species in SHOWN:
            cells = [held.get((alone, species, y)) for y in years]
            if any(c is not None for c in cells):
                lines.append(
                    [
                        words(f"solve_{alone}", language),
                        symbol(species, language),
                        *(
                            MISSING
                            if c is None
                            else words("unchanged", language)
                            if c["verdict"] == "neutral"
                            else change(c["baseline"], c["value"])
                            for c in cells
                        ),
                    ]
                )
    heads = (
        Column(words("solve", language)),
        Column(words("species", language)),
        *(Column(str(y), numeric=True) for y in years),
    )
    return TableBlock(words("cross_caption", language), heads, lines, note=words("cross_note", language))


def price_blocks(tables: Tables, titles: Titles, language: Language) -> list[Block]:
    """Return shadow prices in words and the table of every target."""
    prices = rows(tables, "shadow_price")
    if prices.is_empty():
        return []
    currency = currency_of(tables)
    target = rows(tables, "target").unique("target", keep="first")
    info = {r["target"]: r for r in target.to_dicts()}
    blocks: list[Block] = [
        Heading(words("price_title", language), 2),
        Paragraph(words("price_intro", language)),
    ]
    lines = []
    for row in prices.to_dicts():
        ratio = row["unit"] == "pp"
        unit = "" if ratio else str(row["unit"] or "")
        title = titles.target.get(row["target"], row["target"])
        per = words("point", language) if ratio else f"1 {unit_name(unit, language)}".strip()
        price = words("per", language, price=money(row["shadow_price"], currency, language), unit=per)
        if row["binding"]:
            blocks.append(
                Paragraph(
                    words(
                        "price_sentence", language, target=title, year=row["year"] or MISSING, unit=per,
                        price=money(row["shadow_price"], currency, language),
                    )
                )
            )  # fmt: skip
        kind = info.get(row["target"], {})
        sign = {"at_most": "≤", "at_least": "≥", "equal": "="}.get(str(kind.get("comparator")), "")
        lines.append(
            [
                title, words(f"family_{kind.get('family') or 'policy'}", language),
                str(row["year"] or MISSING),
                f"{sign} {in_unit(row['bound'], unit, language)}", in_unit(row["value"], unit, language),
                words("binding" if row["binding"] else "free", language),
                price if row["binding"] else MISSING,
            ]
        )  # fmt: skip
    heads = tuple(
        Column(words(k, language), numeric=k in ("bound", "reached"))
        for k in ("target", "family", "year", "bound", "reached", "state", "price")
    )
    blocks.append(
        TableBlock(
            words("target_caption", language), heads, lines, note=words("target_note", language), wide=True
        )
    )
    return blocks


def measure_table(tables: Tables, titles: Titles, language: Language) -> TableBlock | None:
    """Return who changes what: use of every measure, against the plan without the targets, and why."""
    used = rows(tables, "plan_measure").filter(pl.col("scenario") != ROBUST)
    if used.is_empty():
        return None
    info = rows(tables, "measure").unique("measure", keep="first", maintain_order=True).to_dicts()
    units = dict(rows(tables, "technology_option").select("technology", "unit").iter_rows())
    verdict = {(r["measure"], r["year"]): r["verdict"] for r in rows(tables, "alternative").to_dicts()}
    held = {(r["measure"], r["unit"], r["year"]): r for r in used.to_dicts()}
    pairs = used.select("measure", "unit").unique(maintain_order=True)
    counted = dict(pairs.group_by("measure").agg("unit").iter_rows())
    years = sorted(set(used["year"]))
    effect = {r["measure"]: r for r in rows(tables, "coordinate").to_dicts()}
    priced = rows(tables, "shadow_price").filter(pl.col("binding"))
    family = dict(rows(tables, "target").select("target", "family").iter_rows())
    binding = {family.get(t, "") for t in priced["target"]}
    lines, idle, place = [], [], region_of(tables)
    for one, of in [(o, u) for o in info for u in counted.get(o["measure"], [units.get(o["technology"])])]:
        name = one["measure"]
        cells = [held.get((name, of, y)) for y in years]
        value = [c["value"] if c else 0.0 for c in cells]
        moved = [(c["change"] or 0.0) if c else 0.0 for c in cells]
        most = max(*(abs(v) for v in value), 1e-12)
        if max(map(abs, value)) == 0.0 and max(map(abs, moved)) == 0.0:
            idle.append(titles.measure.get(name, name))
            continue
        factor, unit = display(of or "", value, language)
        lines.append(
            [
                titles.measure.get(name, name), department(one["department"], language, place),
                unit,
                *(number(v / factor if v > SMALL * most else 0.0) for v in value),
                *([_signed(moved[-1] / factor, abs(moved[-1]) > 1e-5 * most)]),
                words(f"verdict_{verdict[(name, years[-1])]}", language)
                if (name, years[-1]) in verdict else MISSING,
                _reason(effect.get(name), binding, max(value) > 0.0, any(abs(m) > 1e-5 * most for m in moved),
                        language),
            ]
        )  # fmt: skip
    heads = (
        Column(words("measure", language)), Column(words("department", language)),
        Column(words("unit", language)),
        *(Column(str(y), numeric=True) for y in years),
        Column(words("against", language, year=years[-1]), numeric=True),
        Column(words("verdict", language)), Column(words("reason", language)),
    )  # fmt: skip
    note = words("measure_note", language)
    if idle:
        named = list(dict.fromkeys(idle))
        joint = "、" if language == "zh" else ", "
        told = words("measure_idle", language, count=len(named), measures=joint.join(named))
        note = f"{told}{'' if language == 'zh' else ' '}{note}"
    return TableBlock(words("measure_caption", language), heads, lines, note=note, wide=True)


def _signed(value: float, real: bool) -> str:
    return ("+" if value > 0 else "") + number(value) if real else "0"


def _reason(
    effect: Mapping[str, object] | None, binding: set[str], used: bool, moved: bool, language: Language
) -> str:
    if not used:
        return words("reason_unused", language)
    if not moved or effect is None:
        return words("reason_anyway", language)
    cleans = float(str(effect["pollution"])) > 0.0 and "pollution" in binding
    saves = float(str(effect["carbon"])) > 0.0 and "carbon" in binding
    key = "both" if cleans and saves else "pollution" if cleans else "carbon" if saves else "indirect"
    return words(f"reason_{key}", language)


def cost_chart(tables: Tables, language: Language) -> ChartBlock | None:
    """Return what the pollution and carbon targets cost each payer a year."""
    cost = rows(tables, "plan_cost")
    if cost.is_empty():
        return None
    currency = currency_of(tables)
    summed = cost.group_by("scenario", "payer", "year").agg(pl.col("value").sum())
    held = {(s, p, y): v for s, p, y, v in summed.iter_rows()}
    years = sorted({y for s, _, y in held if s == PLAN})
    most = max((abs(v) for v in held.values()), default=0.0)
    payers = sorted({p for (_, p, _), v in held.items() if abs(v) > SMALL * most})
    extra = {(p, y): held.get((PLAN, p, y), 0.0) - held.get((NONE, p, y), 0.0) for p in payers for y in years}
    unit = scale(list(extra.values()), currency, language)
    large = scale([held.get((PLAN, p, y)) for p in payers for y in years], currency, language)
    tidy = pl.DataFrame(
        [(str(y), name_of("payer", p, language), unit.of(extra[(p, y)])) for p in payers for y in years],
        schema={"year": pl.String, "payer": pl.String, "value": pl.Float64},
        orient="row",
    )
    lines = [
        [
            name_of("payer", p, language),
            *(number(large.of(held.get((PLAN, p, y), 0.0))) for y in years),
            *(
                number(unit.of(extra[(p, y)])) if abs(extra[(p, y)]) > 1e-3 * unit.factor else "0"
                for y in years
            ),
        ]
        for p in payers
    ]
    lines.append(
        [
            words("total", language),
            *(number(large.of(sum(held.get((PLAN, p, y), 0.0) for p in payers))) for y in years),
            *(number(unit.of(sum(extra[(p, y)] for p in payers))) for y in years),
        ]
    )
    heads = (
        Column(words("payer", language)),
        *(Column(words("cost_of", language, year=y, unit=large.unit), numeric=True) for y in years),
        *(Column(words("extra_of", language, year=y, unit=unit.unit), numeric=True) for y in years),
    )
    caption = words("cost_caption", language)
    table = TableBlock(caption, heads, lines, strong=frozenset({len(lines) - 1}), wide=True)
    return ChartBlock(
        caption, chart.bars(tidy, "year", "value", "payer", unit=unit.unit, stack=True),
        words("cost_description", language), note=words("cost_note", language), table=table,
    )  # fmt: skip
