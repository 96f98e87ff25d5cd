"""Sheets keep the place, the precision and the marks of their cells."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.sheet import ROW, column_index, grid_of, letter, scan, sheets


@given(st.integers(0, 16_383))
def test_letters_and_positions_are_inverse(index: int) -> None:
    assert column_index(letter(index)) == index


@pytest.mark.parametrize(("index", "text"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (16_383, "XFD")])
def test_letters_as_excel_has_them(index: int, text: str) -> None:
    assert letter(index) == text


def test_small_and_long_numbers_keep_full_precision(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("s")
    values = [1e-12, 1 / 3, 123456789.1234567, 1e22]
    page.write_column(2, 1, values)
    book.close()
    (sheet,), wrong = sheets(path)
    assert not wrong
    assert sheet.columns == ["B"]
    assert sheet.grid[ROW].to_list() == [1, 2, 3, 4, 5, 6]
    exact = sheet.exact("B", sheet.grid[ROW])
    assert exact is not None
    plain = sheet.grid["B"].to_list()[2:]
    read = [float(t) if e is None else e for e, t in zip(exact.to_list()[2:], plain, strict=True)]
    assert read == pytest.approx(values, rel=1e-15)
    assert sheet.exact("A", sheet.grid[ROW]) is None


def test_a_frame_becomes_a_sheet_with_its_header() -> None:
    sheet = grid_of(pl.DataFrame({"x": [0.1, None], "y": ["a", "b"], "z": [[1], [2]]}))
    assert sheet.grid[ROW].to_list() == [0, 1, 2]
    assert sheet.grid["A"].to_list() == ["x", "0.1", None]
    assert sheet.grid["C"].to_list() == ["z", "[1]", "[2]"]


def test_prefixed_worksheets_are_scanned_too() -> None:
    xml = (
        b'<x:worksheet xmlns:x="u"><x:sheetData><x:row r="2" hidden="1">'
        b'<x:c r="C2" t="e"><x:v>#REF!</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    found = scan(xml)
    assert found is not None
    marks, first = found
    assert marks.errors == (("C", 2, "#REF!"),)
    assert marks.hidden_rows == (2,)
    assert first == 2


def test_semicolons_and_tabs_separate_too(tmp_path: Path) -> None:
    for name, separator in (("a.csv", ";"), ("a.tsv", "\t")):
        path = tmp_path / name
        path.write_text(f"a{separator}b\n1{separator}2,5\n", encoding="utf-8")
        (sheet,), wrong = sheets(path)
        assert not wrong
        assert sheet.grid["B"].to_list() == ["b", "2,5"]


def test_rows_of_text_files_are_lines_as_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n\n"x\ny",1\nz,2\n', encoding="utf-8")
    (sheet,), _ = sheets(path)
    assert sheet.grid[ROW].to_list() == [1, 3, 5]
