"""Factors a user types: table ``factor`` and the columns for own values of the tables of methods.

They pass the checks of the library (:mod:`tongyuan.reference.quality`,
:mod:`tongyuan.reference.unit.magnitude`); what is wrong is said at its cell. Which columns of methods hold a
factor, and the shelf whose published values show its usual size, stands in ``ledger/own_column.csv``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, at_row
from tongyuan.ledger.table import PLACE, resource_rows, table
from tongyuan.reference import quality, units
from tongyuan.reference.factors.library import library
from tongyuan.reference.shelf import shelf
from tongyuan.reference.unit.magnitude import DOUBTFUL, check_magnitude, verdict

Letters = Mapping[str, Mapping[str, str]]

SAID_ELSEWHERE = ("unit", "source")
"""Checks of records whose faults the reading of cells has named already."""

_CELL = {
    "own_id_taken": "record_id",
    "interval_order": "lower",
    "lower_range": "lower",
    "upper_range": "upper",
    "duplicate_key": "record_id",
}
"""The cell an issue is about, where that is not the value."""


def _finding(found: Finding, place: str, letters: Letters, column: str = "") -> Finding:
    """Return a finding about a record as one about its cell."""
    cell = column or _CELL.get(found.check, "value")
    return at_row("reference", found.check, place, cell, letters, **found.values)


def own_factor_findings(frame: pl.DataFrame, letters: Letters) -> list[Finding]:
    """Return what the checks of the library say about the records of a user's table ``factor``.

    Parameters
    ----------
    frame
        Table ``factor`` as it was read, with column ``_place``.
    letters
        Letters of the columns of each sheet, as :class:`tongyuan.ledger.read.read.Reading` holds them.
    """
    known = [u for u in frame["unit"].drop_nulls().unique().to_list() if units.known(u)]
    whole = (pl.col(c).is_not_null() for c in ("record_id", "kind", "species", "value"))
    rows = frame.filter(*whole, pl.col("unit").is_in(known))
    rows = rows.unique("record_id", keep="first", maintain_order=True)
    if rows.is_empty():
        return []
    text = [c for c in rows.columns if rows.schema[c] == pl.String and c != PLACE]
    records = rows.with_columns(pl.col(text).fill_null("")).drop(PLACE, strict=False)
    issues = list(quality.check(records, waive=SAID_ELSEWHERE))
    taken = records.join(library(include_unverified=True), on="record_id", how="semi", maintain_order="left")
    issues += [quality.about("own_id_taken", name) for name in taken["record_id"]]
    wrong = {i.record for i in issues if i.severity == "error"}
    issues += check_magnitude(records, library(), skip=wrong)
    place = dict(zip(rows["record_id"], rows[PLACE], strict=True)) if PLACE in rows.columns else {}
    return [_finding(found, place.get(found.record) or "", letters) for found in issues]


@cache
def _columns() -> tuple[dict[str, str], ...]:
    return tuple(resource_rows("own_column.csv"))


def _published(rule: Mapping[str, str], item: str, unit: str) -> list[float]:
    """Return the published values of an own column [unit of the column]."""
    frame = shelf(rule["shelf"])
    if rule["parameter"]:
        frame = frame.filter(pl.col("parameter") == rule["parameter"])
        frame = frame.filter(pl.col("item") == item) if item else frame
    found = [float(value) * units.factor(of, unit) for value, of in frame.select("value", "unit").iter_rows()]
    return [value for value in found if value > 0]


def _of_row(
    rule: Mapping[str, str], row: Mapping[str, Any], unit: str, letters: Letters
) -> Iterator[Finding]:
    name, value = rule["column"], float(row[rule["column"]])
    place = str(row.get(PLACE) or "")
    column = next(c for c in table(rule["table"]).columns if c.name == name)
    title = Bilingual(column.title_zh, column.title_en)
    if rule["species"]:
        record = dict.fromkeys(("lower", "upper")) | {
            "record_id": name, "kind": "emission_factor", "value": value, "unit": unit,
            **{key: rule[key] for key in ("process", "product", "species")},
        }  # fmt: skip
        broken = quality.check_bound(pl.DataFrame([record]))
        if broken:
            unnamed = replace(broken[0], values={**broken[0].values, "record": ""})
            yield _finding(unnamed, place, letters, name)
            return
    item = str(row.get(rule["item"]) or "") if rule["item"] else ""
    published = _published(rule, item, unit)
    if not published:
        return
    low, high = min(published), max(published)
    check, ratio = verdict(value, low, high, float(rule["doubtful"] or DOUBTFUL))
    if check:
        words = {
            "value": f"{value:.6g}",
            "low": f"{low:.3g}",
            "high": f"{high:.3g}",
            "ratio": f"{ratio:,.0f}",
        }
        said = check.replace("factor_", "own_value_")
        yield at_row("ledger", said, place, name, letters, title=title, unit=unit, **words)


def own_value_findings(name: str, frame: pl.DataFrame, letters: Letters) -> list[Finding]:
    """Return what is odd about the own values that table `name` of a method may hold."""
    found: list[Finding] = []
    for rule in _columns():
        if rule["table"] != name or rule["column"] not in frame.columns:
            continue
        unit = next(c.unit for c in table(name).columns if c.name == rule["column"])
        for row in frame.filter(pl.col(rule["column"]) > 0).to_dicts():
            found += _of_row(rule, row, unit, letters)
    return found
