"""Findings about cells of tables that were read, and findings as a table.

The one class of findings, :class:`~tongyuan.reference.finding.Finding`, stands in the layer below.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
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


def with_names(findings: Iterable[Finding], facility: pl.DataFrame | None) -> list[Finding]:
    """Return `findings` with the name of an enterprise before its code, where table ``facility`` has one."""
    every = list(findings)
    if facility is None or not any("facility" in f.values for f in every):
        return every
    known = {
        str(code): Bilingual(f"{name}（{code}）", f"{name} ({code})")
        for code, name in facility.select(pl.col("facility", "name").cast(pl.String)).iter_rows()
        if name and name != code
    }
    return [
        replace(
            f, values={**f.values, "facility": known.get(str(f.values["facility"]), f.values["facility"])}
        )
        if "facility" in f.values
        else f
        for f in every
    ]


__all__ = [
    "Bilingual", "Finding", "FindingError", "Severity", "at_row", "finding", "findings_table", "require",
    "with_names",
]  # fmt: skip
