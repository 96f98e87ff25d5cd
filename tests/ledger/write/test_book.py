"""A workbook of own sheets has the bytes of the library's."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.write.book import Book

TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
NUMBER = st.one_of(st.integers(-(2**60), 2**60), st.floats(allow_nan=False, allow_infinity=False))


def filled(book: xlsxwriter.Workbook, rows: list[list[object]]) -> bytes:
    """Write rows with and without formats, and what the library writes otherwise; return the file."""
    with book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet, bold = book.add_worksheet("a & <b>"), book.add_format({"bold": True})
        for row, values in enumerate(rows):
            for column, value in enumerate(values):
                write = sheet.write_string if isinstance(value, str) else sheet.write_number
                write(row, column, value, bold if (row + column) % 3 else None)
        last = len(rows)
        sheet.set_row(last, None, bold)
        sheet.set_column(30, 30, 12, bold)
        sheet.write_formula(last, 0, "=A1", bold, 1)
        sheet.write_blank(last, 1, None, bold)
        sheet.write_boolean(last, 2, True, bold)
        sheet.write_url(last, 3, "internal:'a'!A1", bold, "there & back")
        sheet.write_datetime(last, 4, datetime(2020, 2, 29), bold)
        sheet.write_string(last, 30, "far", bold)
        sheet.write_rich_string(last, 6, "a", bold, "b", bold)
    return Path(book.filename).read_bytes()


@given(st.lists(st.lists(st.one_of(TEXT, NUMBER), max_size=30), max_size=6))
def test_any_cells_have_the_same_bytes(tmp_path_factory: pytest.TempPathFactory, rows: list[list[object]]):
    place = tmp_path_factory.mktemp("book")
    ours, theirs = Book(place / "a.xlsx"), xlsxwriter.Workbook(place / "b.xlsx")
    assert filled(ours, rows) == filled(theirs, rows)


def test_sheets_that_are_written_row_by_row_are_the_same(tmp_path: Path) -> None:
    rows = [["<a&b>", 1.0], [" b ", -2]]
    made = []
    for kind in (Book, xlsxwriter.Workbook):
        book = kind(tmp_path / f"{kind.__name__}.xlsx", {"constant_memory": True})
        book.set_properties({"created": datetime(2000, 1, 1)})
        sheet, bold = book.add_worksheet(), book.add_format({"bold": True})
        for row, (text, number) in enumerate(rows):
            sheet.write_string(row, 0, text, bold)
            sheet.write_number(row, 1, number, bold)
        book.close()
        made.append(Path(book.filename).read_bytes())
    assert made[0] == made[1]


def test_what_is_no_number_is_refused(tmp_path: Path) -> None:
    book = Book(tmp_path / "a.xlsx")
    sheet = book.add_worksheet()
    for value in (math.nan, math.inf):
        with pytest.raises(TypeError):
            sheet.write_number(0, 0, value)
    sheet.write_number(0, 27, 1.5, book.add_format())
    book.close()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").active["AB1"].value == 1.5
