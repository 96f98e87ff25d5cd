"""``tongyuan factors`` in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tongyuan.cli.factors import app
from tongyuan.reference.factors.library import library

RUN = CliRunner()


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "zh")
    monkeypatch.setenv("COLUMNS", "200")


def test_search_by_words_and_species() -> None:
    result = RUN.invoke(app, ["search", "水泥熟料", "-s", "二氧化碳", "-n", "3"])
    assert result.exit_code == 0
    assert "记录编号" in result.output
    assert "条记录" in result.output


def test_search_finds_nothing() -> None:
    result = RUN.invoke(app, ["search", "xyzzy"])
    assert result.exit_code == 1
    assert "没有符合条件的记录" in result.output


def test_unknown_word_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    result = RUN.invoke(app, ["search", "-p", "cold fusion"])
    assert result.exit_code == 2
    assert "cold fusion" in result.output
    assert "Traceback" not in result.output


def test_show_prints_the_citation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    result = RUN.invoke(app, ["show", "ipcc2006-V2-T2.2-CO2-bituminous"])
    assert result.exit_code == 0
    assert "94600 kg/TJ" in result.output
    assert "89500 – 99700" in result.output
    assert "2006 IPCC Guidelines" in result.output


def test_show_unknown_record() -> None:
    result = RUN.invoke(app, ["show", "nothing"])
    assert result.exit_code == 2
    assert "tongyuan factors search" in result.output


def test_compare_shows_one_unit() -> None:
    result = RUN.invoke(app, ["compare", "火力发电", "原煤", "-s", "SO2"])
    assert result.exit_code == 0
    assert "0.82 t/TJ" in result.output
    assert "推算" in result.output


def test_compare_nothing() -> None:
    assert RUN.invoke(app, ["compare", "其他土地", "原煤"]).exit_code == 1


def test_check_of_the_library() -> None:
    result = RUN.invoke(app, ["check"])
    assert result.exit_code == 0
    assert str(library(include_unverified=True).height) in result.output


def test_check_of_a_table(tmp_path: Path) -> None:
    path = tmp_path / "factors.csv"
    library().head(5).write_csv(path)
    result = RUN.invoke(app, ["check", str(path)])
    assert result.exit_code == 0, result.output


def test_import_writes_what_it_read(tmp_path: Path) -> None:
    path, out = tmp_path / "factors.csv", tmp_path / "out.csv"
    library().head(5).write_csv(path)
    result = RUN.invoke(app, ["import", "records", str(path), "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert out.is_file()


def test_import_refuses_unknown_kind_and_missing_file(tmp_path: Path) -> None:
    assert RUN.invoke(app, ["import", "telepathy", str(tmp_path)]).exit_code == 2
    assert RUN.invoke(app, ["import", "emep", str(tmp_path / "none.csv")]).exit_code == 2
