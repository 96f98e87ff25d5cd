from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tongyuan.cli.plan import app
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.example import steel

RUN = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("plan")
    case = steel()
    for name, frame in case.tables.items():
        if not frame.is_empty():
            frame.write_csv(path / f"{name}.csv")
    return path


@pytest.mark.parametrize(
    "command", ["check", "least-cost", "dividend", "diagnose", "front", "macc", "alternatives"]
)
def test_every_command_runs_on_a_folder_of_tables(folder, command):
    result = RUN.invoke(app, [command, str(folder), "-r", "0.05"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_results_are_written(folder, tmp_path):
    book = tmp_path / "plan.xlsx"
    result = RUN.invoke(
        app, ["least-cost", str(folder), "-r", "0.05", "-o", str(book)], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert "plan_activity" in pl.read_excel(book, sheet_id=0) or len(pl.read_excel(book, sheet_id=0)) >= 6


def test_the_problem_is_exported(folder, tmp_path):
    file = tmp_path / "plan.mps"
    assert (
        RUN.invoke(
            app, ["export", str(folder), "-r", "0.05", "-o", str(file)], catch_exceptions=False
        ).exit_code
        == 0
    )
    assert "NOx_cap" in file.read_text()


def test_missing_tables_and_bad_rows_are_findings_with_their_place(folder, tmp_path):
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, ["check", str(tmp_path), "-r", "0.05"], catch_exceptions=False)
    assert "cli_no_plan_tables" in {f.check for f in caught.value.findings}
    bad = tmp_path / "bad"
    bad.mkdir()
    for file in folder.iterdir():
        (bad / file.name).write_bytes(file.read_bytes())
    text = (bad / "target.csv").read_text().replace(",NOx,", ",N0x,")
    (bad / "target.csv").write_text(text)
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, ["check", str(bad), "-r", "0.05"], catch_exceptions=False)
    found = next(f for f in caught.value.findings if f.check == "unknown_species")
    assert (found.file, found.row) == ("target.csv", 2)


@pytest.mark.parametrize("kind", ["technology", "control", "target"])
def test_libraries_are_shown_and_written(kind, tmp_path):
    file = tmp_path / "library.csv"
    assert RUN.invoke(app, ["library", kind, "-o", str(file)], catch_exceptions=False).exit_code == 0
    assert pl.read_csv(file, infer_schema=False).height >= 10


def test_a_workspace_is_planned_on_its_own_inventory():
    source = files("tongyuan.ledger") / "examples" / "province"
    result = RUN.invoke(app, ["least-cost", str(source), "-r", "0.05"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "nox_key_projects" in result.output


def test_a_workspace_without_a_plan_says_so():
    source = files("tongyuan.ledger") / "examples" / "minimal"
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, ["check", str(source), "-r", "0.05"], catch_exceptions=False)
    assert [f.check for f in caught.value.findings] == ["cli_no_plan_tables"]
