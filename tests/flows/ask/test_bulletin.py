"""The bulletin as a document and as a workbook of the same words."""

from __future__ import annotations

from pathlib import Path

import docx
import openpyxl
import pytest

import tongyuan as ty
from tongyuan.flows.ask.bulletin import bulletin
from tongyuan.ledger.finding import FindingError


def test_both_forms_name_the_species_of_the_inventory(tmp_path: Path) -> None:
    tables = dict(ty.account(ty.example("minimal")).tables)
    document = docx.Document(str(bulletin(tables, tmp_path / "b.docx", "zh")))
    words = "".join(cell.text for table in document.tables for row in table.rows for cell in row.cells)
    assert "二氧化硫" in words
    book = openpyxl.load_workbook(bulletin(tables, tmp_path / "b.xlsx", "zh"))
    cells = "".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row)
    assert "二氧化硫" in cells


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingError, match=r"\.docx, \.xlsx"):
        bulletin({}, tmp_path / "b.txt", "zh")
    assert not list(tmp_path.iterdir())
