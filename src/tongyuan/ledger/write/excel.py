"""What every workbook that tongyuan writes has in common: safe text, fixed properties, headers and widths."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from tongyuan.ledger.table import Column, Table
from tongyuan.ledger.write.book import Book
from tongyuan.reference.shelf import Language, fold

TEMPLATE_VERSION = "1"
"""Version of the layout of templates; readers accept every version up to this one."""

PRINTED = 7.5
"""Width of an A4 page in landscape between its margins [inch], with room for programs that lack the font of
the columns' widths and take a wider one."""

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
    book = Book(str(path), _SAFE)
    book.set_properties({"created": _CREATED, "title": "tongyuan", "comments": f"tongyuan {language}"})
    return book


def style(book: xlsxwriter.Workbook, **properties: Any) -> Any:
    """Return a format in the common font."""
    return book.add_format(
        {"font_name": "Noto Sans CJK SC", "font_size": 10, "valign": "vcenter", **properties}
    )


def fit_page(sheet: Any, widths: Iterable[float] | None = None) -> None:
    """Let a sheet print on landscape pages, its columns side by side and its header on each.

    Parameters
    ----------
    widths
        Widths of the columns [characters], for long tables: their scale is then set. A spreadsheet program
        that is to find it counts the rows of all sheets anew for every page, which takes minutes.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    if widths is None:
        sheet.fit_to_pages(1, 0)
    else:
        sheet.set_print_scale(print_scale(widths))
    sheet.repeat_rows(0)


def print_scale(widths: Iterable[float]) -> int:
    """Return the scale [%] at which columns of these widths [characters] stand side by side on a page."""
    inches = sum(7 * width + 5 for width in widths) / 96
    return max(10, int(100 * PRINTED / max(inches, PRINTED)))


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
