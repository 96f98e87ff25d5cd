"""The full tables of a run as a workbook: a sheet for each table, styled, and contents."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.ledger import table as ledger_table
from tongyuan.ledger.write.atomic import replacing
from tongyuan.ledger.write.book import Book
from tongyuan.ledger.write.excel import print_scale
from tongyuan.reference.language import say
from tongyuan.reference.shelf import Language
from tongyuan.report.base import label
from tongyuan.report.base.excerpt import ROWS, Excerpt, excerpt
from tongyuan.report.base.format import decimals
from tongyuan.report.html.document import default_title

# Sheets in this order; tables not named here follow after them.
ORDER = (
    "summary",
    "uncertainty",
    "key_category",
    "comparison",
    "control_effect",
    "gap",
    "emission",
    "factor_used",
    "activity",
    "observation",
    "finding",
    "run",
)
HEADER_ROW = 3
MOST_PLACES = 6
"""Decimals of the smallest number that is not written with an exponent."""
_SHELVES = {"region", "process", "product", "technology", "control", "sector"}
_WORDS = {"origin": "origin", "status": "status", "severity": "severity", "method": "uncertainty_method"}
_INK = "#274B7A"


@dataclass
class Styles:
    """The cell formats of a workbook, made once each."""

    book: Any
    made: dict[str, Any] = field(default_factory=dict)
    numbers: dict[int, Any] = field(default_factory=dict)
    """Formats of numbers by their decimals."""

    def get(self, name: str, **properties: Any) -> Any:
        """Return format `name`, making it from `properties` on first use."""
        if name not in self.made:
            self.made[name] = self.book.add_format({"font_size": 10, "valign": "top"} | properties)
        return self.made[name]

    def head(self) -> Any:
        """Return the format of a header cell."""
        return self.get("head", bold=True, font_color="#FFFFFF", bg_color=_INK, text_wrap=True, border=1)

    def number(self, value: float) -> Any:
        """Return the number format that shows `value` with four significant digits."""
        places = min(decimals(value), MOST_PLACES + 1)
        if places not in self.numbers:
            pattern = "#,##0" + ("." + "0" * places if places else "")
            if places > MOST_PLACES:
                pattern = "0.000E+00"
            self.numbers[places] = self.get(f"number {pattern}", num_format=pattern)
        return self.numbers[places]

    def link(self) -> Any:
        """Return the format of a link."""
        return self.get("link", font_color=_INK, underline=1)


def _cell(table: str, column: str, value: Any, language: Language) -> Any:
    """Return the value as a person reads it: titles for references, words for codes."""
    if not isinstance(value, str) or not value:
        return value
    if column in _SHELVES:
        return label.title("process" if column == "sector" else column, value, language)
    if column == "group":
        total = say("report", "word.total", language)
        return total if value == "total" else label.title("process", value, language)
    if column == "kind" and table == "gap":
        return label.word("gap_kind", value, language)
    if column == "key" and table == "run":
        return label.word("run", value, language, "report.run")
    return label.word(_WORDS[column], value, language) if column in _WORDS else value


def title_rows(sheet: Any, styles: Styles, title: str, note: str, language: Language) -> None:
    """Write title, remark and the way back to the contents into the first three rows of a sheet."""
    sheet.write(0, 0, title, styles.get("title", bold=True, font_size=14, font_color=_INK))
    sheet.write(1, 0, note, styles.get("note", font_color="#57606A"))
    contents = say("report", "excel.contents", language)
    back = say("report", "excel.back", language)
    sheet.write_url(2, 0, f"internal:'{contents}'!A1", styles.link(), back)


def _table_title(name: str, language: Language) -> tuple[str, str]:
    """Return title and description of a table from its schema, or from the section that shows it."""
    try:
        known = ledger_table.table(name)
    except KeyError:
        return say("report", f"section.{name}", language), ""
    if language == "zh":
        return known.title_zh, known.description_zh
    return known.title_en, known.description_en


def _write_values(sheet: Any, styles: Styles, column: int, values: Iterable[Any]) -> None:
    """Write values below the header of a column; what is missing or no number leaves its cell out."""
    cell = styles.get("cell")
    for row, value in enumerate(values, HEADER_ROW + 1):
        if value is None:
            continue
        if isinstance(value, str):
            sheet.write_string(row, column, value, cell)
        elif isinstance(value, float):
            if math.isfinite(value):
                sheet.write_number(row, column, value, styles.number(value))
        elif isinstance(value, bool):
            sheet.write_string(row, column, "✓" if value else "", cell)
        elif isinstance(value, int):
            sheet.write_number(row, column, value, cell)
        else:
            sheet.write_string(row, column, str(value), cell)


def _write_table(
    sheet: Any, styles: Styles, name: str, frame: pl.DataFrame, language: Language, part: Excerpt
) -> None:
    title, note = _table_title(name, language)
    if part.shown < frame.height:
        key = "truncated_rest" if part.rest.height else "truncated_largest" if part.largest else "truncated"
        told = {"count": frame.height, "shown": part.shown, "file": f"{name}.parquet"}
        note = say("report", f"excel.{key}", language, **told)
    title_rows(sheet, styles, title, note, language)
    rows = part.shown + part.rest.height
    joint = "、" if language == "zh" else ", "
    widths: list[int] = []
    for index, (column, dtype) in enumerate(frame.schema.items()):
        sheet.write_string(HEADER_ROW, index, label.table_column(name, column, language), styles.head())
        numeric = dtype.is_numeric()
        widths.append(13 if numeric else 18 if frame.width > 6 else 34)
        sheet.set_column(index, index, widths[-1])
        values = part.frame[column].to_list()
        if isinstance(dtype, pl.List):
            each = [[_cell(name, column, word, language) for word in words or ()] for words in values]
            values = [joint.join(words) for words in each]
        elif not numeric:
            shown = {value: _cell(name, column, value, language) for value in set(values)}
            values = [shown[value] for value in values]
        _write_values(sheet, styles, index, [*values, *_of_rest(part.rest, column, index, language)])
    if frame.height and frame.width:
        sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + rows, frame.width - 1)
    sheet.freeze_panes(HEADER_ROW + 1, min(2, frame.width))
    sheet.set_landscape()
    sheet.set_paper(9)
    # a program that is to find the scale counts the rows of all sheets for every page
    sheet.set_print_scale(print_scale(widths))
    sheet.repeat_rows(HEADER_ROW)


def _of_rest(rest: pl.DataFrame, column: str, index: int, language: Language) -> list[Any]:
    """Return what stands in `column` of the rows that sum up what is not shown; the first column says so."""
    if index == 0:
        counts = rest["rows"].to_list() if rest.height else []
        return [say("report", "excel.rest", language, count=count) for count in counts]
    return rest[column].to_list() if column in rest.columns else [None] * rest.height


def sheet_name(title: str, used: set[str]) -> str:
    """Return a name that Excel allows and that `used` does not have yet, and add it to `used`."""
    clean = "".join("-" if c in "[]:*?/\\" else c for c in title)[:31].strip("'")
    name, count = clean, 2
    while name.casefold() in used:
        name, count = f"{clean[:28]} {count}", count + 1
    used.add(name.casefold())
    return name


def write_tables(
    tables: Mapping[str, pl.DataFrame],
    path: str | Path,
    language: Language,
    *,
    title: str | None = None,
    row_limit: int = ROWS,
    parts: Mapping[str, Excerpt] | None = None,
) -> Path:
    """Write `tables` as one workbook with contents and a sheet for each table.

    Parameters
    ----------
    tables : mapping of str to polars.DataFrame
        Ledger tables by name; empty ones get no sheet.
    path : str or Path
        The file to write.
    language : {'zh', 'en'}
    title : str, optional
        Heading of the contents sheet.
    row_limit : int
        Rows written per sheet; a longer table says how many rows it has and where they are
        (:func:`tongyuan.report.base.excerpt.excerpt`).
    parts : mapping of str to Excerpt, optional
        What is shown of tables, where it is known before.

    Returns
    -------
    Path
        The file written.
    """
    target = Path(path)
    held = {name: frame for name, frame in tables.items() if frame.height}
    order = [name for name in ORDER if name in held] + sorted(name for name in held if name not in ORDER)
    with opened(target, title or default_title(tables, language)) as (book, styles):
        used: set[str] = set()
        contents = book.add_worksheet(sheet_name(say("report", "excel.contents", language), used))
        listed: list[tuple[str, str, int]] = []
        for name in order:
            text, note = _table_title(name, language)
            sheet = book.add_worksheet(sheet_name(text, used))
            part = (parts or {}).get(name) or excerpt(name, held[name], row_limit)
            _write_table(sheet, styles, name, held[name], language, part)
            listed.append((sheet.get_name(), note or text, held[name].height))
        write_contents(contents, styles, title or default_title(tables, language), listed, language)
    return target


@contextmanager
def opened(target: Path, title: str) -> Iterator[tuple[Any, Styles]]:
    """Open a workbook that replaces `target` when it is whole; the same content gives the same bytes."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(target) as temporary, Book(temporary, options) as book:
        # A fixed date keeps the workbook of the same tables the same; the run record has the time.
        book.set_properties({"title": title, "created": datetime(2000, 1, 1)})
        yield book, Styles(book)


def write_contents(
    sheet: Any, styles: Styles, title: str, listed: list[tuple[str, str, int]], language: Language
) -> None:
    """Write what every sheet holds, with a link to it."""
    sheet.write(0, 0, title, styles.get("title", bold=True, font_size=14, font_color=_INK))
    sheet.write(
        1, 0, say("report.inventory", "card.note", language), styles.get("note", font_color="#57606A")
    )
    for index, key in enumerate(("sheet", "content", "rows")):
        sheet.write_string(HEADER_ROW, index, say("report", f"excel.{key}", language), styles.head())
    for offset, (name, content, rows) in enumerate(listed):
        row = HEADER_ROW + 1 + offset
        quoted = name.replace("'", "''")
        sheet.write_url(row, 0, f"internal:'{quoted}'!A1", styles.link(), name)
        sheet.write_string(row, 1, content, styles.get("cell"))
        sheet.write_number(row, 2, rows, styles.get("cell"))
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 76)
    sheet.set_column(2, 2, 10)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
