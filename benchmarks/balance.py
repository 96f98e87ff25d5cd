"""Benchmark of the ledger: 31 balances in the layout of the yearbook, made from that of Shandong 2021."""

from __future__ import annotations

import tempfile
import time
from importlib.resources import files
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter

from benchmarks.registry import Figure, Spec
from tongyuan.ledger.read.read import read
from tongyuan.reference.region import catalogue

EXAMPLE = "examples/province/tables/能源平衡表.xlsx"


def make(path: Path) -> int:
    """Write a workbook with one wide balance a province and return its number of filled cells."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "能源平衡表.xlsx"
        source.write_bytes(files("tongyuan.ledger").joinpath(*EXAMPLE.split("/")).read_bytes())
        long = read(source).tables["energy_balance"].filter(pl.col("year") == 2021)
    units = dict(long.select("product", "unit").iter_rows())
    wide = long.pivot("product", index="item", values="value", aggregate_function="first")
    fuels = wide.columns[1:]
    book = xlsxwriter.Workbook(path)
    for number, region in enumerate((r for r in catalogue().values() if r.level == "province"), start=1):
        page = book.add_worksheet(region.title_zh)
        page.write(0, 0, f"6-{number} {region.title_zh}能源平衡表（实物量）- 2021")
        page.write_row(1, 0, ["项目", *fuels])
        page.write_row(2, 1, [units[fuel] for fuel in fuels])
        for row, cells in enumerate(wide.rows(), start=3):
            for column, cell in enumerate(cells):
                if cell is not None:
                    page.write(row, column, cell)
    book.close()
    return 31 * long.height


def run() -> dict[str, Any]:
    """Return the seconds of CPU that reading and checking 31 balances takes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "31.xlsx"
        cells = make(path)
        start = time.process_time()
        reading = read(path)
        taken = time.process_time() - start
    found = reading.tables["energy_balance"]
    if found.height != cells or found["region"].n_unique() != 31:
        raise AssertionError("a cell of a balance was lost")
    return {"cells": cells, "cpu_s": taken}


def figures() -> list[Figure]:
    """Return what the registry prints."""
    return [Figure("31 balances, CPU", run()["cpu_s"], "s", 15.0, at_most=True)]


SPECS = [Spec("balances", "Reading and checking 31 wide balances", figures)]
