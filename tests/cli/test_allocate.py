"""The commands of ``tongyuan allocate``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tongyuan.cli.allocate import app
from tongyuan.ledger.example import copy_example

RUN = CliRunner()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("grid")
    copy_example("grid", folder)
    return folder


def run(*words: object) -> str:
    result = RUN.invoke(app, [str(w) for w in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_cells(world: Path, tmp_path: Path) -> None:
    told = run("cells", world, "-o", tmp_path / "cells.xlsx", "-l", "en")
    assert "Outside the grid" in told
    assert (tmp_path / "cells.xlsx").stat().st_size > 4000
    tables = json.loads(run("cells", world, "--json"))
    assert len(tables["allocation_balance"]) == 16


def test_write(world: Path, tmp_path: Path) -> None:
    days = ("--from", "2021-03-01", "--to", "2021-03-02")
    told = run("write", world, "--format", "cmaq", "-o", tmp_path, *days, "-l", "zh")
    assert "emis.g.2021061.nc" in told.replace("\n", "")
    files = json.loads(run("write", world, "-f", "hemco", "-o", tmp_path, *days, "--json"))["files"]
    assert [Path(f).name for f in files] == ["hemco.g.nc"]
