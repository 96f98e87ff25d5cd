"""The commands of ``tongyuan facility`` that keep records: month, import, account, report."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from docx import Document
from tests.facility.record.test_hj212 import FRAMES
from typer.testing import CliRunner

import tongyuan as ty
from tongyuan.cli.facility_record import app
from tongyuan.ledger.read.read import read
from tongyuan.reference.shelf import title

RUN = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("world")
    ty.init(place, "enterprise", name="示例", region="山东省")
    for name, frame in ty.simulated_facilities(1, seed=1).items():
        if name == "monitor":
            frame = frame.with_columns(mn=pl.lit("TY00000000000001"))
        frame.write_parquet(place / "tables" / f"{name}.parquet")
    return place


def test_the_workbook_of_a_month_is_written_and_carried_on(tmp_path: Path) -> None:
    first, second = tmp_path / "1.xlsx", tmp_path / "2.xlsx"
    base = ["--kind", "钢铁", "--facility", "E1", "--month"]
    assert RUN.invoke(app, ["month", str(first), *base, "2026-01"]).exit_code == 0
    told = RUN.invoke(app, ["month", str(second), *base, "2026-02", "--before", str(first)])
    assert told.exit_code == 0, told.output
    assert read(second).tables["month_report"]["month"].to_list() == ["2026-02"]
    wrong = RUN.invoke(
        app, ["month", str(second), "--kind", "魔法", "--facility", "E1", "--month", "2026-02"]
    )
    assert wrong.exit_code == 1


def test_messages_become_readings_of_the_workspace(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(FRAMES["H212-06"].replace("\r\n", "\n"), "utf-8")
    told = RUN.invoke(app, ["import", str(file), str(folder)])
    assert told.exit_code == 0, told.output
    made = pl.read_parquet(folder / "tables" / "reading-a.parquet")
    assert made.filter(parameter="a21026")["value"].to_list() == [17.9]
    (folder / "tables" / "reading-a.parquet").unlink()
    file.write_text("##0101", "utf-8")
    assert RUN.invoke(app, ["import", str(file), str(folder)]).exit_code == 1
    assert RUN.invoke(app, ["import", str(tmp_path / "none.txt"), str(folder)]).exit_code == 1


def test_the_account_is_shown_and_written(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "a.csv"
    told = RUN.invoke(app, ["account", str(folder), "-o", str(out)])
    assert told.exit_code == 0, told.output
    assert "2025-01" in told.output
    assert out.is_file()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_carbon_report_is_word_and_workbook(folder: Path, tmp_path: Path, language: str) -> None:
    told = RUN.invoke(app, ["report", str(folder), "-o", str(tmp_path), "--language", language])
    assert told.exit_code == 0, told.output
    (word,) = tmp_path.glob("*.docx")
    text = "\n".join(p.text for p in Document(str(word)).paragraphs)
    assert "C.3" in text
    cells = {c.text for t in Document(str(word)).tables for row in t.rows for c in row.cells}
    assert ("烟煤" if language == "zh" else title("product", "bituminous", "en")) in cells
    assert list(tmp_path.glob("*.xlsx"))
    stranger = RUN.invoke(app, ["report", str(folder), "-o", str(tmp_path), "--facility", "nobody"])
    assert stranger.exit_code == 1
