"""Showing tables and findings on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, NoReturn

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tongyuan.reference.language import Language

if TYPE_CHECKING:
    import polars as pl

    from tongyuan.ledger.finding import Finding

NARROWEST, LONGEST = 8, 24
"""Least width of text without spaces, and of a word that goes on in the next line."""

_JSON: ContextVar[bool] = ContextVar("json", default=False)
_FOUND: ContextVar[list[Any]] = ContextVar("found")
_ROWS: ContextVar[dict[str, Any]] = ContextVar("rows")


@contextmanager
def answering(json: bool) -> Iterator[None]:
    """Print for a person within the block or, with `json`, one object with all rows at its end.

    The object has the rows of each table under its name and ``findings``. An error that ends the
    block is in it too.
    """
    if not json:
        yield
        return
    import typer

    from tongyuan.cli.door import exit_code
    from tongyuan.ledger.finding import FindingError

    asked, found, rows = _JSON.set(True), _FOUND.set([]), _ROWS.set({})
    try:
        yield
    except FindingError as error:
        _FOUND.get().extend(error.findings)
        _write()
        raise typer.Exit(exit_code(error.findings)) from None
    except typer.Exit:
        _write()
        raise
    else:
        _write()
    finally:
        _JSON.reset(asked)
        _FOUND.reset(found)
        _ROWS.reset(rows)


def _write() -> None:
    from json import dumps

    from tongyuan.cli.finding_table import as_rows

    said = {**_ROWS.get(), "findings": as_rows(_FOUND.get())}
    sys.stdout.write(dumps(said, ensure_ascii=not _unicode(), default=str, allow_nan=False) + "\n")


def _unicode() -> bool:
    return "utf" in (getattr(sys.stdout, "encoding", "") or "").lower()


def as_json() -> bool:
    """Return whether rows for a machine are wanted."""
    return _JSON.get()


def give_rows(tables: Mapping[str, pl.DataFrame], /, **facts: object) -> bool:
    """Hand tables and single values to a machine; return whether that is wanted."""
    if not as_json():
        return False
    rows = {name: [_plain(row) for row in frame.to_dicts()] for name, frame in tables.items()}
    _ROWS.get().update(rows | {name: _finite(value) for name, value in facts.items()})
    return True


def give_files(paths: Iterable[object]) -> None:
    """Tell a machine which files were written, if one listens."""
    if as_json():
        _ROWS.get().setdefault("written", []).extend(str(path) for path in paths)


def refuse(room: str, key: str, language: Language, **values: object) -> NoReturn:
    """Say in a sentence of `room` what was mistyped, to a person or a machine, and end with 2."""
    import typer

    from tongyuan.reference.language import say

    give_rows({}, error=say(room, key, language, **values))
    terminal().print(say(room, key, language, **values), markup=False)
    raise typer.Exit(2)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _finite(value) for key, value in row.items() if not key.startswith("_")}


def _finite(value: object) -> object:
    return None if isinstance(value, float) and value - value != 0.0 else value


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
    return Console(stderr=stderr, emoji=False, quiet=as_json() and not stderr)


def print_findings(findings: Iterable[Finding], console: Console, language: Language) -> None:
    """Print findings as a table, those alike together; nothing where rows for a machine are wanted."""
    if as_json():
        _FOUND.get().extend(findings)
        return
    from tongyuan.cli.finding_table import print_findings as show

    show(findings, console, language)


def print_lines(text: str, console: Console) -> None:
    """Print lines so that what goes on in the next one stands below its beginning, broken between words."""
    for line in text.splitlines():
        indent = " " * (len(line) - len(line.lstrip()))
        hanging = indent + ("  " if indent else "")
        width = max(console.width - len(hanging), LONGEST)
        pieces = Text(line.lstrip()).wrap(console, width)
        for number, piece in enumerate(pieces):
            console.print(Text(hanging if number else indent) + Text(piece.plain.rstrip()), soft_wrap=True)


def print_frame(frame: pl.DataFrame, console: Console, titles: Mapping[str, str] | None = None) -> None:
    """Print a small frame with numbers to four significant digits.

    Nothing is cut: of a frame that is too wide for the terminal, what is the same in every row is said once
    above it; if it is too wide still, it is printed row by row, a value a line.
    """
    named = {name: (titles or {}).get(name, name) for name in frame.columns}
    cells = {name: [_cell(value) for value in frame[name]] for name in frame.columns}
    numeric = {name for name, dtype in frame.schema.items() if dtype.is_numeric()}
    said = ""
    if frame.height > 1 and not _fits(named, cells, numeric, console):
        same = [name for name in named if len(set(cells[name])) == 1]
        if len(same) < len(named):
            said = " · ".join(f"{named[name]} {cells[name][0]}" for name in same if cells[name][0])
            named = {name: words for name, words in named.items() if name not in same}
    if said:
        console.print(said, markup=False, highlight=False)
    if not _fits(named, cells, numeric, console):
        _print_rows(named, cells, console)
        return
    table = Table()
    widths = _widths(named, cells, numeric, console)
    for name, words in named.items():
        right = name in numeric
        head = Text("\n").join(Text(words).wrap(console, widths[name])) if right else words
        table.add_column(
            head, justify="right" if right else "left", overflow="fold", no_wrap=right, width=widths[name]
        )
    for row in zip(*(cells[name] for name in named), strict=True):
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


Cells = Mapping[str, Sequence[str]]


def _room(named: Mapping[str, str], console: Console) -> int:
    """Return the columns of the terminal that the frame of a table leaves for its cells."""
    return console.width - 3 * len(named) - 1


def _fits(named: Mapping[str, str], cells: Cells, numeric: Collection[str], console: Console) -> bool:
    least = (_least(words, cells[name], name in numeric) for name, words in named.items())
    return sum(least) <= _room(named, console)


def _widths(
    named: Mapping[str, str], cells: Cells, numeric: Collection[str], console: Console
) -> dict[str, int]:
    """Return how wide each column is: what it needs, and a share of what is left by how much it wants."""
    least = {name: _least(words, cells[name], name in numeric) for name, words in named.items()}
    most = {
        name: max((cell_len(text) for text in (words, *cells[name])), default=0)
        for name, words in named.items()
    }
    wants = {name: max(most[name] - width, 0) for name, width in least.items()}
    left, wanted = _room(named, console) - sum(least.values()), sum(wants.values())
    share = min(1.0, left / wanted) if wanted else 0.0
    return {name: width + int(wants[name] * share) for name, width in least.items()}


def _least(head: str, cells: Sequence[str], number: bool) -> int:
    """Return the width a column needs: no number is cut, no word broken that is not very long."""
    widest = max((cell_len(cell) for cell in cells), default=0)
    texts = [head] if number else [head, *cells]
    words = (word for text in texts for word in text.split() if word.isascii())
    longest = min(max((cell_len(word) for word in words), default=0), LONGEST)
    own = min(cell_len(head), NARROWEST)
    return max(4, own, longest, widest if number else min(widest, NARROWEST))


def _print_rows(named: Mapping[str, str], cells: Cells, console: Console) -> None:
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
