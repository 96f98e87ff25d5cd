"""Findings about cells of tables that were read, and findings as a table.

The one class of findings, :class:`~tongyuan.reference.finding.Finding`, stands in the layer below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from tongyuan.reference.finding import Bilingual, Finding, FindingError, Severity, finding, require
from tongyuan.reference.shelf import Language


def at_row(
    room: str, check: str, place: str, column: str, letters: Mapping[str, Mapping[str, str]], **values: Any
) -> Finding:
    """Make the finding of check `check` about one cell of a row that was read.

    Parameters
    ----------
    place
        ``file|sheet|row``, as column ``_place`` of the row has it.
    column
        Name of the column of the cell.
    letters
        Letters of the columns of each sheet (``file|sheet``).
    """
    file, _, rest = place.partition("|")
    sheet, _, row = rest.rpartition("|")
    letter = letters.get(f"{file}|{sheet}", {}).get(column, "")
    number = int(row) if row.isdigit() else None
    return finding(room, check, file=file, sheet=sheet, row=number, column=letter, **values)


def findings_table(findings: Iterable[Finding], language: Language) -> pl.DataFrame:
    """Return `findings` as a table: severity, check, file, sheet, row, column, message, next step."""
    every = tuple(findings)
    return pl.DataFrame(
        {
            "severity": [f.severity for f in every],
            "check": [f.check for f in every],
            "file": [f.file for f in every],
            "sheet": [f.sheet for f in every],
            "row": [f.row for f in every],
            "column": [f.column for f in every],
            "message": [f.message(language) for f in every],
            "next_step": [f.next_step(language) for f in every],
        },
        schema={
            "severity": pl.String,
            "check": pl.String,
            "file": pl.String,
            "sheet": pl.String,
            "row": pl.Int64,
            "column": pl.String,
            "message": pl.String,
            "next_step": pl.String,
        },
    )


__all__ = [
    "Bilingual", "Finding", "FindingError", "Severity", "at_row", "finding", "findings_table", "require",
]  # fmt: skip
