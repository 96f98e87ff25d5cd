"""What chapters and documents of a plan call things: units, bounds, observations, departments, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, shelf
from tongyuan.reference.unit.spoken import gap, quantity, spoken
from tongyuan.report.base import label
from tongyuan.report.base.block import SEPARATOR, Figure
from tongyuan.report.base.format import MISSING, number, percent, scale

STATES = ("met", "missed", "on_track", "at_risk", "behind", "insufficient", "no_data")
UNJUDGED = ("insufficient", "no_data")
MUNICIPALITIES = ("110000", "120000", "310000", "500000")
"""Provinces whose departments are called as those of a city."""
Row = Mapping[str, object]
_UNIT = re.compile(r"(\d[\d.]*) (10\^\d+ [\w/]+)|µg/m3")


def words(key: str, language: Language, **values: object) -> str:
    """Return a sentence of the documents."""
    return say("report.programme", f"document.{key}", language, **values)


def head(key: str, language: Language) -> str:
    """Return the title of a column: a common one (``column.…``), or one of this room."""
    return say("report" if key.startswith("column.") else "report.programme", key, language)


def readable(text: str, language: Language) -> str:
    """Return a sentence with the units in it as people write them."""

    def said(match: re.Match[str]) -> str:
        return quantity(float(match[1]), match[2], language) if match[1] else units.text(match[0], language)

    return _UNIT.sub(said, text)


def with_unit(value: object, unit: object, language: Language, sign: str = "") -> str:
    """Return a value with its unit, and `sign` before it; a dash where there is none."""
    if not isinstance(value, float):
        return MISSING
    size, name = spoken(value, str(unit or ""), language)
    return Figure(f"{sign}{number(value * size)}{gap(name, language)}{name}", value * size, name)


def bound_text(row: Row, language: Language) -> str:
    """Return a target as text: its bound with unit, or the words of the document where it has none."""
    value = row["value"]
    if not isinstance(value, float):
        return str(row["printed"] or MISSING)
    sign = {"at_least": "≥", "at_most": "≤", "equal": "=", "about": "≈"}.get(str(row["comparator"]), "")
    return with_unit(value, row["unit"], language, sign)


def forecast_text(row: Row, language: Language, interval: bool = True) -> str:
    """Return the forecast of a target in the unit its bound is told in, with its interval."""
    bound = row["value"]
    size, name = spoken(bound if isinstance(bound, float) else 0.0, str(row["unit"] or ""), language)
    value, low, high = (
        v * size if isinstance(v := row[k], float) else None for k in ("forecast", "lower", "upper")
    )
    if value is None:
        return MISSING
    told = f"{number(value, 3)}{gap(name, language)}{name}"
    return f"{told} ({number(low, 3)}–{number(high, 3)})" if interval else told


def observed_text(row: Row, language: Language) -> str:
    """Return the latest observation of a row with its year, and what is known of part of a year."""
    told = []
    if row["observed"] is not None:
        told.append(f"{with_unit(row['observed'], row['unit'], language)} ({row['observed_year']})")
    if row["part_year"]:
        told.append(str(row["part_year"]))
    text = ("；" if language == "zh" else "; ").join(told) or MISSING
    seen = with_unit(row["observed"], row["unit"], language)
    return Figure(text, seen.value, seen.unit) if isinstance(seen, Figure) else text


def distinct(frame: pl.DataFrame) -> pl.DataFrame:
    """Return targets that several documents state alike once."""
    same = ["plan", "indicator", "region", "year", "comparator", "value"]
    return frame.unique(same, keep="first", maintain_order=True)


HARDEST_FIRST = ("behind", "missed", "at_risk", "on_track", "met")
"""States of targets that data can judge, what lags first."""


def one_each(frame: pl.DataFrame) -> pl.DataFrame:
    """Return measurable targets, one of an indicator, region and year: the hardest to meet; what lags first.

    This is what a count of targets counts, wherever it stands.
    """
    order = {state: rank for rank, state in enumerate(HARDEST_FIRST)}
    rank = pl.col("state").replace_strict(order, default=9, return_dtype=pl.Int64)
    measured = frame.filter(pl.col("comparator") != "qualitative").sort(
        rank, "year", "probability", nulls_last=True, maintain_order=True
    )
    return measured.unique(["indicator", "region", "year"], keep="first", maintain_order=True)


def title(row: Row, language: Language) -> str:
    """Return the title of the indicator of a row; targets of another document than the plan say so."""
    text = str(row[f"title_{language}"] or row["indicator"])
    return text + (
        say("report.programme", "programme.other", language) if row["plan"] == "national_other" else ""
    )


def sources_text(text: str | None, language: Language) -> str:
    """Return the sources of a figure, parted by semicolons."""
    parts = [
        say("report.programme", "programme.inventory", language) if p == "inventory" else p
        for p in (text or "").split("；")
    ]
    return "; ".join(part for part in parts if part) or MISSING


def department(identifier: str | None, language: Language, region: str | None = "") -> str:
    """Return the name a department has in `region` (生态环境厅 of a province, 生态环境局 of a city).

    Its general name where the region is unknown or calls it otherwise, the text itself where it is no id.
    """
    if not identifier:
        return MISSING
    level = _level(region or "")
    own = _departments().get(identifier)
    if own and level and region not in own["unlike"].split("|"):
        name = own[f"{level}_{language}"]
        if name:
            return name
    return label.title("department", identifier, language)


@cache
def _departments() -> dict[str, dict[str, str]]:
    return {row["department"]: row for row in shelf("department").to_dicts()}


@cache
def _level(region: str) -> str:
    """Return whether a region calls its departments as provinces or as cities do; nothing where unknown."""
    known = shelf("region").filter(pl.col("region") == region)
    if known.is_empty():
        return ""
    level = str(known["level"][0])
    if level == "province":
        return "city" if region in MUNICIPALITIES else "province"
    return "city" if level in ("city", "county") else ""


def departments(named: Iterable[str | None], language: Language, region: str | None = "") -> str:
    """Return the names of departments, each once."""
    found = dict.fromkeys(identifier for identifier in named if identifier)
    joint = "、" if language == "zh" else ", "
    return joint.join(department(part, language, region) for part in found) or MISSING


def articles() -> dict[int, dict[str, str]]:
    """Return the articles of the national plan by number."""
    return {int(row["article"]): row for row in shelf("plan_article").to_dicts()}


def record(table: str, *keys: object) -> str:
    """Return where a figure comes from: a table and the keys of the record in it."""
    return SEPARATOR.join(str(key) for key in (table, *keys) if key not in (None, ""))


def records(table: str, frame: pl.DataFrame, *columns: str) -> list[str]:
    """Return, row by row, the record of `table` that has the keys in `columns`."""
    return [record(table, *keys) for keys in frame.select(columns).iter_rows()]


def column_record(table: str, column: str, language: Language, value: str = "") -> str:
    """Return where a count comes from: a table, the column counted and the value it has."""
    return record(table, label.table_column(table, column, language) + (f" = {value}" if value else ""))


def ranges(numbers: Iterable[int], language: Language) -> str:
    """Return numbers with runs of three and more written as a range: 4、6、13–18."""
    runs: list[list[int]] = []
    for number_ in sorted(set(numbers)):
        if runs and number_ == runs[-1][-1] + 1:
            runs[-1].append(number_)
        else:
            runs.append([number_])
    joint = "、" if language == "zh" else ", "
    told = [f"{run[0]}–{run[-1]}" if len(run) > 2 else joint.join(map(str, run)) for run in runs]
    return joint.join(told) or MISSING


def shown(value: object, text: str, unit: str = "") -> str:
    """Return `text` as the figure it stands for, as plain text where there is no value."""
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return Figure(text, float(value), unit) if known else text  # type: ignore[arg-type]


def share_text(value: object) -> str:
    """Return a share as a percentage that still knows its value."""
    return shown(value, percent(value if isinstance(value, float) else None))


def count_text(value: int) -> str:
    """Return a number of things."""
    return Figure(f"{value:,}", float(value))


def amount_text(value: object, unit: str | None, language: Language) -> str:
    """Return an amount in the display unit that suits it (万吨, 亿千瓦时, 亿元)."""
    if not isinstance(value, float):
        return MISSING
    base, given = ("electricity", "TJ") if unit in ("MWh", "GWh", "TWh") else (unit or "", unit or "")
    if base == "electricity":
        value *= units.factor(unit or "", given)
    chosen = scale([value], base, language)
    name = chosen.unit if chosen.unit != base else units.text(base, language)
    return Figure(f"{number(chosen.of(value))}{gap(name, language)}{name}", chosen.of(value), name)
