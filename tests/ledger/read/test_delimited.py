"""Text files: delimiter and encoding from the whole head, rows as seen, and what is cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.read.delimited import decode, delimiter_of, read_delimited
from tongyuan.ledger.read.sheet import ROW, sheets


def test_semicolons_and_tabs_separate_too(tmp_path: Path) -> None:
    for name, separator in (("a.csv", ";"), ("a.tsv", "\t"), ("b.csv", "|")):
        path = tmp_path / name
        path.write_text(f"a{separator}b\n1{separator}2,5\n", encoding="utf-8")
        (sheet,), wrong = sheets(path)
        assert not wrong
        assert (sheet.grid["B"].to_list(), sheet.delimiter) == (["b", "2,5"], separator)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("表一，2021 年\na,b,c\n1,2,3\n", ","),
        ("Table 1, by sector, 2021\na;b;c\n1,5;2,5;3\n4;5,5;6\n", ";"),
        ('a,b,c\n"1;2","3;4",5\n', ","),
        ("one column\n1\n2\n", ","),
        ("a\tb, in t\n1\t2,5\n", "\t"),
    ],
)
def test_the_whole_head_says_what_separates(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_a_declared_delimiter_is_used(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sep=;\na,b;c\n1,5;2\n", encoding="utf-8")
    (sheet,), _ = read_delimited(path)
    assert sheet.grid.rows() == [("a,b", "c", 2), ("1,5", "2", 3)]


def test_rows_of_text_files_are_lines_as_seen(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n\n"x\ny",1\nz,2\n', encoding="utf-8")
    (sheet,), _ = sheets(path)
    assert sheet.grid[ROW].to_list() == [1, 3, 5]
    assert sheet.unended is None


def test_a_last_row_without_end_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n4,5", encoding="utf-8")
    (sheet,), _ = sheets(path)
    assert sheet.unended == (3, 2)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("数值".encode(), "数值", "utf-8"),
        ("数值".encode("gb18030"), "数值", "gb18030"),
        ("数值".encode("utf-16"), "数值", "utf-16"),
        ("数值".encode("utf-8-sig"), "数值", "utf-8-sig"),
        (("能源统计\n" * 20).encode()[:-2], "20", "damaged"),
        ("能源\n统".encode() + b"\xff" + "计年鉴，某省某市".encode(), "2", "damaged"),
        ("数值".encode("utf-16")[:-1], "1", "damaged"),
        (b"\x81\xff\xff", None, ""),
    ],
)
def test_encodings(data: bytes, text: str | None, encoding: str) -> None:
    assert decode(data) == (text, encoding)


def test_a_row_of_many_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + ",".join(map(str, range(2_000))) + "\n", encoding="utf-8")
    found, (wrong,) = sheets(path)
    assert (found, wrong.check, wrong.row) == ([], "too_many_columns", 2)


def test_blank_cells_cost_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + ("," * 20_000 + "\n") * 200, encoding="utf-8")
    (sheet,), wrong = sheets(path)
    assert (sheet.grid.height, sheet.columns, wrong) == (1, ["A", "B"], [])
