"""No cell of an exported CSV file is a formula for a spreadsheet program."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest
from tests.cases.test_case_rel_11_disk_full import command

from tongyuan.ledger.example import copy_example
from tongyuan.ledger.write.write import write_csv

ATTACKS = [
    "=cmd|'/c calc'!A1",
    "@SUM(1)",
    "+1+cmd",
    "-2+3",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＠SUM(1)",
    "＋1",
    "-a",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_text_and_headers_are_neutralised(text: str, tmp_path: Path) -> None:
    frame = pl.DataFrame({text: [text], "kind": pl.Series([text], dtype=pl.Categorical)})
    write_csv(frame, tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        head, row = csv.reader(stream)
    assert [head[0], *row] == ["'" + text] * 3


@pytest.mark.parametrize("text", ["-5", "+3.2e-4", "-12.5%", "—", "--", "－", "CO2", "1,234"])
def test_numbers_and_dashes_stay(text: str, tmp_path: Path) -> None:
    write_csv(pl.DataFrame({"a": [text]}), tmp_path / "a.csv")
    with (tmp_path / "a.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert list(csv.reader(stream))[1] == [text]


def test_names_given_to_an_export_are_neutralised(tmp_path: Path) -> None:
    copy_example("park", tmp_path / "w")
    done = command(
        "plan", "iamc", "w", "-o", "x.csv", "--model", "@SUM(1)", "--scenario", ATTACKS[0], cwd=tmp_path
    )
    assert done.returncode == 0, done.stdout + done.stderr
    frame = pl.read_csv(tmp_path / "x.csv")
    assert set(frame[frame.columns[0]]) == {"'@SUM(1)"}
    assert set(frame[frame.columns[1]]) == {"'" + ATTACKS[0]}
