"""Checks across the cells of a row and across the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Bilingual, Finding, finding
from tongyuan.ledger.table import PLACE, resource_rows, table
from tongyuan.ledger.text.clean import LISTED_MAX, Origin
from tongyuan.reference import units
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import shelf


@cache
def _rules() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Return what may measure what: (column, id or kind, dimensions), the more special rule first."""
    rows = resource_rows("dimension.csv")
    return tuple((r["column"], r["id_or_kind"], tuple(r["dimensions"].split("|"))) for r in rows)


@cache
def _kinds(column: str) -> dict[str, str]:
    name, kind = {"product": ("product", "kind"), "species": ("species", "medium")}[column]
    frame = shelf(name)
    return dict(zip(frame[name], frame[kind], strict=True))


def allowed_dimensions(column: str, identifier: str) -> tuple[str, ...]:
    """Return the dimensions that may measure `identifier` of a column (product, species); empty: any."""
    for name, word, dimensions in _rules():
        if name == column and word in (identifier, _kinds(column).get(identifier)):
            return dimensions
    return ()


def _dimension_title(dimension: str) -> Bilingual:
    words = catalogue("ledger").get(f"dimension_{dimension}")
    return Bilingual(words["zh"], words["en"]) if words else Bilingual(dimension, dimension)


def _listed(dimensions: tuple[str, ...]) -> Bilingual:
    titles = [_dimension_title(d) for d in dimensions]
    return Bilingual("、".join(t.zh for t in titles), ", ".join(t.en for t in titles))


RATES = ("factor", "factor_used", "emission_coefficient", "response", "permit_limit", "manual_test")
"""Tables whose unit is a rate or a concentration, not what product or species are measured in."""


def within(name: str, frame: pl.DataFrame, rows: pl.Series, origin: Origin) -> None:
    """Report units that cannot measure the product or species of their row."""
    if name in RATES or "unit" not in frame.columns or "value" not in frame.columns:
        return
    for column in ("product", "species"):
        if column not in frame.columns:
            continue
        pairs = frame.select(column, "unit").unique(maintain_order=True).drop_nulls().rows()
        bad: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {}
        for identifier, unit in pairs:
            allowed = allowed_dimensions(column, identifier)
            if allowed and units.known(unit) and units.dimension(unit) not in allowed:
                bad[identifier, unit] = (units.dimension(unit), allowed)
        for (identifier, unit), (found, allowed) in bad.items():
            hit = rows.filter((frame[column] == identifier) & (frame["unit"] == unit))
            words = {
                "product": Bilingual.titled(column, identifier),
                "value": unit,
                "found": _dimension_title(found),
                "allowed": _listed(allowed),
            }
            listed = hit.head(LISTED_MAX).to_list()
            origin.report("wrong_dimension", "unit", listed, [words] * len(listed), hit.len())


def capped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return `findings` with at most `LISTED_MAX` of one check in one column; the others are counted."""
    kept: list[Finding] = []
    counts: dict[tuple[str, str, str, str], int] = {}
    for found in findings:
        key = (found.check, found.file, found.sheet, found.column)
        counts[key] = counts.get(key, 0) + 1
        if counts[key] <= LISTED_MAX:
            kept.append(found)
    for (_, file, sheet, column), count in counts.items():
        if count > LISTED_MAX:
            place = {"file": file, "sheet": sheet, "column": column}
            kept.append(finding("ledger", "more_like_this", row=None, **place, count=count - LISTED_MAX))
    return tuple(kept)


def _seen(place: str) -> str:
    """Return a place as a person reads it."""
    file, _, rest = place.partition("|")
    sheet, _, row = rest.rpartition("|")
    return " · ".join(part for part in (file, sheet, row) if part)


def _repeat(check: str, place: str, **values: Any) -> Finding:
    file, _, rest = place.partition("|")
    sheet, _, row = rest.rpartition("|")
    return finding("ledger", check, file=file, sheet=sheet, row=int(row) if row.isdigit() else None, **values)


def across(name: str, frame: pl.DataFrame, *, shared: bool = False) -> tuple[pl.DataFrame, list[Finding]]:
    """Number the activities and report keys that occur more than once.

    Returns the frame, with an `activity_id` in every row where the table has one, and the findings. Where
    activity is summed by source (`shared`), rows may share a key if each of them has an id of its own.
    """
    findings: list[Finding] = []
    place = pl.col(PLACE) if PLACE in frame.columns else pl.lit("")
    unnamed = pl.Series("_unnamed", [], dtype=pl.Boolean)
    if name == "activity" and frame.height:
        unnamed = frame["activity_id"].fill_null("").eq("").alias("_unnamed")
        frame = number_activities(frame)
        if frame["activity_id"].n_unique() < frame.height:
            findings += repeated_id(frame.select(id="activity_id", place=place))
    definition = table(name)
    keys = [c.name for c in definition.columns if c.key]
    complete = (
        pl.all_horizontal(pl.col(c.name).is_not_null() for c in definition.columns if c.key and c.required)
        if any(c.key and c.required for c in definition.columns)
        else pl.lit(True)
    )
    if not keys or not frame.height:
        return frame, findings
    again = frame.select(*keys, _here=place, _unnamed=unnamed if len(unnamed) else pl.lit(True)).filter(
        complete
    )
    if again.select(keys).is_duplicated().any():
        first = again.with_columns(
            _first=pl.col("_here").first().over(keys), _unnamed=pl.col("_unnamed").any().over(keys)
        )
        again = first.filter(~pl.struct(keys).is_first_distinct(), pl.col("_unnamed") | pl.lit(not shared))
    else:
        again = again.clear()
    check = "shared_key" if shared and name == "activity" else "duplicate_key"
    for row in again.head(LISTED_MAX).to_dicts():
        key = " · ".join(str(row[k]) for k in keys if row[k] not in (None, ""))
        findings.append(_repeat(check, row["_here"] or "", other=_seen(row["_first"] or ""), key=key))
    if again.height > LISTED_MAX:
        findings.append(_repeat("more_like_this", "", count=again.height - LISTED_MAX))
    return frame, findings


def repeated_id(rows: pl.DataFrame) -> list[Finding]:
    """Return a finding for each of `rows` (``id, place``) whose id an earlier one has."""
    used = rows.with_columns(first=pl.col("place").first().over("id"))
    again = used.filter(~pl.col("id").is_first_distinct())
    findings = []
    for row in again.head(LISTED_MAX).to_dicts():
        words = {"value": row["id"], "other": _seen(row["first"] or "")}
        findings.append(_repeat("duplicate_id", row["place"] or "", **words))
    return findings


def number_activities(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with an id in every row: ``A1``, ``A2`` … by order, where none was given."""
    given = set(frame["activity_id"].drop_nulls().to_list())
    prefix = "A"
    while any(text.startswith(prefix) and text[len(prefix) :].isdigit() for text in given):
        prefix += "_"
    number = pl.lit(prefix) + pl.int_range(1, pl.len() + 1).cast(pl.String)
    blank = pl.col("activity_id").is_null() | (pl.col("activity_id") == "")
    return frame.with_columns(activity_id=pl.when(blank).then(number).otherwise(pl.col("activity_id")))
