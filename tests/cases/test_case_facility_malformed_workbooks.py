"""Monthly workbooks with one wrong cell each: the cell is named, nothing fails, nothing is guessed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tongyuan.ledger.read.read import Reading, read
from tongyuan.ledger.write.month import forms

GOOD: dict[str, Any] = {
    "生产设施": "1号机组", "燃料": "烟煤", "口径": "入炉（消耗）", "数量": 60000, "单位": "吨",
    "元素碳": 55.2, "全水分": 9.0, "低位发热量": 20.9,
}  # fmt: skip


def written(path: Path, sheet: str, *rows: dict[str, Any], **change: Any) -> Path:
    """Write a workbook with the cover and one sheet of the monthly form."""
    (form,) = (f for f in forms("power") if f.title_zh == sheet)
    heads = [column.title_zh for column in form.columns]
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "本月报告"
    cover.append(["企业", "月份"])
    cover.append([change.get("facility", "E1"), change.get("month", "2026-01")])
    if "second" in change:
        cover.append(["E2", "2026-02"])
    page = book.create_sheet(change.get("called", sheet))
    kept = [head for head in heads if head != change.get("drop")]
    page.append([change.get("rename", {}).get(head, head) for head in kept])
    for cells in rows:
        page.append([cells.get(head) for head in kept])
    book.save(path)
    return path


FUEL: dict[str, tuple[dict[str, Any], str]] = {
    "words for the amount": ({"数量": "六万"}, "not_a_number"),
    "a unit in the amount": ({"数量": "60000吨"}, "not_a_number"),
    "a negative amount": ({"数量": -1}, "negative"),
    "no amount": ({"数量": None}, "missing_required"),
    "no unit": ({"单位": None}, "missing_required"),
    "an unknown unit": ({"单位": "筐"}, "unknown_unit"),
    "a unit of another kind": ({"单位": "公里"}, ""),
    "an unknown fuel": ({"燃料": "魔法石"}, "unknown_reference"),
    "no fuel": ({"燃料": None}, "missing_required"),
    "no installation": ({"生产设施": None}, "missing_required"),
    "an unknown state": ({"口径": "大概"}, "unknown_choice"),
    "carbon above 100": ({"元素碳": 155.2}, "above_maximum"),
    "carbon below 0": ({"元素碳": -5}, "negative"),
    "moisture above 100": ({"全水分": 109}, "above_maximum"),
    "a date for carbon": ({"元素碳": dt.datetime(2026, 1, 1)}, "date_in_number"),
    "a truth for carbon": ({"元素碳": True}, "boolean_in_number"),
    "an error of a formula": ({"数量": "#DIV/0!"}, "excel_error"),
    "infinite": ({"数量": "inf"}, "not_finite"),
    "not a number at all": ({"低位发热量": "nan"}, "not_finite"),
    "a basis that is none": ({"元素碳基准": "湿基"}, "unknown_choice"),
    "a share above 1": ({"生物质热量份额": 1.5}, "share_range"),
    "a reason that is none": ({"扣除原因": "不想报"}, "unknown_choice"),
    "a range": ({"数量": "59000-61000"}, "not_a_number"),
    "two numbers": ({"数量": "6 0000 12"}, ""),
    "about": ({"低位发热量": "约20.9"}, "not_a_number"),
}


@pytest.mark.parametrize("name", sorted(FUEL))
def test_a_wrong_cell_of_fuel_is_named(tmp_path: Path, name: str) -> None:
    change, check = FUEL[name]
    reading = read(written(tmp_path / "a.xlsx", "燃料消耗", {**GOOD, **change}))
    _named(reading, check, "燃料消耗", 2)


def _named(reading: Reading, check: str, sheet: str, row: int | None) -> None:
    told = [f for f in reading.findings if f.check != "no_rows"]
    assert told, "nothing was said"
    if check:
        assert check in [f.check for f in told], [f.check for f in told]
    for found in told:
        assert found.file == "a.xlsx"
        assert found.message("zh")
        assert found.next_step("en")
    at = [f for f in told if f.check == check] if check else told
    assert at[0].sheet == sheet
    if row is not None:
        assert at[0].row == row
        assert at[0].column


SHEETS: dict[str, tuple[dict[str, Any], str]] = {
    "a column is missing": ({"drop": "数量"}, "missing_column"),
    "a column has another name": ({"rename": {"元素碳": "碳碳"}}, "unknown_column"),
    "a header in another unit": ({"rename": {"元素碳": "元素碳（吨）"}}, "header_unit"),
    "a sheet has another name": ({"called": "随便"}, ""),
    "a month that is none": ({"month": "2026-13"}, "not_a_month"),
    "a month in words": ({"month": "一月"}, "not_a_month"),
    "no month": ({"month": None}, "missing_required"),
    "no enterprise": ({"facility": None}, "missing_required"),
    "two covers": ({"second": True}, "cover_rows"),
}


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_wrong_sheet_is_named(tmp_path: Path, name: str) -> None:
    change, check = SHEETS[name]
    reading = read(written(tmp_path / "a.xlsx", "燃料消耗", GOOD, **change))
    told = [f for f in reading.findings if f.severity != "notice" or f.check != "no_rows"]
    if check:
        assert check in [f.check for f in told], [f.check for f in told]
    else:
        assert told
    for found in told:
        assert found.message("zh")
        assert found.next_step("zh")


def test_the_same_row_twice_and_the_same_month_in_two_workbooks(tmp_path: Path) -> None:
    twice = read(written(tmp_path / "a.xlsx", "燃料消耗", GOOD, GOOD))
    assert "duplicate_key" in [f.check for f in twice.findings]
    other = written(tmp_path / "b.xlsx", "燃料消耗", GOOD)
    one = written(tmp_path / "a.xlsx", "燃料消耗", GOOD)
    both = read(one, other)
    found = [f for f in both.findings if f.check == "duplicate_key"]
    assert {f.file for f in found} == {"b.xlsx"}


OTHERS: dict[str, tuple[str, dict[str, Any], str]] = {
    "hours beyond a month": (
        "产品产量", {"生产设施": "1", "产品": "电力", "产量": 1, "单位": "MWh", "运行小时": 800},
        "above_maximum",
    ),
    "a stock without its end": (
        "燃料收支存", {"燃料": "烟煤", "期初": 1, "购入": 1, "消耗": 1, "单位": "吨"}, "missing_required",
    ),
    "a sample without its time": ("燃料样品", {"样品编号": "S1", "燃料": "烟煤"}, "missing_required"),
    "a sample of a date that is none": (
        "燃料样品", {"样品编号": "S1", "燃料": "烟煤", "代表起": "2026-02-30", "代表止": "2026-02-28"},
        "not_a_date",
    ),
    "a reagent that is none": ("治理设施运行", {"治理设施": "FGD", "药剂": "魔法粉"}, "unknown_reference"),
    "waste of a class that is none": (
        "固体废物", {"废物": "灰", "税目": "仙尘", "产生": 1}, "unknown_choice",
    ),
    "power of a kind that is none": (
        "电热购销", {"种类": "借入", "数量": 1, "单位": "MWh"}, "unknown_choice",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(OTHERS))
def test_wrong_cells_of_other_sheets_are_named(tmp_path: Path, name: str) -> None:
    sheet, row, check = OTHERS[name]
    _named(read(written(tmp_path / "a.xlsx", sheet, row)), check, sheet, 2)
