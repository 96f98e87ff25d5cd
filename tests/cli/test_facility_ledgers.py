"""The commands of ``tongyuan facility`` that keep ledgers."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import tongyuan as ty
from tongyuan.cli.facility_ledgers import app

RUN = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("world")
    ty.init(place, "province", name="示例", region="山东省")
    (place / "tables").mkdir(exist_ok=True)
    for name, frame in ty.simulated_facilities(3, seed=1).items():
        if name == "facility":
            frame = frame.with_columns(ets_sector=pl.lit("power"))
        frame.write_parquet(place / "tables" / f"{name}.parquet")
    return place


@pytest.mark.parametrize(
    ("command", "table", "said"),
    [
        ("permit", "permit_account", "2025-12"),
        ("tax", "tax_return", ""),
        ("allowance", "allowance_account", "2025"),
        ("diagnose", "diagnosis", "2025"),
        ("duties", "duty", "2025-02-10"),
    ],
)
def test_ledgers_are_shown_and_written(
    folder: Path, tmp_path: Path, command: str, table: str, said: str
) -> None:
    out = tmp_path / f"{command}.xlsx"
    done = RUN.invoke(app, [command, str(folder), "-o", str(out), "-l", "zh"])
    assert done.exit_code == 0, done.output
    assert said in done.output
    assert out.is_file()
    told = RUN.invoke(app, [command, str(folder), "--json"])
    assert table in json.loads(told.stdout)


def test_disclose_writes_word_and_workbook(folder: Path, tmp_path: Path) -> None:
    done = RUN.invoke(
        app, ["disclose", str(folder), "-o", str(tmp_path / "d"), "--facility", "SIM0001", "-l", "zh"]
    )
    assert done.exit_code == 0, done.output
    assert {f.suffix for f in (tmp_path / "d").iterdir()} == {".docx", ".xlsx"}


def test_an_enterprise_that_there_is_not(folder: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["disclose", str(folder), "-o", str(tmp_path), "--facility", "nobody", "-l", "en"])
    assert done.exit_code != 0
    assert "There is no enterprise nobody" in str(done.exception)
