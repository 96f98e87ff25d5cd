"""Excel templates to fill in: one sheet per input table, made from the definition of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from tongyuan.ledger.read.cell_list import LISTS
from tongyuan.ledger.read.lookup import choice_title, present_shelves
from tongyuan.ledger.table import Column, Table, names, read_resource, table
from tongyuan.ledger.write import excel
from tongyuan.ledger.write.atomic import replacing
from tongyuan.ledger.write.write import worded
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language, identify, shelf
from tongyuan.reference.shelf import title as shelf_title

DICTIONARY = "_dictionary"
"""Hidden sheet of a template: its version, its tables and columns, and the lists of the drop-downs."""

ROWS = 5_000
"""Rows of a template that have drop-downs and limits."""


def input_tables() -> tuple[str, ...]:
    """Return the names of the tables that people fill in."""
    return tuple(name for name in names() if table(name).role == "input")


def write_template(
    path: Path,
    tables: Sequence[str] | None = None,
    language: Language = "zh",
    *,
    example: bool = True,
    kind: str = "",
) -> None:
    """Write an Excel template at `path`.

    Parameters
    ----------
    path
        Where to write; the file appears whole or not at all.
    tables
        Names of the tables wanted; all input tables when not given.
    language
        Of headers, comments and drop-downs. Files in either language are read alike.
    example
        Whether row 2 shows an example, which readers skip.
    kind
        Kind of workspace: its lists leave out what does not occur there (a park keeps no herd).

    Raises
    ------
    KeyError
        If the ledger has no such table.
    FindingError
        If the file cannot be written.
    """
    definitions = [table(name) for name in (tables if tables is not None else input_tables())]
    write_sheets(path, definitions, language, example=example, kind=kind)


def write_sheets(
    path: Path,
    definitions: Sequence[Table],
    language: Language = "zh",
    *,
    example: bool = True,
    rows: Mapping[str, pl.DataFrame] = MappingProxyType({}),
    kind: str = "",
) -> None:
    """Write an Excel template with one sheet for each of `definitions`, which may hold fewer columns.

    Parameters
    ----------
    path, language, example, kind
        As for :func:`write_template`.
    definitions
        Tables with the columns that are wanted.
    rows
        Rows that stand in a sheet already, by name of the table; a table with rows has no example.

    Raises
    ------
    FindingError
        If the file cannot be written.
    """
    with replacing(path) as temporary:
        book = excel.workbook(temporary, language)
        guide = book.add_worksheet(say("ledger", "guide_sheet", language))
        sheets = [book.add_worksheet(excel.sheet_name(excel.title(t, language))) for t in definitions]
        lists = _dictionary(book, definitions, language, kind)
        for sheet, definition in zip(sheets, definitions, strict=True):
            given = rows.get(definition.name)
            filled = given is not None and given.height > 0
            _table_sheet(book, sheet, definition, language, lists, example and not filled)
            if given is not None:
                fill(sheet, definition, worded(definition.name, given, language))
        _guide(book, guide, definitions, language)
        sheets[0].activate() if sheets else guide.activate()
        book.close()


def fill(sheet: Any, definition: Table, rows: pl.DataFrame) -> None:
    """Write `rows` below the header of a sheet, as a person would have typed them."""
    for position, column in enumerate(definition.columns):
        if column.name not in rows.columns:
            continue
        for row, value in enumerate(rows[column.name].to_list(), start=1):
            if value is None or value == "":
                continue
            if isinstance(value, bool):
                sheet.write_string(row, position, "是" if value else "否")
            elif isinstance(value, int | float):
                sheet.write_number(row, position, value)
            elif isinstance(value, date):
                sheet.write_datetime(row, position, value)
            else:
                sheet.write_string(row, position, excel.safe_text(str(value)))


@cache
def _foreign(kind: str, name: str) -> frozenset[str]:
    """Return the entries of a shelf that do not occur in a kind of workspace (``template_scope.csv``)."""
    found: set[str] = set()
    for rule in read_resource("template_scope.csv").filter(kind=kind, shelf=name).to_dicts():
        frame, leaves = shelf(name), str(rule["leaves"]).split("|")
        for key, value in frame.select(pl.col(frame.columns[0]).alias("key"), rule["column"]).iter_rows():
            if any(value == one or str(value).startswith(f"{one}.") for one in leaves):
                found.add(key)
    return frozenset(found)


def options(column: Column, language: Language, kind: str = "") -> list[str]:
    """Return what the drop-down of `column` offers: titles, or ids where a title is not unique.

    In a template of some `kind` of workspace it offers what occurs there.
    """
    if column.choices:
        return [choice_title(choice, language) for choice in column.choices]
    offered = []
    for name in present_shelves(column):
        frame = shelf(name)
        for key in frame[frame.columns[0]]:
            if key in _foreign(kind, name):
                continue
            text = shelf_title(name, key, language) if f"title_{language}" in frame.columns else key
            offered.append(text if identify(name, text) == key else key)
    return offered


def _dictionary(
    book: xlsxwriter.Workbook, definitions: Sequence[Table], language: Language, kind: str = ""
) -> dict[tuple[tuple[str, ...], tuple[str, ...]], str]:
    """Write the hidden sheet; return the range of each list, by what the column refers to."""
    sheet = book.add_worksheet(DICTIONARY)
    sheet.hide()
    sheet.write_row(0, 0, ["template_version", excel.TEMPLATE_VERSION, "language", language])
    sheet.write_row(1, 0, ["table", "column", "title_zh", "title_en", "type", "unit", "required"])
    row = 2
    for definition in definitions:
        for c in definition.columns:
            required = "yes" if c.required else "no"
            sheet.write_row(
                row, 0, [definition.name, c.name, c.title_zh, c.title_en, c.type, c.unit, required]
            )
            row += 1
    ranges: dict[tuple[tuple[str, ...], tuple[str, ...]], str] = {}
    position = 8
    for definition in definitions:
        for column in definition.columns:
            key = (column.refers_to, column.choices)
            offered = options(column, language, kind)
            if key in ranges or not offered:
                continue
            sheet.write_string(0, position, "|".join(column.refers_to or column.choices))
            sheet.write_column(1, position, offered)
            letters = xl_col_to_name(position)
            ranges[key] = f"={DICTIONARY}!${letters}$2:${letters}${len(offered) + 1}"
            position += 1
    return ranges


def _table_sheet(
    book: xlsxwriter.Workbook,
    sheet: Any,
    definition: Table,
    language: Language,
    lists: dict[tuple[tuple[str, ...], tuple[str, ...]], str],
    example: bool,
) -> None:
    must = excel.style(
        book, bold=True, bg_color="#1F5C57", font_color="#FFFFFF", border=1, text_wrap=True, align="center"
    )
    may = excel.style(book, bold=True, bg_color="#DCE9E6", border=1, text_wrap=True, align="center")
    italic = excel.style(book, italic=True, font_color="#808080", bg_color="#F7F7F7")
    mark = say("ledger", "example_mark", language)
    sheet.freeze_panes(1, 0)
    excel.fit_page(sheet)
    sheet.set_row(0, 32)
    for position, column in enumerate(definition.columns):
        text = excel.heading(definition, column, language, required=column.required)
        sheet.write_string(0, position, text, must if column.required else may)
        sheet.write_comment(0, position, _comment(column, language), {"x_scale": 2, "y_scale": 1.2})
        sample = _example(column, language)
        if example:
            sheet.write_string(1, position, (mark if position == 0 else "") + sample, italic)
        width = max(excel.display_width(text), min(excel.display_width(sample), 36), 10) + 2
        sheet.set_column(position, position, min(width, 40), excel.style(book, num_format=_format(column)))
        rule = _rule(column, lists, language)
        if rule:
            sheet.data_validation(1, position, ROWS, position, rule)


def _format(column: Column) -> str:
    if column.type in ("text", "reference", "choice", "unit", "month", *LISTS):
        return "@"
    return {"date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm"}.get(column.type, "General")


def _example(column: Column, language: Language) -> str:
    if column.example:
        return column.example
    offered = options(column, language) if (column.choices or column.refers_to) else []
    return offered[0] if offered and column.required else ""


def _comment(column: Column, language: Language) -> str:
    parts = [excel.title(column, language), excel.description(column, language)]
    kind = say("ledger", f"type_{column.type}", language)
    required = say("ledger", "yes" if column.required else "no", language)
    parts.append(f"{say('ledger', 'guide_type', language)}: {kind}")
    parts.append(f"{say('ledger', 'guide_required', language)}: {required}")
    allowed = _allowed(column, language)
    if allowed:
        parts.append(f"{say('ledger', 'guide_allowed', language)}: {allowed}")
    if column.example:
        parts.append(f"{say('ledger', 'guide_example', language)}: {column.example}")
    return "\n".join(part for part in parts if part)


def _allowed(column: Column, language: Language) -> str:
    if column.choices:
        return ", ".join(options(column, language))
    low, high = column.minimum, column.maximum
    if low is None and high is None:
        return ""
    return f"{'' if low is None else format(low, 'g')} … {'' if high is None else format(high, 'g')}"


def _rule(
    column: Column, lists: dict[tuple[tuple[str, ...], tuple[str, ...]], str], language: Language
) -> dict[str, Any] | None:
    words = {
        "input_title": excel.title(column, language)[:32],
        "input_message": excel.safe_text(excel.description(column, language))[:255] or None,
    }
    source = lists.get((column.refers_to, column.choices))
    if source and column.type not in LISTS:
        kind = "stop" if column.choices else "warning"
        return {"validate": "list", "source": source, "error_type": kind, **words}
    if column.type == "boolean":
        pair = [say("ledger", "yes", language), say("ledger", "no", language)]
        return {"validate": "list", "source": pair, **words}
    if column.type in ("number", "share", "integer", "year"):
        low, high = column.minimum, column.maximum
        validate = "integer" if column.type in ("integer", "year") else "decimal"
        if low is not None and high is not None:
            return {"validate": validate, "criteria": "between", "minimum": low, "maximum": high, **words}
        if low is not None:
            return {"validate": validate, "criteria": ">=", "value": low, **words}
        if high is not None:
            return {"validate": validate, "criteria": "<=", "value": high, **words}
        return {"validate": validate, "criteria": "between", "minimum": -1e15, "maximum": 1e15, **words}
    return None


def _guide(book: xlsxwriter.Workbook, sheet: Any, definitions: Sequence[Table], language: Language) -> None:
    head = excel.style(book, bold=True, bg_color="#DCE9E6", border=1)
    wrap = excel.style(book, text_wrap=True)
    keys = ("table", "column", "unit", "required", "type", "allowed", "description", "example")
    sheet.write_string(0, 0, say("ledger", "guide_head", language, version=excel.TEMPLATE_VERSION))
    for position, (key, width) in enumerate(zip(keys, (16, 18, 10, 8, 14, 30, 60, 24), strict=True)):
        sheet.write_string(2, position, say("ledger", f"guide_{key}", language), head)
        sheet.set_column(position, position, width)
    sheet.freeze_panes(3, 0)
    excel.fit_page(sheet)
    row = 3
    for definition in definitions:
        for column in definition.columns:
            cells = (
                excel.title(definition, language),
                excel.title(column, language),
                column.unit,
                say("ledger", "yes" if column.required else "no", language),
                say("ledger", f"type_{column.type}", language),
                _allowed(column, language),
                excel.description(column, language),
                column.example,
            )
            for position, text in enumerate(cells):
                sheet.write_string(row, position, excel.safe_text(text), wrap)
            row += 1
