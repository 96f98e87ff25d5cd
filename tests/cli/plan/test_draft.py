from __future__ import annotations

import json
import shutil
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tongyuan.cli.plan.plan import app

RUN = CliRunner()


@pytest.fixture
def works(tmp_path: Path) -> Path:
    with as_file(files("tongyuan.ledger") / "examples" / "minimal") as source:
        shutil.copytree(source, tmp_path / "w")
    return tmp_path / "w"


def test_plan_draft_says_what_it_made_and_what_it_left_out(works: Path) -> None:
    result = RUN.invoke(app, ["draft", str(works), "-l", "en"], catch_exceptions=False)
    words = " ".join(result.output.split())
    assert result.exit_code == 0, result.output
    assert "5 sources" in words
    assert "not offered:" in words
    assert "Sulphur" in words
    assert (works / "plan" / "stock.csv").is_file()
    checked = RUN.invoke(app, ["check", str(works)], catch_exceptions=False)
    assert checked.exit_code == 0, checked.output


def test_rows_for_a_machine_and_choices(works: Path, tmp_path: Path) -> None:
    typed = ["draft", str(works), "-o", str(tmp_path / "p"), "--years", "2030", "--retire", "0", "--json"]
    result = RUN.invoke(app, typed, catch_exceptions=False)
    made = json.loads(result.stdout)
    assert made["sources"] == 5
    assert [row["year"] for row in made["period"]] == [2030]
    assert {row["decline"] for row in made["technology_option"] if row["capacity"] == "free"} <= {0.0, None}
    assert not (works / "plan").exists()
