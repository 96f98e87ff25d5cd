"""The workbook an enterprise fills in every month: the fields its kind needs, last month carried on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.read.read import COVER, Reading
from tongyuan.ledger.table import Table, table
from tongyuan.ledger.write.template import write_sheets
from tongyuan.reference.shelf import Language, identify, shelf

WHO = ("facility", "month")
"""Columns that the cover says for every other sheet."""

REGISTER = (
    "facility", "installation", "outlet", "outlet_link", "device", "meter", "monitoring_plan", "permit_limit",
)  # fmt: skip
"""Tables of the workbook that says once who an enterprise is."""

CARRIED = {"opening": "closing"}
"""Columns that begin with what another ended with."""

KEPT = ("reference", "text", "choice", "unit")
"""Types of the columns that a month takes over from the one before."""

NEW = ("document", "sample", "report", "note", "evidence", "fault", "revision", "manifest")
"""Columns that each month has of its own."""


@cache
def forms(kind: str) -> tuple[Table, ...]:
    """Return the sheets of the monthly workbook of an enterprise of `kind`, each with the columns it has.

    Raises
    ------
    FindingError
        If there is no such kind.
    """
    identity = identify("facility_kind", kind)
    rows = shelf("facility_form").filter(pl.col("facility_kind") == (identity or ""))
    if rows.is_empty():
        known = "、".join(shelf("facility_kind")["title_zh"])
        raise FindingError([finding("ledger", "facility_kind_unknown", kind=kind, allowed=known)])
    found = []
    for name, text in rows.select("table", "columns").iter_rows():
        wanted = text.split("|")
        columns = {column.name: column for column in table(name).columns}
        found.append(replace(table(name), columns=tuple(columns[c] for c in wanted)))
    return tuple(found)


def write_month(
    path: Path,
    kind: str,
    facility: str,
    month: str,
    language: Language = "zh",
    *,
    before: Mapping[str, pl.DataFrame] | None = None,
) -> None:
    """Write the workbook of `month` for an enterprise.

    Parameters
    ----------
    path
        Where to write.
    kind
        Kind of enterprise, id or title of shelf ``facility_kind``.
    facility, month
        Go on the cover; the other sheets do not repeat them.
    language
        Of headers and drop-downs.
    before
        Tables of the month before: installations, fuels, meters, units and so on are taken over, figures are
        left blank, and what was there at the end stands at the beginning.

    Raises
    ------
    FindingError
        If there is no such kind, or the file cannot be written.
    """
    sheets = forms(kind)
    cover = pl.DataFrame({"facility": [facility], "month": [month]})
    rows = {COVER: cover}
    for sheet in sheets:
        if before is not None and sheet.name in before and sheet.name != COVER:
            rows[sheet.name] = carried(sheet, before[sheet.name], facility)
    write_sheets(path, sheets, language, rows=rows)


def carried(sheet: Table, frame: pl.DataFrame, facility: str) -> pl.DataFrame:
    """Return the rows of a sheet of the next month: who and what stays, figures are blank.

    Parameters
    ----------
    sheet
        The sheet with its columns.
    frame
        The table of the month before; rows of other enterprises are left out.
    facility
        The enterprise.
    """
    own = frame.filter(pl.col("facility") == facility) if "facility" in frame.columns else frame
    if any(column.name.startswith("day") or column.name == "time" for column in sheet.columns):
        return own.clear().select(c.name for c in sheet.columns if c.name in own.columns)
    kept = []
    for column in sheet.columns:
        source = CARRIED.get(column.name)
        if source is not None and source in own.columns:
            kept.append(pl.col(source).alias(column.name))
        elif column.type in KEPT and column.name not in NEW and column.name in own.columns:
            kept.append(pl.col(column.name))
    return own.select(kept).unique(maintain_order=True)


def month_of(reading: Reading) -> tuple[str, str]:
    """Return the enterprise and the month that the cover of a workbook names, empty where it has none."""
    cover = reading.tables.get(COVER)
    if cover is None or cover.height != 1:
        return "", ""
    row = cover.row(0, named=True)
    return row["facility"] or "", row["month"] or ""
