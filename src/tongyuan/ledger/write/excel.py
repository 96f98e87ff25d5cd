"""What every workbook that tongyuan writes has in common: safe text, fixed properties, headers and widths."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tongyuan.ledger.table import Column, Table
from tongyuan.reference.shelf import Language, fold

TEMPLATE_VERSION = "1"
"""Version of the layout of templates; readers accept every version up to this one."""

_CREATED = datetime(2000, 1, 1)
_SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": True,
}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FORBIDDEN_NAME = re.compile(r"[\[\]:*?/\\]")


def workbook(path: Path, language: Language) -> xlsxwriter.Workbook:
    """Return a new workbook whose bytes depend on its content only; text never becomes a formula."""
    book = xlsxwriter.Workbook(str(path), _SAFE)
    book.set_properties({"created": _CREATED, "title": "tongyuan", "comments": f"tongyuan {language}"})
    return book


def style(book: xlsxwriter.Workbook, **properties: Any) -> Any:
    """Return a format in the common font."""
    return book.add_format(
        {"font_name": "Noto Sans CJK SC", "font_size": 10, "valign": "vcenter", **properties}
    )


def fit_page(sheet: Any) -> None:
    """Let a sheet print on landscape pages, its columns side by side and its header on each."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def sheet_name(text: str) -> str:
    """Return `text` as Excel accepts it for a sheet."""
    return _FORBIDDEN_NAME.sub("_", text)[:31].strip("'") or "_"


def safe_text(text: str) -> str:
    """Return `text` without characters a workbook cannot hold, at most as long as a cell."""
    return _CONTROL.sub("", text)[:32_767]


def neutral(text: str) -> str:
    """Return `text` so that no spreadsheet program runs it as a formula when it opens a CSV file.

    A leading ``=``, ``+``, ``-``, ``@`` (of either width), tab or line break gets an apostrophe before it;
    numbers and dashes stay.
    """
    number = r"[+-]?[\d.,]+(?:[eE][+-]?\d+)?%?|[-－]+"
    if text and text[0] in "=+-@＝＋－＠\t\r\n" and not re.fullmatch(number, text):
        return "'" + text
    return text


def title(item: Table | Column, language: Language) -> str:
    """Return the title of a table or column."""
    return (item.title_en if language == "en" else item.title_zh) or item.name


def description(item: Table | Column, language: Language) -> str:
    """Return the description of a table or column."""
    return item.description_en if language == "en" else item.description_zh


def heading(definition: Table, column: Column, language: Language, *, required: bool = False) -> str:
    """Return the header of `column`: its title, its unit, and a star when it must be filled in.

    A title that two columns of the table share names neither: the id stands in its place.
    """
    text = title(column, language)
    if sum(fold(title(other, language)) == fold(text) for other in definition.columns) > 1:
        text = column.name
    if column.unit:
        text += f"（{column.unit}）" if language == "zh" else f" ({column.unit})"
    return text + ("*" if required else "")


def display_width(text: str) -> int:
    """Return the width of `text` in characters, Chinese ones counted twice."""
    return sum(2 if ord(character) > 0x2E7F else 1 for character in text)
