"""Every kind of file becomes sheets or findings, whatever it asks for."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from tongyuan.ledger.read.grid import MEMORY_MAX
from tongyuan.ledger.read.sheet import ROW, sheets


def test_a_parquet_file_becomes_a_sheet_with_its_header(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"x": [0.1, None, 1e-12], "y": ["a", "b", "c"]}).write_parquet(path)
    (sheet,), wrong = sheets(path)
    assert not wrong
    assert sheet.grid["A"].to_list()[:3] == ["x", "0.1", None]
    assert float(sheet.grid["A"][3]) == 1e-12
    assert sheet.grid[ROW].to_list() == [0, 1, 2, 3]


def test_what_a_parquet_file_declares_is_measured_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({f"c{i}": pl.repeat(1.0, 2_000_000, eager=True) for i in range(10)}).write_parquet(path)
    assert path.stat().st_size < 200_000
    found, (wrong,) = sheets(path)
    assert (found, wrong.check, wrong.values["rows"]) == ([], "parquet_bomb", 2_000_000)


def test_rows_that_repeat_themselves_are_read_while_they_take_no_more_than_any_file_may(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({f"c{i}": pl.repeat("t", 500_000, eager=True) for i in range(12)}).write_parquet(path)
    assert path.stat().st_size * 200 < 500_000 * 12 * 16 < MEMORY_MAX
    (sheet,), wrong = sheets(path)
    assert (sheet.grid.height, wrong) == (500_001, [])


def test_an_honest_large_parquet_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({f"c{i}": pl.int_range(0, 400_000, eager=True) * (i + 1) for i in range(24)}).write_parquet(
        path
    )
    (sheet,), wrong = sheets(path)
    assert (sheet.grid.height, wrong) == (400_001, [])


@pytest.mark.parametrize(
    "values",
    [
        [dt.timedelta(seconds=3), None],
        [b"\xff\xfe", b"x"],
        [dt.time(1, 2), None],
        [[1, 2], None],
        [{"a": 1}, None],
        [None, None],
        [dt.datetime(2021, 1, 1, tzinfo=dt.UTC), None],
    ],
)
def test_every_type_of_a_parquet_column_can_be_seen(values: list[object], tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"x": values, "y": ["a", "b"]}).write_parquet(path)
    (sheet,), wrong = sheets(path)
    assert not wrong
    assert sheet.grid["B"].to_list() == ["y", "a", "b"]


def test_a_cut_parquet_file_is_a_finding(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"x": range(1000)}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-60] + b"PAR1")
    found, (wrong,) = sheets(path)
    assert (found, wrong.check) == ([], "corrupt_parquet")
