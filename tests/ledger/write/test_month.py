"""The monthly workbook: the fields of its kind, the cover says who and when, last month is carried on."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import table
from tongyuan.ledger.write.month import REGISTER, WHO, forms, month_of, write_month
from tongyuan.ledger.write.template import write_template
from tongyuan.reference.shelf import Language, shelf

KINDS = shelf("facility_kind")["facility_kind"].to_list()


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_asks_for_everything_its_tables_require(kind: str) -> None:
    sheets = forms(kind)
    assert sheets[0].name == "month_report"
    for sheet in sheets:
        asked = {column.name for column in sheet.columns}
        required = {c.name for c in table(sheet.name).columns if c.required and not c.default}
        assert required - asked <= set(WHO), sheet.name


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_workbook_is_read_without_complaint(tmp_path: Path, kind: str, language: Language) -> None:
    path = tmp_path / "a.xlsx"
    write_month(path, kind, "E1", "2026-01", language)
    reading = read(path)
    assert {f.check for f in reading.findings} <= {"no_rows"}
    assert month_of(reading) == ("E1", "2026-01")


def filled(path: Path, *rows: tuple[str, dict[str, object]]) -> Path:
    """Fill in rows of the sheets of a workbook, by their titles."""
    book = openpyxl.load_workbook(path)
    for sheet, cells in rows:
        page = book[sheet]
        heads = {str(c.value).rstrip("*").split("（")[0]: c.column for c in page[1]}
        at = 2 if str(page.cell(2, 1).value or "").startswith("示例") else page.max_row + 1
        for name, value in cells.items():
            page.cell(at, heads[name]).value = value  # type: ignore[assignment]
    book.save(path)
    return path


def test_the_cover_says_enterprise_and_month_of_every_sheet(tmp_path: Path) -> None:
    path = tmp_path / "2026-01.xlsx"
    write_month(path, "火力发电", "E1", "2026-01")
    row = {
        "生产设施": "1号机组",
        "燃料": "烟煤",
        "口径": "入炉（消耗）",
        "数量": 60000,
        "单位": "吨",
        "元素碳": 55.2,
    }
    reading = read(filled(path, ("燃料消耗", row)))
    assert [f.check for f in reading.findings if f.severity == "error"] == []
    fuel = reading.tables["fuel_use"].row(0, named=True)
    assert (fuel["facility"], fuel["month"], fuel["product"]) == ("E1", "2026-01", "bituminous")
    assert (fuel["value"], fuel["carbon"], fuel["state"]) == (60000.0, 55.2, "fired")


def test_last_month_is_carried_on_without_its_figures(tmp_path: Path) -> None:
    first, second = tmp_path / "2026-01.xlsx", tmp_path / "2026-02.xlsx"
    write_month(first, "power", "E1", "2026-01")
    fuel = {"生产设施": "1号机组", "燃料": "烟煤", "口径": "入炉（消耗）", "数量": 60000, "单位": "吨",
            "计量器具": "M01", "备注": "一月"}  # fmt: skip
    stock = {"燃料": "烟煤", "期初": 10000, "购入": 62000, "消耗": 60000, "期末": 12000, "单位": "吨"}
    before = read(filled(first, ("燃料消耗", fuel), ("燃料收支存", stock))).tables
    write_month(second, "power", "E1", "2026-02", before=before)
    after = read(second)
    missing = [f for f in after.findings if f.check == "missing_required"]
    assert missing
    got = after.tables["fuel_use"].row(0, named=True)
    assert [got[c] for c in ("installation", "product", "unit", "meter")] == [
        "1号机组", "bituminous", "吨", "M01",
    ]  # fmt: skip
    assert (got["value"], got["note"], got["month"]) == (None, None, "2026-02")
    assert after.tables["fuel_stock"]["opening"].to_list() == [12000.0]
    assert after.tables["fuel_stock"]["closing"].to_list() == [None]


def test_two_covers_in_one_workbook_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_month(path, "power", "E1", "2026-01")
    reading = read(filled(path, ("本月报告", {"企业": "E2", "月份": "2026-02"})))
    assert "cover_rows" in [f.check for f in reading.findings]


def test_an_unknown_kind_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(FindingError) as error:
        write_month(tmp_path / "a.xlsx", "魔法", "E1", "2026-01")
    assert "火力发电" in error.value.findings[0].message("zh")


def test_the_register_of_an_enterprise_is_a_workbook_of_its_own(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", REGISTER)
    assert set(read(tmp_path / "a.xlsx").tables) == set(REGISTER)


def test_rows_without_a_cover_name_their_enterprise_themselves(tmp_path: Path) -> None:
    frame = pl.DataFrame({"设施": ["x"]})
    frame.write_csv(tmp_path / "燃料消耗.csv")
    reading = read(tmp_path / "燃料消耗.csv")
    assert any(f.severity == "error" for f in reading.findings)
