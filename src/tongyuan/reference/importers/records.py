"""Factor records of one's own, in the columns of table ``factor``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.reference import record
from tongyuan.reference.finding import Finding
from tongyuan.reference.importers.reading import number, read_table
from tongyuan.reference.quality import about, check, demote

_NUMBERS = ("value", "lower", "upper")
_YEARS = ("valid_from", "valid_to")


def read(path: Path) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return the records of a CSV or xlsx file in the columns of table ``factor``, checked."""
    table, issues = read_table(path, record.REQUIRED)
    if table is None:
        return record.frame([]), tuple(issues)
    rows: list[dict[str, Any]] = []
    for line, cells in enumerate(table.to_dicts(), start=2):
        row: dict[str, Any] = {column: cells[column] for column in record.COLUMNS if column in cells}
        wrong = False
        for column in (*_NUMBERS, *_YEARS):
            text = row.get(column, "")
            row[column] = number(text) if text else None
            if text and row[column] is None:
                issues.append(about("value_not_numeric", row["record_id"], line, value=text))
                wrong = True
        if wrong:
            continue
        if row["value"] is None:
            issues.append(about("value_missing", row["record_id"], line, count=1))
            continue
        for column in _YEARS:
            row[column] = None if row[column] is None else int(row[column])
        rows.append(row)
    frame = record.frame(rows)
    issues += check(frame)
    return demote(frame, issues), tuple(issues)
