"""Benchmark of the ledger: checking an Excel workbook against merely reading the same one with openpyxl."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import openpyxl
import xlsxwriter

from benchmarks.registry import Figure, Spec
from tongyuan.ledger.read.read import read

HEADER = ("地区", "年份", "工艺过程", "燃料或产品", "数值", "单位", "不确定度", "来源", "备注")
PROCESSES = ("火力发电", "集中供热", "工业锅炉", "水泥熟料", "高炉炼铁")
PRODUCTS = ("原煤", "柴油", "天然气", "焦炭")


def make(path: Path, rows: int) -> None:
    """Write a workbook of `rows` activity rows, one in a thousand of them with a fault."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    page = book.add_worksheet("活动水平")
    page.write_row(0, 0, HEADER)
    for i in range(rows):
        value = -1 if i % 1000 == 999 else round(0.37 * i, 2)
        region, process, product = f"企业{i // 20}", PROCESSES[i % 5], PRODUCTS[i // 5 % 4]
        page.write_row(i + 1, 0, (region, 2021, process, product, value, "万吨", 5, "统计报表 2021", None))
    book.close()


def by_openpyxl(path: Path) -> int:
    """Read every cell with openpyxl (read-only mode), without checking anything."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    cells = sum(len(row) for row in book.worksheets[0].iter_rows(values_only=True))
    book.close()
    return cells


def run(n: int = 100_000) -> dict[str, Any]:
    """Return the seconds of both and their ratio for a workbook of `n` rows."""
    with tempfile.TemporaryDirectory() as folder:
        small, path = Path(folder) / "活动水平 1.xlsx", Path(folder) / "活动水平.xlsx"
        make(small, 100)
        make(path, n)
        read(small)
        start = time.perf_counter()
        reading = read(path)
        checked = time.perf_counter() - start
        faults = sum(f.check == "negative" for f in reading.findings)
        faults += sum(
            f.values["count"] for f in reading.findings if f.check == "more_like_this" and f.column == "E"
        )
        start = time.perf_counter()
        by_openpyxl(path)
        plain = time.perf_counter() - start
    if reading.tables["activity"].height != n or faults != n // 1000:
        raise AssertionError("the check did not read every row or find every fault")
    return {
        "name": "ledger_check",
        "rows": n,
        "check_s": checked,
        "openpyxl_read_s": plain,
        "ratio": plain / checked,
    }


def figures() -> list[Figure]:
    """Return what the registry prints."""
    found = run()
    return [
        Figure("check of 100,000 rows", found["check_s"], "s"),
        Figure("openpyxl, reading alone", found["openpyxl_read_s"], "s"),
        Figure("check against openpyxl reading", found["ratio"], "×", 1.0),
    ]


SPECS = [Spec("ledger-check", "Checking a workbook of 1e5 rows", figures)]
