from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from shutil import copytree

import pytest
from typer.testing import CliRunner

from tongyuan.cli import application
from tongyuan.reference.language import preferred_language
from tongyuan.reference.shelf import title


def test_compare_prints_every_ratio_and_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    with as_file(files("tongyuan.ledger") / "examples" / "province") as world:
        copytree(world, tmp_path / "province")
    done = CliRunner().invoke(application(), ["compare", str(tmp_path / "province")])
    assert done.exit_code == 0, done.output
    for species in ("SO2", "NOx", "PM10", "PM2.5", "CO", "NMVOC", "NH3", "CO2"):
        assert f"{title('species', species, preferred_language())} 2021 · " in done.output
    assert "370000" not in done.output
    assert not (tmp_path / "province" / "results").exists()


def test_compare_says_when_there_is_nothing(tmp_path: Path) -> None:
    with as_file(files("tongyuan.ledger") / "examples" / "minimal") as world:
        copytree(world, tmp_path / "minimal")
    for table in (tmp_path / "minimal" / "tables").glob("公布总量*"):
        table.unlink()
    done = CliRunner().invoke(application(), ["compare", str(tmp_path / "minimal")])
    assert done.exit_code == 0
    assert done.output.strip()
