"""Which table a sheet holds and which column each of its headers names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.read.sheet import ROW, Sheet, column_index
from tongyuan.ledger.table import PLACE, Column, heads, resource_rows, table
from tongyuan.ledger.text.clean import LISTED_MAX
from tongyuan.reference.shelf import fold

HEADER_ROWS = 12
"""Rows at the top of a sheet in which the header is looked for."""

READINGS = 4096
"""Headers whose readings are kept: those of the sheet at hand, for one table after another."""

_BRACKET = re.compile(r"[(\[（【](?P<unit>[^()\[\]（）【】]*)[)\]）】]$")
_BARE = re.compile(r"[,，/](?P<unit>[^,，/]*)$")


@dataclass(frozen=True)
class Header:
    """A matched header: position in the grid, column by letter, units named there, and the leftovers."""

    position: int
    columns: dict[str, Column]
    units: dict[str, str]
    unknown: dict[str, str]
    twice: dict[str, Column]


@cache
def _aliases() -> dict[str, list[tuple[str, str]]]:
    """Return other headers and the column they mean, by table."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in resource_rows("header_alias.csv"):
        found.setdefault(row["table"], []).append((row["header"], row["column"]))
    return found


@cache
def _columns(name: str) -> dict[str, Column]:
    found: dict[str, Column] = {}
    columns = table(name).columns
    for titles in ([c.title_en for c in columns], [c.title_zh for c in columns]):
        folded = [fold(text) for text in titles]
        found |= {t: c for t, c in zip(folded, columns, strict=True) if t and folded.count(t) == 1}
    named = {column.name: column for column in columns}
    for header, column in _aliases().get(name, ()):
        found.setdefault(fold(header), named[column])
    return found | {fold(column.name): column for column in columns}


def match(name: str, text: str) -> tuple[Column, str] | None:
    """Return the column of table `name` that header `text` names and the unit in it (may be empty)."""
    known = _columns(name)
    for word, unit in _readings(text):
        if word in known:
            return known[word], unit
    return None


@lru_cache(maxsize=READINGS)
def _readings(text: str) -> tuple[tuple[str, str], ...]:
    """Return what header `text` may name, folded, with the unit beside it: whole, then without what trails.

    Every table asks the same of every header.
    """
    word = text.strip().strip("*＊").strip()
    unit, found = "", []
    for _ in range(3):
        found.append((fold(word), unit))
        tail = _BRACKET.search(word) or _BARE.search(word)
        if tail is None:
            break
        unit = unit or tail.group("unit").strip()
        word = word[: tail.start()].strip().strip("*＊").strip()
    return tuple(found)


def find_header(name: str, sheet: Sheet) -> Header | None:
    """Return the header of `sheet` as one of table `name`, or None when fewer than two columns match.

    One is enough where it is the only one the table requires and nothing stands beside it.
    """
    best: Header | None = None
    letters = sheet.columns
    for position, row in enumerate(sheet.grid.head(HEADER_ROWS).select(letters).rows()):
        columns: dict[str, Column] = {}
        units: dict[str, str] = {}
        unknown: dict[str, str] = {}
        twice: dict[str, Column] = {}
        for letter, text in zip(letters, row, strict=True):
            if text is None or not text.strip() or text == PLACE:
                continue
            found = match(name, text)
            if found is None:
                unknown[letter] = text.strip()
            elif found[0] in columns.values():
                twice[letter] = found[0]
            else:
                columns[letter] = found[0]
                if found[1]:
                    units[letter] = found[1]
        header = Header(position, columns, units, unknown, twice)
        if columns and (best is None or len(columns) > len(best.columns)):
            best = header
    if best is None or (len(best.columns) < 2 and not _alone(name, best)):
        return None
    return best


def _alone(name: str, header: Header) -> bool:
    """Return whether a header of one column is all that table `name` requires."""
    required = {column.name for column in table(name).columns if column.required}
    return required <= {column.name for column in header.columns.values()} and not header.unknown


@cache
def _titles() -> dict[str, str]:
    found: dict[str, str] = {}
    for name, head in heads().items():
        for word in (head["title_en"], head["title_zh"], name):
            found[fold(word)] = name
    return found


def table_called(text: str) -> str | None:
    """Return the table that a sheet or file is named after, alone or with a number, a year or a place."""
    word = fold(text)
    known = _titles()
    if word in known:
        return known[word]
    starts = [title for title in known if word.startswith(title) and re.match(r"[\W_\d]", word[len(title) :])]
    ends = [title for title in known if word.endswith(title) and re.match(r".*[\W_\d]$", word[: -len(title)])]
    close = starts or ends
    return known[max(close, key=len)] if close else None


def table_of(sheet: Sheet, among: Iterable[str]) -> str | None:
    """Return the one table whose required columns `sheet` names in full, two at least, with most matches."""
    best: list[tuple[int, str]] = []
    for name in among:
        header = find_header(name, sheet)
        if header is None or len(header.columns) < 2:
            continue
        present = {column.name for column in header.columns.values()}
        required = {column.name for column in table(name).columns if column.required}
        if required <= present and not header.unknown:
            best.append((len(present), name))
    best.sort(reverse=True)
    if not best or (len(best) > 1 and best[0][0] == best[1][0]):
        return None
    return best[0][1]


def values_in(grid: pl.DataFrame, letter: str) -> int:
    """Return the number of cells with text in one column of a grid."""
    return int(grid[letter].str.strip_chars().fill_null("").ne("").sum())


def surplus(sheet: Sheet, position: int, findings: list[Finding], file: str) -> set[str]:
    """Report the rows of a text file that do not fit the header at `position`; return the surplus columns.

    Rows with more cells than the header are shifted, and a last row with fewer that has no line end is cut
    off. A title above the header may be of any length.
    """
    if not sheet.delimiter:
        return set()
    letters = sheet.columns
    head = sheet.grid.row(position, named=True)
    last = max((i for i, letter in enumerate(letters) if (head[letter] or "").strip()), default=0)
    allowed = column_index(letters[last]) + 1
    beyond = letters[last + 1 :]
    if beyond:
        body = sheet.grid.slice(position + 1)
        long = body.filter(pl.any_horizontal(pl.col(c).is_not_null() for c in beyond))
        if long.height > LISTED_MAX:
            rest = long.height - LISTED_MAX
            findings.append(finding("ledger", "more_like_this", file=file, count=rest))
        for row in long.head(LISTED_MAX).to_dicts():
            found = 1 + max(column_index(letter) for letter in beyond if row[letter] is not None)
            words: dict[str, Any] = {"row": row[ROW], "found": found, "allowed": allowed}
            findings.append(finding("ledger", "csv_extra_cells", file=file, **words))
    if sheet.unended is not None:
        at, found = sheet.unended
        check = "csv_cut_off" if found < allowed else "csv_no_line_end"
        findings.append(finding("ledger", check, file=file, row=at, found=found, allowed=allowed))
    return set(beyond)
