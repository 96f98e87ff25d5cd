"""Hidden rows and columns are seen in any spelling, and what occurs twice is a finding."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cases.test_case_rel_07_small_numbers_of_another_writer import HEAD, text
from tests.ledger.read.test_workbook import made

from tongyuan.ledger.finding import Finding
from tongyuan.ledger.read.read import read

TOP = '<row r="1">' + "".join(text(f"{c}1", w) for c, w in zip("ABCDEFG", HEAD, strict=False)) + "</row>"


def row(number: int, attributes: str = "", value: str = "100", process: str = "energy.power") -> str:
    cells = text(f"A{number}", "济南市") + f'<c r="B{number}"><v>2021</v></c>' + text(f"C{number}", process)
    cells += text(f"D{number}", "bituminous") + f'<c r="E{number}"><v>{value}</v></c>'
    cells += text(f"F{number}", "t") + text(f"G{number}", "x")
    return f"<row {attributes} r='{number}'>{cells}</row>"


def found(path: Path, rows: str, **parts: str) -> list[Finding]:
    return list(read(made(path, TOP + rows, **parts)).findings)  # type: ignore[arg-type]


@pytest.mark.parametrize("attributes", ['hidden="1"', "hidden='true' spans='1:7'", 'customHeight="1" ht="0"'])
def test_hidden_rows_are_told_of(attributes: str, tmp_path: Path) -> None:
    (told,) = found(tmp_path, row(2, attributes))
    assert (told.check, told.row) == ("hidden_rows", 2)


@pytest.mark.parametrize("attributes", ['hidden="1" max="5" min="4"', "min='4' max='5' width='0'"])
def test_hidden_columns_are_told_of(attributes: str, tmp_path: Path) -> None:
    (told,) = found(tmp_path, row(2), before=f"<cols><col {attributes}/></cols>")
    assert (told.check, told.values["columns"]) == ("hidden_columns", "D, E")
    assert told.severity == "warning"


def test_a_cell_that_occurs_twice_is_an_error(tmp_path: Path) -> None:
    twice = row(2).replace('<c r="E2"><v>100</v></c>', '<c r="E2"><v>100</v></c><c r="E2"><v>900</v></c>')
    (told,) = found(tmp_path, twice)
    assert (told.check, told.severity, told.place()) == ("cell_twice", "error", "book.xlsx · 活动水平 · E2")


def test_a_row_that_occurs_twice_is_an_error(tmp_path: Path) -> None:
    told = found(tmp_path, row(2) + row(2, value="900", process="energy.heat"))
    assert [(f.check, f.severity, f.row) for f in told] == [("row_twice", "error", 2)]


def test_two_sheets_of_one_name_are_an_error(tmp_path: Path) -> None:
    told = read(made(tmp_path, TOP + row(2), names=("activity", "ACTIVITY"))).findings
    assert [(f.check, f.severity) for f in told] == [("sheet_twice", "error")]
