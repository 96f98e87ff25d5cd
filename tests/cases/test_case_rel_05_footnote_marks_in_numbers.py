"""A footnote mark is never a digit, a blank between digits is told cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from tongyuan.ledger.read.read import Reading, read

HEAD = ["region", "year", "process", "product", "value", "unit", "source"]
ROW = ["济南市", "2021", "energy.power", "bituminous", "", "万吨", "x"]


def seen(path: Path, *values: str) -> Reading:
    file = path / "activity.csv"
    rows = [[*ROW[:4], f'"{v}"', *ROW[5:]] for v in values]
    file.write_text("".join(",".join(r) + "\n" for r in (HEAD, *rows)), encoding="utf-8")
    return read(file, unique=False)


@pytest.mark.parametrize(
    "mark", ["12.5①", "12.5²", "100②③", "①12", "12.5₁", "12.5⑴", "12.5❷", "12.5 *", "12.5㉑"]
)
def test_marks_make_a_number_unreadable(mark: str, tmp_path: Path) -> None:
    reading = seen(tmp_path, mark)
    (wrong,) = reading.findings
    assert (wrong.check, wrong.severity) == ("not_a_number", "error")
    assert "footnote mark" in wrong.message("en")
    assert "注释标记" in wrong.message("zh")
    assert reading.tables["activity"]["value"].to_list() == [None]


@pytest.mark.parametrize("place", ["superscript", "subscript"])
def test_raised_and_lowered_runs_are_marks(place: str, tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(file)
    raised = book.add_format({"font_script": 1 if place == "superscript" else 2})
    page = book.add_worksheet("activity")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, [ROW[0], 2021, *ROW[2:]])
    page.write_rich_string(1, 4, "12.5", raised, "1")
    page.write_rich_string(1, 6, "CO", raised, "2", " 年鉴")
    book.close()
    reading = read(file)
    assert [(f.check, f.column) for f in reading.findings] == [("not_a_number", "E")]
    assert reading.tables["activity"]["value"].to_list() == [None]


def test_a_raised_power_in_a_unit_stays_a_power(tmp_path: Path) -> None:
    file = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(file)
    raised = book.add_format({"font_script": 1})
    page = book.add_worksheet("activity")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, [ROW[0], 2021, *ROW[2:4], 3, "", "x"])
    page.write_rich_string(1, 5, "10", raised, "4", "t")
    book.close()
    reading = read(file)
    assert not [f for f in reading.findings if f.severity == "error"]
    assert reading.tables["activity"]["unit"].to_list() == ["10⁴t"]


def test_every_blank_is_a_warning_of_its_own(tmp_path: Path) -> None:
    reading = seen(tmp_path, "100 200", "7", "1 000.5")
    assert [(f.check, f.severity, f.row) for f in reading.findings] == [
        ("blank_in_number", "warning", 2),
        ("blank_in_number", "warning", 4),
    ]
    assert reading.tables["activity"]["value"].to_list() == [100200.0, 7.0, 1000.5]


@pytest.mark.parametrize("cell", ["100 20", "12.5 13", "100, 200", "100~200", "3；4", "100-200"])
def test_two_numbers_in_a_cell_are_an_error(cell: str, tmp_path: Path) -> None:
    (wrong,) = seen(tmp_path, cell).findings
    assert (wrong.check, "two numbers" in wrong.message("en")) == ("not_a_number", True)


def test_each_kind_of_rewriting_names_its_cells(tmp_path: Path) -> None:
    reading = seen(tmp_path, "1,234", "１２", "5", "2,000,000", "−0", *["3,000"] * 6)
    told = {f.message("en") for f in reading.findings}
    listed = "E2, E5, E7, E8, E9, E10 …; “1,234” as 1234.0."
    assert told == {
        "8 numbers of “Value” have thousands separators; they were read: " + listed,
        "1 numbers of “Value” are written with full-width characters; they were read: E3; “１２” as 12.0.",
        "1 numbers of “Value” have another minus sign; they were read: E6; “−0” as -0.0.",
    }


def test_marks_in_a_balance_are_no_digits_either(tmp_path: Path) -> None:
    file = tmp_path / "山东能源平衡表2021.csv"
    lines = [
        "山东能源平衡表（单位：万吨）", "项目,原煤,焦炭,原油", "四、终端消费量,30,3,3",
        "1.农、林、牧、渔业,1①,1,1", "2.工业,20 000,2,2", "3.建筑业,9,0,0",
    ]  # fmt: skip
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = {(f.check, f"{f.column}{f.row}") for f in read(file).findings}
    assert {("not_a_number", "B4"), ("blank_in_number", "B5")} <= told
