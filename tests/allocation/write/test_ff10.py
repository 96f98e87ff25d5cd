"""FF10 as SMOKE reads it: pollutant in the 8th field, the year in the 9th, months from the 21st on."""

import csv
from pathlib import Path

import polars as pl
import pytest

from tongyuan.allocation.write.ff10 import COLUMNS, write_ff10
from tongyuan.ledger.finding import FindingError


def rows(code: str) -> pl.DataFrame:
    months = {f"month_{n}": [0.90718474 * n] for n in range(1, 13)}
    return pl.DataFrame(
        {"region": ["370000"], "code": [code], "species": ["PM2.5"], "process": ["a b"], **months}
    )


def test_short_tons_in_the_fields_smoke_reads(tmp_path: Path) -> None:
    path = write_ff10(rows("1.A.1.a"), tmp_path / "x.csv", 2021)
    lines = path.read_text("utf-8").splitlines()
    assert lines[:3] == ["#FORMAT=FF10_NONPOINT", "#COUNTRY CN", "#YEAR 2021"]
    head, row = csv.reader(line for line in lines if not line.startswith("#"))
    assert (len(head), len(row)) == (45, 45)
    assert head == list(COLUMNS)
    assert (row[1], row[5], row[7], row[44]) == ("370000", "1.A.1.a", "PM25", "a b")
    assert float(row[8]) == pytest.approx(78)
    assert [float(v) for v in row[20:32]] == pytest.approx(list(range(1, 13)))


def test_long_codes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(FindingError, match="FF10"):
        write_ff10(rows("x" * 21), tmp_path / "x.csv", 2021)
    assert not list(tmp_path.iterdir())
