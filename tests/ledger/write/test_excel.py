"""Text stays text; names and headers are as Excel accepts them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import table
from tongyuan.ledger.write import excel


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\t=1", "\r=1"])
def test_formulas_are_neutralised(text: str) -> None:
    assert excel.neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+3.2e-5", "-1,234.5", "—", "-", "abc", "", "山东=鲁"])
def test_plain_text_and_numbers_stay(text: str) -> None:
    assert excel.neutral(text) == text


@given(st.text(max_size=60))
def test_sheet_names_are_acceptable(text: str) -> None:
    name = excel.sheet_name(text)
    assert 0 < len(name) <= 31
    assert not set(name) & set("[]:*?/\\")
    assert not name.startswith("'")


def test_control_characters_go_and_long_text_is_cut() -> None:
    assert excel.safe_text("a\x00b\x0bc\n") == "abc\n"
    assert len(excel.safe_text("x" * 40_000)) == 32_767


def test_headings_carry_unit_and_star() -> None:
    activity = table("activity")
    column = next(c for c in activity.columns if c.name == "uncertainty")
    assert excel.heading(activity, column, "zh") == "不确定度（%）"
    assert excel.heading(activity, column, "en", required=True) == "Uncertainty (%)*"
    twins = replace(activity, columns=(column, replace(column, name="other")))
    assert excel.heading(twins, column, "zh") == "uncertainty（%）"
    assert excel.title(table("activity"), "en") == "Activity"
    assert excel.description(table("activity"), "zh").startswith("一行活动")
    assert excel.display_width("ab山东") == 6


def test_a_workbook_never_holds_a_formula_made_of_text(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = excel.workbook(path, "zh")
    page = book.add_worksheet()
    page.write(0, 0, "=1+1")
    page.write(0, 1, "http://example.org", excel.style(book, bold=True))
    book.close()
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    assert sheet["A1"].data_type == "s"
    assert sheet["B1"].hyperlink is None
