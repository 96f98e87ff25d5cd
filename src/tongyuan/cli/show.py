"""Showing tables and findings on a terminal."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tongyuan.ledger.finding import Finding
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

STYLE = {"error": "bold red", "warning": "yellow", "notice": "cyan"}


def terminal(*, stderr: bool = False) -> Console:
    """Return the terminal; ids such as ``enteric:pig:east`` are text, not pictures."""
    return Console(stderr=stderr, emoji=False)


def print_findings(findings: Iterable[Finding], console: Console, language: Language) -> None:
    """Print findings as a table: severity, place, what is wrong, what to do next."""
    every = list(findings)
    table = Table(show_lines=True, expand=True)
    for column in ("severity", "place", "message", "next"):
        table.add_column(say("cli", f"column_{column}", language), overflow="fold")
    for found in every:
        table.add_row(
            Text(say("cli", f"severity_{found.severity}", language), style=STYLE[found.severity]),
            Text(found.place()),
            Text(found.message(language)),
            Text(found.next_step(language)),
        )
    console.print(table)
    errors = sum(found.severity == "error" for found in every)
    console.print(say("cli", "finding_count", language, errors=errors, others=len(every) - errors))


def print_frame(frame: pl.DataFrame, console: Console, titles: dict[str, str] | None = None) -> None:
    """Print a small frame with numbers to four significant digits."""
    table = Table()
    numeric = {name for name, dtype in frame.schema.items() if dtype.is_numeric()}
    for name in frame.columns:
        table.add_column((titles or {}).get(name, name), justify="right" if name in numeric else "left")
    for row in frame.iter_rows(named=True):
        table.add_row(*(Text(_cell(row[name])) for name in frame.columns))
    console.print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)
