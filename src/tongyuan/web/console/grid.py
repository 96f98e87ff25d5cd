"""Tables of a page: filtered, sorted and cut on the server, with an address for every state."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import polars as pl

from tongyuan.ledger import table as ledger
from tongyuan.ledger.table import LIST
from tongyuan.ledger.write import excel
from tongyuan.ledger.write.write import worded, write_csv
from tongyuan.reference.shelf import Language
from tongyuan.web.console.cell import column_title

LIMIT, LARGEST = 50, 500
"""Rows of a page: usually, and at most."""

SIGNS = {">=": "ge", "<=": "le", "!=": "ne", ">": "gt", "<": "lt", "=": "eq", "~": "has"}
"""Comparisons of a filter such as ``value>=10``; ``~`` is "contains"."""


@dataclass(frozen=True)
class View:
    """Which rows of a table are shown, and in what order.

    Parameters
    ----------
    where
        Filters such as ``species=CO2``, ``value>=10``, ``source~年鉴``; all of them hold.
    sort
        A column, with ``-`` before it from the largest on.
    offset, limit
        The first row, and how many.
    """

    where: tuple[str, ...] = ()
    sort: str = ""
    offset: int = 0
    limit: int = LIMIT

    @classmethod
    def of(cls, asked: Sequence[tuple[str, str]]) -> View:
        """Return the view that the fields of an address ask for."""
        last = dict(asked)
        where = tuple(value for name, value in asked if name == "where" and value.strip())
        column, sign, value = (last.get(f"filter_{part}", "") for part in ("column", "sign", "value"))
        if column and value:
            where = (*where, f"{column}{sign if sign in SIGNS else '='}{value}")
        return cls(
            tuple(dict.fromkeys(where)),
            last.get("sort", ""),
            _number(last.get("offset", ""), 0, 2**31),
            max(1, _number(last.get("limit", ""), LIMIT, LARGEST)),
        )

    def address(self, **changes: Any) -> str:
        """Return the fields of an address with this view, some of them changed."""
        now: dict[str, Any] = {
            "where": self.where, "sort": self.sort, "offset": self.offset, "limit": self.limit,
        } | changes  # fmt: skip
        usual = {"where": (), "sort": "", "offset": 0, "limit": LIMIT}
        pairs = [(k, v) for k, v in now.items() if v != usual[k]]
        return urlencode([(k, one) for k, v in pairs for one in (v if k == "where" else [v])])


def _number(text: str, usual: int, largest: int) -> int:
    return min(int(text), largest) if text.isdigit() and len(text) < 12 else usual


@dataclass(frozen=True)
class Grid:
    """A cut of a table: its columns and rows, how many there are, and the filters that could not be used."""

    frame: pl.DataFrame
    total: int
    view: View
    refused: tuple[str, ...] = ()
    table: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def end(self) -> int:
        """Return the number of the last row shown."""
        return self.view.offset + self.frame.height


def chosen(frame: pl.DataFrame, view: View) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """Return the rows that a view chooses, in its order, and the filters that cannot be used."""
    refused = []
    for one in view.where:
        test = _test(frame, one)
        if test is None:
            refused.append(one)
        else:
            frame = frame.filter(test)
    name = view.sort.removeprefix("-")
    if name in frame.columns and frame.schema[name] != LIST:
        frame = frame.sort(name, descending=view.sort.startswith("-"), nulls_last=True, maintain_order=True)
    elif view.sort:
        refused.append(view.sort)
    return frame, tuple(refused)


def _test(frame: pl.DataFrame, text: str) -> pl.Expr | None:
    sign = min((s for s in SIGNS if s in text), key=lambda s: (text.index(s), -len(s)), default=None)
    if sign is None:
        return None
    name, value = (part.strip() for part in text.split(sign, 1))
    if name not in frame.columns:
        return None
    kind, column = frame.schema[name], pl.col(name)
    if kind == LIST:
        column, kind = column.list.join(" "), pl.String()
    if sign == "~":
        return column.cast(pl.String).str.contains(value, literal=True)
    if value == "" and sign in ("=", "!="):
        empty = column.is_null() | (column.cast(pl.String) == "")
        return empty if sign == "=" else ~empty
    given: Any = value
    if kind.is_numeric():
        try:
            given = float(value)
        except ValueError:
            return None
    elif kind == pl.Boolean:
        given = value.lower() in ("true", "1", "yes", "是")
    elif kind != pl.String:
        column = column.cast(pl.String)
    test: pl.Expr = getattr(column, SIGNS[sign])(given)
    return test


def grid(
    frame: pl.DataFrame,
    view: View,
    language: Language,
    table: str = "",
    names: Mapping[str, Mapping[str, str]] | None = None,
) -> Grid:
    """Return the part of a table that a view shows; ids of the ledger as their titles.

    `names` holds what ids of further columns are called; the id stands behind its name.
    """
    found, refused = chosen(frame, view)
    shown = found.slice(view.offset, view.limit)
    if table in ledger.names():
        shown = worded(table, shown, language)
    for column, called in (names or {}).items():
        told = {
            one: f"{name}（{one}）" if language == "zh" else f"{name} ({one})" for one, name in called.items()
        }
        if told and column in shown.columns:
            shown = shown.with_columns(pl.col(column).cast(pl.String).replace(told))
    titles = {name: column_title(name, language, table) for name in frame.columns}
    return Grid(shown, found.height, view, refused, table, titles)


def as_csv(frame: pl.DataFrame, table: str, language: Language) -> bytes:
    """Return a table as CSV that spreadsheet programs read; no text of it is run as a formula."""
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "table.csv"
        write_csv(frame, path, name=table, language=language if table in ledger.names() else None)
        return path.read_bytes()


def as_excel(frame: pl.DataFrame, table: str, language: Language) -> bytes:
    """Return a table as a workbook; numbers stay numbers, text is never a formula."""
    shown = worded(table, frame, language) if table in ledger.names() else frame
    with tempfile.TemporaryDirectory() as made:
        path = Path(made) / "table.xlsx"
        book = excel.workbook(path, language)
        sheet = book.add_worksheet(excel.sheet_name(table or "table"))
        strong = excel.style(book, bold=True)
        for position, name in enumerate(shown.columns):
            sheet.write_string(0, position, column_title(name, language, table), strong)
            for row, value in enumerate(shown[name].to_list(), start=1):
                if isinstance(value, bool) or (value is not None and not isinstance(value, int | float)):
                    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
                    sheet.write_string(row, position, excel.safe_text(text))
                elif value is not None:
                    sheet.write_number(row, position, value)
        sheet.freeze_panes(1, 0)
        book.close()
        return path.read_bytes()
