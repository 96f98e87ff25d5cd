"""One flipped byte in any part of a workbook that is used is damage, not another text."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tongyuan.ledger.read.read import read

HEAD = ["地区", "年份", "工艺过程", "燃料或产品", "数值", "单位", "来源"]
ROW = ["山东省", 2021, "火力发电", "原煤", 100.0, "万吨", "年鉴"]


@pytest.mark.parametrize("part", ["sharedStrings.xml", "styles.xml", "workbook.xml", "worksheets/sheet1.xml"])
def test_a_flipped_byte_is_damage(part: str, tmp_path: Path) -> None:
    file = tmp_path / "活动水平.xlsx"
    book = xlsxwriter.Workbook(file)
    page = book.add_worksheet("活动水平")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, ROW)
    book.close()
    with zipfile.ZipFile(file) as archive:
        parts = {i.filename: archive.read(i) for i in archive.infolist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as archive:
        info = archive.getinfo(f"xl/{part}")
        start = info.header_offset + 30 + len(info.filename)
        size = info.file_size
    for place in range(0, size, max(1, size // 60)):
        data = bytearray(whole)
        data[start + place] ^= 1
        file.write_bytes(bytes(data))
        assert [f.check for f in read(file).findings] == ["corrupt_workbook"], place
