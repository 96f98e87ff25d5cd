"""Findings for a person to read: the same check in many rows of a column is one line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from tongyuan.reference.language import Language, say

if TYPE_CHECKING:
    from rich.console import Console

    from tongyuan.ledger.finding import Finding

STYLE = {"error": "bold red", "warning": "yellow", "notice": "cyan"}
LISTED, WORDED = 8, 3
"""Rows named one by one, and different sentences shown, of a group."""


def grouped(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings in their order, those of one check in one column of a sheet together."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for number, found in enumerate(findings):
        alike = (found.severity, found.room, found.check, found.file, found.sheet, found.column)
        groups.setdefault(alike if found.row is not None else (number,), []).append(found)
    return list(groups.values())


def place(group: Sequence[Finding], language: Language) -> str:
    """Return file, sheet, column and rows of a group in words, as far as they are known."""
    first = group[0]
    rows = list(dict.fromkeys(f.row for f in group if f.row is not None))
    parts = [part for part in (first.file, first.sheet) if part]
    listed = ("、" if language == "zh" else ", ").join(map(str, rows[:LISTED]))
    listed += " …" if len(rows) > LISTED else ""
    key = (
        ("place_column" if first.column else "")
        if not rows
        else "place_row"
        if len(rows) == 1
        else "place_rows"
    )
    if key:
        key += "_of" if first.column and rows else ""
        parts.append(say("cli", key, language, column=first.column, rows=listed, count=len(rows)))
    return " · ".join(parts)


def message(group: Sequence[Finding], language: Language) -> str:
    """Return what is wrong: each different sentence of a group once, the first few of them."""
    said = list(dict.fromkeys(f.message(language) for f in group))
    more = len(said) - WORDED
    lines = said[:WORDED] + ([say("cli", "finding_more", language, count=more)] if more > 0 else [])
    return "\n".join(lines)


def next_step(group: Sequence[Finding], language: Language) -> str:
    """Return what to do: each different step of a group once, the first few of them."""
    return "\n".join(list(dict.fromkeys(f.next_step(language) for f in group))[:WORDED])


def print_findings(findings: Iterable[Finding], console: Console, language: Language) -> None:
    """Print findings as a table: severity, place, what is wrong, what to do next."""
    from rich.table import Table
    from rich.text import Text

    every = list(findings)
    table = Table(show_lines=True, expand=True)
    table.add_column(say("cli", "column_severity", language), no_wrap=True)
    for column in ("place", "message", "next"):
        table.add_column(say("cli", f"column_{column}", language), overflow="fold")
    for group in grouped(every):
        severity = group[0].severity
        table.add_row(
            Text(say("cli", f"severity_{severity}", language), style=STYLE[severity]),
            Text(place(group, language)),
            Text(message(group, language)),
            Text(next_step(group, language)),
        )
    console.print(table)
    errors = sum(found.severity == "error" for found in every)
    console.print(say("cli", "finding_count", language, errors=errors, others=len(every) - errors))


def as_rows(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return findings as rows for a machine, every one by itself and in both languages."""
    return [
        {
            "severity": f.severity, "check": f.check, "file": f.file, "sheet": f.sheet, "row": f.row,
            "column": f.column, "message_zh": f.message("zh"), "message_en": f.message("en"),
            "next_zh": f.next_step("zh"), "next_en": f.next_step("en"),
        }
        for f in findings
    ]  # fmt: skip
