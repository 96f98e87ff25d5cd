"""The user gets the own workbook back with comments on the bad cells."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.read.read import read
from tongyuan.ledger.write.annotate import annotate
from tongyuan.ledger.write.write import write_excel

HEADER = ["地区", "年份", "工艺过程", "燃料或产品", "数值", "单位", "来源"]


def make(path: Path) -> Path:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "活动水平"
    page.append(HEADER)
    page.append(["山东省", 2021, "火力发电", "原媒", -5, "万吨", "x"])
    page["D2"].comment = openpyxl.comments.Comment("我的批注", "me")
    page["H1"] = "=1+1"
    other = book.create_sheet("别的")
    other["A1"] = "保留"
    book.save(path)
    return path


def test_bad_cells_get_a_fill_and_a_comment_and_the_rest_stays(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")
    before = path.read_bytes()
    copy = annotate(path, read(path).findings, tmp_path / "out" / "a.xlsx", "zh")
    assert path.read_bytes() == before
    book = openpyxl.load_workbook(copy)
    assert book.sheetnames == ["检查结果", "活动水平", "别的"]
    page = book["活动水平"]
    assert "不能为负" in page["E2"].comment.text
    assert page["E2"].fill.fgColor.rgb == "FFF4B6B6"
    assert page["D2"].comment.text.startswith("我的批注")
    assert "原媒" in page["D2"].comment.text
    assert page["A2"].comment is None or "unknown" not in page["A2"].comment.text
    assert page["H1"].value == "=1+1"
    assert book["别的"]["A1"].value == "保留"
    listed = [[cell.value for cell in row] for row in book["检查结果"].iter_rows(min_row=2)]
    assert [row[0] for row in listed][:2] == ["错误", "错误"]


def test_annotating_an_annotated_copy_replaces_its_findings(tmp_path: Path) -> None:
    path = make(tmp_path / "a.xlsx")
    first = annotate(path, read(path).findings, tmp_path / "one" / "a.xlsx")
    second = annotate(first, read(first).findings, tmp_path / "two" / "a.xlsx")
    assert openpyxl.load_workbook(second).sheetnames.count("检查结果") == 1


def test_a_text_file_comes_back_as_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "活动水平.csv"
    path.write_text(",".join(HEADER) + "\n山东省,2021,火力发电,原煤,-5,万吨,=1+1\n", encoding="utf-8")
    copy = annotate(path, read(path).findings, tmp_path / "out.xlsx", "en")
    book = openpyxl.load_workbook(copy)
    page = book.worksheets[1]
    assert "must not be negative" in page["E2"].comment.text
    assert page["G2"].data_type == "s"


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"no workbook")
    with pytest.raises(FindingError):
        annotate(path, read(path).findings, tmp_path / "out.xlsx")
    write_excel({}, tmp_path / "b.xlsx")
    parquet = tmp_path / "a.parquet"
    parquet.write_bytes(b"PAR1")
    with pytest.raises(FindingError):
        annotate(parquet, [], tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()
