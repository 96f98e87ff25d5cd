"""Forms: workbooks filled in beforehand, protected but for the cells that people are asked to fill in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from tongyuan.ledger.table import Column, Table, table
from tongyuan.ledger.write import excel
from tongyuan.ledger.write.atomic import replacing
from tongyuan.ledger.write.template import _comment, _dictionary, _format, _guide, _rule
from tongyuan.ledger.write.write import worded
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language

LINE = 15
"""Height of a line of text [points]; rows are as high as their longest given cell needs."""


def write_form(
    path: Path,
    tables: Mapping[str, pl.DataFrame],
    *,
    locked: Mapping[str, Sequence[str]],
    language: Language = "zh",
    spare: Mapping[str, int] | None = None,
) -> None:
    """Write a protected workbook with one sheet per table.

    Parameters
    ----------
    path
        Where to write; the file appears whole or not at all.
    tables
        Rows given beforehand, by table; columns absent from a frame are left out of the sheet.
    locked
        Columns of each table that cannot be changed in the given rows. Everything else can be filled in and
        has the drop-downs and limits of its schema.
    language
        Of headers, comments and drop-downs.
    spare
        Rows below the given ones in which every column can be filled in; none when not named.
    """
    definitions = [_cut(table(name), frame) for name, frame in tables.items()]
    with replacing(path) as temporary:
        book = excel.workbook(temporary, language)
        guide = book.add_worksheet(say("ledger", "guide_sheet", language))
        sheets = [book.add_worksheet(excel.sheet_name(excel.title(d, language))) for d in definitions]
        lists = _dictionary(book, definitions, language)
        for sheet, definition in zip(sheets, definitions, strict=True):
            frame = tables[definition.name]
            extra = (spare or {}).get(definition.name, 0)
            _sheet(
                book, sheet, definition, frame, set(locked.get(definition.name, ())), extra, lists, language
            )
        _guide(book, guide, definitions, language)
        guide.protect()
        sheets[0].activate() if sheets else guide.activate()
        book.close()


def _cut(definition: Table, frame: pl.DataFrame) -> Table:
    kept = tuple(c for c in definition.columns if c.name in frame.columns)
    return replace(definition, columns=kept)


def _sheet(
    book: xlsxwriter.Workbook, sheet: Any, definition: Table, frame: pl.DataFrame, locked: set[str],
    spare: int, lists: Any, language: Language,
) -> None:  # fmt: skip
    head = excel.style(
        book, bold=True, bg_color="#1F5C57", font_color="#FFFFFF", border=1, text_wrap=True, align="center"
    )
    fixed = {
        "bg_color": "#EFEFEF",
        "text_wrap": True,
        "valign": "top",
        "border": 1,
        "border_color": "#D0D0D0",
    }
    free = {"locked": False, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#D0D0D0"}
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    lines = [1] * (frame.height + 1)
    shown = worded(definition.name, frame.select(c.name for c in definition.columns), language)
    for position, column in enumerate(definition.columns):
        text = excel.heading(definition, column, language, required=column.required)
        sheet.write_string(0, position, text, head)
        sheet.write_comment(0, position, _comment(column, language), {"x_scale": 2, "y_scale": 1.2})
        width = _width(column, text, shown[column.name])
        sheet.set_column(position, position, width)
        for row, value in enumerate(shown[column.name].to_list(), start=1):
            lines[row] = max(lines[row], -(-excel.display_width(str(value or "")) // (width - 1)))
        shut = excel.style(book, **fixed, num_format=_format(column))
        open_ = excel.style(book, **free, num_format=_format(column))
        for row, value in enumerate(shown[column.name].to_list(), start=1):
            _write(sheet, row, position, value, shut if column.name in locked else open_)
        for row in range(shown.height + 1, shown.height + 1 + spare):
            sheet.write_blank(row, position, None, open_)
        rule = _rule(column, lists, language)
        last = shown.height + spare
        first = 1 if column.name not in locked else shown.height + 1
        if rule and first <= last:
            sheet.data_validation(first, position, last, position, rule)
    for row, count in enumerate(lines[1:], start=1):
        sheet.set_row(row, LINE * count)
    sheet.protect(
        "",
        {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True, "insert_rows": False},
    )


def _width(column: Column, text: str, values: pl.Series) -> int:
    sample = values.head(200).cast(pl.String, strict=False).drop_nulls().to_list()
    widest = max((excel.display_width(t) for t in sample), default=0)
    least = 28 if column.type == "text" and not sample else 10
    return min(max(excel.display_width(text) + 2, min(widest, 44), least), 46)


def _write(sheet: Any, row: int, position: int, value: Any, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, position, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, position, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, position, value, style)
    else:
        sheet.write_string(row, position, excel.safe_text(str(value)), style)
