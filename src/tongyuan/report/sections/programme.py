"""Where the targets of the plan stand: observation, state, probability, sources, contradictions."""

from __future__ import annotations

import re
from collections.abc import Sequence

import polars as pl

from tongyuan.ledger.lookup import choice_title
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report import chart, label
from tongyuan.report.block import Block, Card, Cards, ChartBlock, Column, Heading, Note, Section, TableBlock
from tongyuan.report.format import MISSING, number, percent
from tongyuan.report.totals import Tables, has

STATES = ("met", "missed", "on_track", "at_risk", "behind", "no_data")
NATION = "100000"
CURVES = 4
_POWER = re.compile(r"10\^(\d+) ")
_HIGH = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_TEN = {"10⁴ ": "万", "10⁸ ": "亿"}
_WORD = {
    "t": "吨",
    "kW": "千瓦",
    "tce": "吨标准煤",
    "CNY": "元",
    "m2": "平方米",
    "item": "个",
    "person": "人",
    "kg": "千克",
}


def unit_text(unit: str | None, language: Language) -> str:
    """Return a unit as people write it: 万吨 or 10⁴ t."""
    if not unit:
        return ""
    text = _POWER.sub(lambda m: f"10{m[1].translate(_HIGH)} ", unit).replace("µg/m3", "µg/m³")
    if language == "en":
        return text.replace("item", "").replace("CNY", "yuan")
    for power, word in _TEN.items():
        text = text.replace(power, word)
    text = "/".join(re.sub(r"^(万|亿)?(\w+)$", _worded, part) for part in text.split("/"))
    return text.replace("µg/m³", "微克/立方米")


def _worded(match: re.Match[str]) -> str:
    return (match[1] or "") + _WORD.get(match[2], match[2])


def bound_text(row: dict[str, object], language: Language) -> str:
    """Return a target as text: its bound with unit, or the words of the document where it has none."""
    value = row["value"]
    if not isinstance(value, float):
        return str(row["printed"] or MISSING)
    sign = {"at_least": "≥", "at_most": "≤", "equal": "="}.get(str(row["comparator"]), "")
    return f"{sign}{_with_unit(value, row['unit'], language)}"


def _with_unit(value: object, unit: object, language: Language) -> str:
    if not isinstance(value, float):
        return MISSING
    text = unit_text(str(unit) if unit else "", language)
    gap = "" if text == "%" or not text or (language == "zh" and not text.isascii()) else " "
    return f"{number(value)}{gap}{text}".strip()


def distinct(frame: pl.DataFrame) -> pl.DataFrame:
    """Return targets that several documents state alike once."""
    same = ["plan", "indicator", "region", "year", "comparator", "value"]
    return frame.unique(same, keep="first", maintain_order=True)


def title(row: dict[str, object], language: Language) -> str:
    """Return the title of the indicator of a row; targets of another document than the plan say so."""
    text = str(row[f"title_{language}"] or row["indicator"])
    return text + (say("report", "programme.other", language) if row["plan"] == "national_other" else "")


def cards(frame: pl.DataFrame, language: Language) -> Cards:
    """Return how many measurable targets stand in each state."""
    counted = dict(frame.group_by("state").len().iter_rows())
    made = [Card(choice_title(s, language), str(counted.get(s, 0)), "") for s in STATES if counted.get(s)]
    return Cards(made, say("report", "programme.cards", language, count=frame.height))


def observed_text(row: dict[str, object], language: Language) -> str:
    """Return the latest observation of a row with its year, and what is known of part of a year."""
    told = []
    if row["observed"] is not None:
        told.append(f"{_with_unit(row['observed'], row['unit'], language)} ({row['observed_year']})")
    if row["part_year"]:
        told.append(str(row["part_year"]))
    return ("；" if language == "zh" else "; ").join(told) or MISSING


def status_table(frame: pl.DataFrame, caption: str, language: Language) -> TableBlock:
    """Return targets with observation, state, forecast and source; one line each."""
    heads = [
        Column(say("report", "column.indicator", language), width=17),
        Column(say("report", "programme.year", language), width=6),
        Column(say("report", "programme.target", language), quoted=True, width=11),
        Column(say("report", "programme.observed", language), quoted=True, width=18),
        Column(say("report", "column.status", language), width=8),
        Column(say("report", "programme.forecast", language), numeric=True, width=13),
        Column(say("report", "programme.probability", language), numeric=True, width=7),
        Column(say("report", "programme.source", language), quoted=True, width=20),
    ]
    lines = [
        [
            title(row, language),
            str(row["year"]),
            bound_text(row, language),
            observed_text(row, language),
            choice_title(row["state"], language),
            _forecast_text(row, language),
            percent(row["probability"]),
            row["observed_source"] or MISSING,
        ]
        for row in frame.iter_rows(named=True)
    ]
    return TableBlock(caption, heads, lines, note=say("report", "programme.status_note", language))


def silent_table(frame: pl.DataFrame, language: Language) -> TableBlock:
    """Return targets without data to judge them by, with the document that sets them."""
    heads = [
        Column(say("report", "column.indicator", language), width=24),
        Column(say("report", "programme.year", language), width=8),
        Column(say("report", "programme.target", language), quoted=True, width=16),
        Column(say("report", "programme.observed", language), quoted=True, width=20),
        Column(say("report", "programme.document", language), quoted=True, width=32),
    ]
    lines = [
        [
            title(row, language),
            str(row["year"]),
            bound_text(row, language),
            observed_text(row, language),
            row["document"] or MISSING,
        ]
        for row in frame.iter_rows(named=True)
    ]
    caption = say("report", "programme.silent", language, count=frame.height)
    return TableBlock(caption, heads, lines, folded=True)


def _forecast_text(row: dict[str, object], language: Language) -> str:
    if row["forecast"] is None:
        return MISSING
    low, high = (number(v if isinstance(v, float) else None, 3) for v in (row["lower"], row["upper"]))
    value = row["forecast"]
    return f"{number(value if isinstance(value, float) else None, 3)} ({low}–{high})"


def curve(row: dict[str, object], observations: pl.DataFrame, language: Language) -> ChartBlock | None:
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
    words = {k: say("report", f"programme.series_{k}", language) for k in ("observed", "target", "forecast")}
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
    tidy = pl.DataFrame(rows, schema={"x": pl.String, "series": pl.String, "value": pl.Float64}, orient="row")
    colours = dict(zip(words.values(), ("#3b5b92", "#b5432f", "#e09f3e"), strict=True))
    option = chart.lines(
        tidy, "x", "value", "series", unit=unit_text(str(row["unit"] or ""), language), colours=colours
    )
    for one in option["series"]:
        watched = one["name"] == words["observed"]
        one["connectNulls"] = not watched
        one["symbolSize"] = 8 if watched else 0 if one["name"] == words["target"] else 6
        if not watched:
            one["lineStyle"]["type"] = "dashed"
    name = title(row, language)
    return ChartBlock(
        say("report", "programme.curve", language, title=name, year=year),
        option,
        say("report", "programme.curve_description", language, title=name, count=len(seen)),
        height=300,
        half=True,
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


def contradictions(frame: pl.DataFrame, language: Language) -> TableBlock | None:
    """Return targets of one indicator and year that different documents set differently."""
    keys = ["indicator", "region", "year"]
    rows = frame.filter(pl.col("value").is_not_null())
    different = rows.group_by(keys).agg(pl.col("value").n_unique().alias("n")).filter(pl.col("n") > 1)
    rows = rows.join(different, on=keys, how="semi", maintain_order="left").sort(
        "indicator", "year", maintain_order=True
    )
    if rows.is_empty():
        return None
    heads = [
        Column(say("report", "column.indicator", language)),
        Column(say("report", "programme.year", language)),
        Column(say("report", "programme.target", language), quoted=True),
        Column(say("report", "programme.document", language), quoted=True),
    ]
    lines = [
        [title(r, language), str(r["year"]), bound_text(r, language), r["document"] or MISSING]
        for r in rows.iter_rows(named=True)
    ]
    caption = say("report", "programme.contradictions", language, count=different.height)
    return TableBlock(caption, heads, lines, note=say("report", "programme.contradictions_note", language))


def computed_table(tables: Tables, language: Language) -> TableBlock | None:
    """Return indicators computed from the ledger that no target of the plan names."""
    frame = tables["indicator_observation"]
    named = tables["target_status"]["indicator"].unique().to_list()
    rows = frame.filter(~pl.col("indicator").is_in(named) & (pl.col("region") != NATION)).sort(
        "indicator", "region", "period", maintain_order=True
    )
    if rows.is_empty():
        return None
    heads = [
        Column(say("report", "column.indicator", language)),
        Column(say("report", "column.period", language)),
        Column(say("report", "column.value", language), numeric=True),
        Column(say("report", "column.unit", language)),
        Column(say("report", "column.source", language), quoted=True),
    ]
    lines = [
        [
            label.title("programme_indicator", r["indicator"], language),
            r["period"],
            number(r["value"]),
            unit_text(r["unit"], language),
            sources_text(r["citation"], language),
        ]
        for r in rows.iter_rows(named=True)
    ]
    return TableBlock(say("report", "programme.computed", language), heads, lines, folded=True)


def sources_text(text: str | None, language: Language) -> str:
    """Return the sources of a figure, parted by semicolons."""
    parts = [
        say("report", "programme.inventory", language) if p == "inventory" else p
        for p in (text or "").split("；")
    ]
    return "; ".join(part for part in parts if part) or MISSING


def qualitative_table(frame: pl.DataFrame, language: Language) -> TableBlock | None:
    """Return what the plans aim at in words only."""
    rows = frame.filter(pl.col("comparator") == "qualitative")
    if rows.is_empty():
        return None
    heads: Sequence[Column] = (
        Column(say("report", "column.indicator", language)),
        Column(say("report", "programme.year", language)),
        Column(say("report", "programme.printed", language), quoted=True),
        Column(say("report", "programme.document", language), quoted=True),
    )
    lines = [
        [title(r, language), str(r["year"]), r["printed"] or MISSING, r["document"] or MISSING]
        for r in rows.iter_rows(named=True)
    ]
    return TableBlock(say("report", "programme.qualitative", language), heads, lines, folded=True)


def section(tables: Tables, language: Language) -> Section | None:
    """Return the chapter, None when no target is tracked."""
    if not has(tables, "target_status"):
        return None
    frame = tables["target_status"]
    measured = frame.filter(pl.col("comparator") != "qualitative")
    observations = tables.get("indicator_observation")
    nation = measured.filter(pl.col("region") == NATION)
    region = measured.filter(pl.col("region") != NATION)
    blocks: list[Block] = [Note(say("report", "programme.reading", language))]
    for part, key in ((nation, "national"), (region, "regional")):
        if part.is_empty():
            continue
        blocks.append(Heading(say("report", f"programme.{key}", language), 2))
        blocks.append(cards(distinct(part), language))
        if observations is not None:
            blocks += curves(part, observations, language)
        silent = part.filter(pl.col("state") == "no_data") if key == "regional" else part.clear()
        shown = distinct(part.join(silent, on=["plan", "target"], how="anti", maintain_order="left"))
        if shown.height:
            caption = say("report", f"programme.{key}_table", language, count=shown.height)
            blocks.append(status_table(shown, caption, language))
        if silent.height:
            blocks.append(silent_table(silent, language))
    contradiction = contradictions(measured, language)
    computed = computed_table(tables, language) if has(tables, "indicator_observation") else None
    blocks += [b for b in (contradiction, qualitative_table(frame, language), computed) if b is not None]
    return Section("programme", say("report", "section.programme", language), tuple(blocks))
