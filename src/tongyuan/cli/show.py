"""Showing tables and findings on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress

import polars as pl
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tongyuan.ledger.finding import Finding
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

NARROWEST, LONGEST = 6, 24
"""Least width of text without spaces, and of a word that goes on in the next line."""

STYLE = {"error": "bold red", "warning": "yellow", "notice": "cyan"}


def steady() -> None:
    """Let every stream take every letter, whatever its encoding; a closed one swallows what is written."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def release() -> None:
    """Write out what the streams hold; one that cannot take it any more is let go."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
    """Print a small frame with numbers to four significant digits.

    Numbers are never cut: a frame that is too wide for the terminal is printed row by row, a value a line.
    """
    named = {name: (titles or {}).get(name, name) for name in frame.columns}
    cells = {name: [_cell(value) for value in frame[name]] for name in frame.columns}
    numeric = {name for name, dtype in frame.schema.items() if dtype.is_numeric()}
    least = {name: _least(named[name], cells[name], name in numeric) for name in frame.columns}
    if sum(least.values()) + 3 * len(least) + 1 > console.width:
        _print_rows(named, cells, console)
        return
    table = Table()
    for name, words in named.items():
        right = name in numeric
        head = Text("\n").join(Text(words).wrap(console, least[name])) if right else words
        table.add_column(
            head,
            justify="right" if right else "left",
            overflow="fold",
            no_wrap=right,
            min_width=least[name],
        )
    for row in zip(*cells.values(), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def _least(head: str, cells: list[str], number: bool) -> int:
    """Return the width a column needs: no number is cut, no word broken that is not very long."""
    widest = max((cell_len(cell) for cell in cells), default=0)
    texts = [head] if number else [head, *cells]
    words = (word for text in texts for word in text.split() if word.isascii())
    longest = min(max((cell_len(word) for word in words), default=0), LONGEST)
    return max(4, longest, widest if number else min(widest, NARROWEST))


def _print_rows(named: dict[str, str], cells: dict[str, list[str]], console: Console) -> None:
    height = max((len(column) for column in cells.values()), default=0)
    for row in range(height):
        grid = Table.grid(padding=(0, 2))
        for name, words in named.items():
            if cells[name][row]:
                grid.add_row(Text(words, style="dim"), Text(cells[name][row]))
        console.print(grid)
        console.print()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)
