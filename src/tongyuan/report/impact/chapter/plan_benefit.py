"""What the plan does for air, health and climate, against going on as today."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.read.lookup import choice_title
from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base.block import Block, Column, Note, Paragraph, Section, TableBlock
from tongyuan.report.base.format import number, percent
from tongyuan.report.base.label import symbol, table_column
from tongyuan.report.base.totals import Tables, has
from tongyuan.report.impact.receptor import plan_blocks
from tongyuan.report.impact.worth import valuation_blocks

ORDER = 230

ROOM = "report.impact"
PLAN = "plan"
MILLI = 1000.0
TOLD = 0.001
"""Change of temperature [mK] below which no figure is told."""


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None without a plan that was set against going on as today."""
    if not has(tables, "plan_air") or not has(tables, "temperature"):
        return None
    air = tables["plan_air"].filter(pl.col("scenario") == PLAN).sort("year", "metric")
    warm = tables["temperature"].filter(pl.col("scenario") == PLAN).sort("year", "species")
    if air.is_empty() or warm.is_empty():
        return None
    own = [*plan_blocks(tables, language), *valuation_blocks(tables, language)]
    blocks: list[Block] = [
        *(b for b in own if isinstance(b, Paragraph)),
        *(Paragraph(text) for text in told(air, warm, language)),
        *(b for b in own if not isinstance(b, Paragraph)),
        Note(say(ROOM, "benefit.screening", language), "warning"),
        air_table(air, language),
        temperature_table(warm, language),
        *crop_blocks(tables, language),
    ]
    shown = sum(isinstance(b, Paragraph) for b in blocks)
    return Section("plan_benefit", say(ROOM, "section.plan_benefit", language), tuple(blocks), shown=shown)


def told(air: pl.DataFrame, warm: pl.DataFrame, language: Language) -> list[str]:
    """Return in sentences what the last year of the plan brings."""
    last = air.filter(pl.col("metric") == "PM2.5").row(-1, named=True)
    values = {"year": last["year"], "change": percent(last["ratio"] - 1, 2, signed=True)}
    values |= {name: number(last[name], 3) for name in ("before", "after")}
    shares = {"share": "share", "lower": "share_lower", "upper": "share_upper"}
    values |= {name: percent(last[column], 2) for name, column in shares.items()}
    texts = [say(ROOM, "benefit.ratio" if last["after"] is None else "benefit.air", language, **values)]
    if last["deaths"] is not None:
        texts[0] += say(ROOM, "burden.deaths", language, deaths=number(float(f"{last['deaths']:.3g}")))
    at = warm.filter(pl.col("year") == last["year"])
    total = float(at.filter(pl.col("upper").is_null())["value"].sum()) * MILLI
    key = "benefit.cooler" if total <= 0 else "benefit.warmer"
    size = number(abs(total), 2) if abs(total) >= TOLD else say(ROOM, "benefit.below", language, most=TOLD)
    texts.append(say(ROOM, key, language, year=last["year"], value=size))
    fine = at.filter(pl.col("upper").is_not_null())
    if fine.height and _size(fine) * MILLI >= TOLD:
        low, mean, high = (float(fine[c].sum()) * MILLI for c in ("lower", "value", "upper"))
        key = "benefit.unmasked" if mean > 0 else "benefit.masked"
        ends = {"lower": number(min(abs(low), abs(high)), 2), "upper": number(max(abs(low), abs(high)), 2)}
        if low * high < 0:
            key = "benefit.unsigned"
            ends = {"lower": number(low, 2), "upper": number(high, 2)}
        texts.append(say(ROOM, key, language, value=number(abs(mean), 2), **ends))
    return texts


def _size(fine: pl.DataFrame) -> float:
    """Return how large the limits of a change are together, whatever their sign."""
    return sum(float(abs(v)) for column in ("lower", "upper") for v in fine[column])


def crop_blocks(tables: Tables, language: Language) -> list[Block]:
    """Return what less ozone leaves of the crops in the last year of the plan."""
    if not has(tables, "crop_gain"):
        return []
    rows = tables["crop_gain"].filter(pl.col("scenario") == PLAN)
    rows = rows.filter(pl.col("year") == rows["year"].max())
    names = ("crop", "metric", "loss_before", "loss_after", "gain", "value")
    told = {n: table_column("crop_gain", n, language) for n in names}
    told["gain"] += f" ({units.text('t', language)})"
    told["value"] += f" ({units.text('CNY', language)})"
    heads = [Column(told[n], numeric=n not in ("crop", "metric")) for n in names]
    lines = [
        [
            choice_title(r["crop"], language), choice_title(r["metric"], language),
            percent(r["loss_before"]), percent(r["loss_after"]), number(r["gain"], 3), number(r["value"], 3),
        ]
        for r in rows.sort("crop", "metric").iter_rows(named=True)
    ]  # fmt: skip
    year = rows["year"].max()
    return [TableBlock(say(ROOM, "crop.table", language, year=year), heads, lines)] if lines else []


def air_table(air: pl.DataFrame, language: Language) -> TableBlock:
    """Return ratio, concentration and deaths avoided by year and metric."""
    names = (
        "year",
        "metric",
        "ratio",
        "before",
        "after",
        "share",
        "share_lower",
        "share_upper",
        "reach",
        "missing",
    )
    words = {"year", "metric", "reach", "missing"}
    heads = []
    for name in names:
        text = table_column("plan_air", name, language)
        if name in ("before", "after"):
            text += f" ({units.text('µg/m3', language)})"
        heads.append(Column(text, numeric=name not in words))
    joint = "、" if language == "zh" else ", "
    rows = [
        [
            str(r["year"]),
            choice_title(r["metric"], language),
            number(r["ratio"], 3),
            number(r["before"], 3),
            number(r["after"], 3),
            percent(r["share"]),
            percent(r["share_lower"]),
            percent(r["share_upper"]),
            choice_title(r["reach"], language),
            joint.join(symbol(s, language) for s in r["missing"]) or "–",
        ]
        for r in air.iter_rows(named=True)
    ]
    return TableBlock(say(ROOM, "benefit.air_table", language), heads, rows)


def temperature_table(warm: pl.DataFrame, language: Language) -> TableBlock:
    """Return the change of temperature by year and gas, in thousandths of a kelvin."""
    gases = warm["species"].unique().sort().to_list()
    heads = [Column(table_column("temperature", "year", language))]
    heads += [Column(symbol(gas, language), numeric=True) for gas in gases]
    heads.append(Column(say(ROOM, "benefit.sum", language), numeric=True))
    rows = []
    for (year,), part in warm.group_by(["year"], maintain_order=True):
        by_gas = {g: v * MILLI for g, v in part.select("species", "value").iter_rows()}
        rows.append([str(year), *(number(by_gas[g], 3) for g in gases), number(sum(by_gas.values()), 3)])
    return TableBlock(say(ROOM, "benefit.temperature_table", language), heads, rows)
