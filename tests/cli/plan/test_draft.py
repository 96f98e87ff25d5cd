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


def test_join_says_what_was_joined_and_the_folder_is_an_ordinary_plan(tmp_path: Path) -> None:
    places = []
    for name, code in (("潍坊市", "370700"), ("青岛市", "370200")):
        place = tmp_path / code
        place.mkdir()
        (place / "tongyuan.toml").write_text(
            f'name = "{name}"\nkind = "city"\nregion = "{name}"\ntables = ["*.csv"]\n[account]\ndraws = 0\n',
            encoding="utf-8",
        )
        (place / "activity.csv").write_text(
            f"region,year,process,product,value,unit,source\n{code},2021,energy.power,raw_coal,3,Mt,x\n",
            encoding="utf-8",
        )
        places.append(str(place))
    typed = ["join", *places, "-o", str(tmp_path / "one"), "-l", "en"]
    result = RUN.invoke(app, typed, catch_exceptions=False)
    words = " ".join(result.output.split())
    assert result.exit_code == 0, result.output
    assert "Joined 2 regions" in words
    assert "exchange nothing" in words
    checked = RUN.invoke(app, ["check", str(tmp_path / "one")], catch_exceptions=False)
    assert checked.exit_code == 0, checked.output
