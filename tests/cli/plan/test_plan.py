from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from tongyuan.cli.plan.plan import app
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


@pytest.mark.parametrize(
    "command", ["check", "least-cost", "dividend", "diagnose", "front", "macc", "alternatives"]
)
def test_every_command_runs_on_a_folder_of_tables(steelworks, command):
    result = RUN.invoke(app, [command, str(steelworks), "-r", "0.05"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert result.output.strip()


def test_stock_that_retires_early_is_shown(steelworks, monkeypatch):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    result = RUN.invoke(app, ["least-cost", str(steelworks), "-r", "0.05"], catch_exceptions=False)
    words = result.output.replace("\n", " ")
    assert "e+" not in words.partition("Retired")[0]
    assert "Retired" in words
    assert "early" in words
    assert "furnace" in words


def test_results_are_written(steelworks, tmp_path):
    book = tmp_path / "plan.xlsx"
    result = RUN.invoke(
        app, ["least-cost", str(steelworks), "-r", "0.05", "-o", str(book)], catch_exceptions=False
    )
    assert result.exit_code == 0
    assert len(pl.read_excel(book, sheet_id=0)) >= 6


def test_tables_are_titled_in_the_language_of_the_user(steelworks, monkeypatch):
    for language, title in (("zh", "协同红利"), ("en", "Synergy dividend")):
        monkeypatch.setenv("TONGYUAN_LANGUAGE", language)
        result = RUN.invoke(app, ["dividend", str(steelworks), "-r", "0.05"], catch_exceptions=False)
        assert title in result.output


def test_a_curve_of_costs_says_its_units(steelworks, monkeypatch):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "160")
    shown = RUN.invoke(app, ["macc", str(steelworks), "-r", "0.05"], catch_exceptions=False).output
    assert ("CNY/t" in shown, "Abatement, t" in shown) == (True, True), shown


def test_the_problem_is_exported(steelworks, tmp_path):
    file = tmp_path / "plan.mps"
    words = ["export", str(steelworks), "-r", "0.05", "-o"]
    assert RUN.invoke(app, [*words, str(file)], catch_exceptions=False).exit_code == 0
    assert "NOx_cap" in file.read_text()
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, [*words, str(tmp_path / "plan.doc")], catch_exceptions=False)
    assert [f.check for f in caught.value.findings] == ["cli_suffix"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_scenario_databases_get_their_format(steelworks, tmp_path, suffix):
    file = tmp_path / f"plan{suffix}"
    words = ["iamc", str(steelworks), "-r", "0.05", "--scenario", "both", "-o", str(file)]
    assert RUN.invoke(app, words, catch_exceptions=False).exit_code == 0
    read = pl.read_csv(file) if suffix == ".csv" else pl.read_excel(file, sheet_name="data")
    assert read.columns == ["Model", "Scenario", "Region", "Variable", "Unit", "2025", "2030"]
    assert "Emissions|CO2" in read["Variable"].to_list()
    assert set(read["Scenario"]) == {"both"}


def test_a_front_has_two_or_three_objectives(steelworks, tmp_path):
    file = tmp_path / "front.csv"
    words = ["front", str(steelworks), "-r", "0.05", "--points", "3", "-o", str(file)]
    for quantities, points in ((["CO2e"], 3), (["CO2e", "NOx"], 9)):
        asked = [part for q in quantities for part in ("-q", q)]
        assert RUN.invoke(app, [*words, *asked], catch_exceptions=False).exit_code == 0
        assert pl.read_csv(file).height == points * (1 + len(quantities))
    with pytest.raises(FindingError) as caught:
        RUN.invoke(app, [*words, "-q", "CO2e", "-q", "NOx", "-q", "SO2"], catch_exceptions=False)
    assert [f.check for f in caught.value.findings] == ["cli_front_many"]


@pytest.mark.parametrize("kind", ["technology", "control", "target"])
def test_libraries_are_shown_and_written(kind, tmp_path):
    file = tmp_path / "library.csv"
    assert RUN.invoke(app, ["library", kind, "-o", str(file)], catch_exceptions=False).exit_code == 0
    assert pl.read_csv(file, infer_schema=False).height >= 10


def test_a_workspace_is_planned_on_its_own_inventory():
    source = files("tongyuan.ledger") / "examples" / "province"
    result = RUN.invoke(app, ["least-cost", str(source)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    assert "nox_scenario_2030" in result.output


def test_payers_sectors_and_departments_are_said_in_words(tmp_path: Path, monkeypatch) -> None:
    copy_example("park", tmp_path / "w")
    monkeypatch.setenv("COLUMNS", "120")
    for language, words in (
        ("zh", ("水泥企业", "工业和信息化部门", "粉煤灰作水泥混合材")),
        ("en", ("Cement works", "Industry and information technology department", "Fly ash in cement")),
    ):
        said = ""
        for question in ("who-pays", "road-map"):
            done = RUN.invoke(app, [question, str(tmp_path / "w"), "-l", language])
            assert done.exit_code == 0, done.output
            said += " ".join(done.output.replace("│", " ").split())
        letters = said.replace(" ", "")
        assert all(word.replace(" ", "") in letters or word.split()[0] in said for word in words)
        assert not [name for name in ("ash_cement", "clinker ", "pays ", "amount_") if name in said]
