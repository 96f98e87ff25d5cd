"""``tongyuan init``, ``template`` and ``check`` from the user's side."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tongyuan.cli.workspace import register

runner = CliRunner()


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")
    made = typer.Typer()
    register(made)
    return made


HEADER = "地区,年份,工艺过程,燃料或产品,数值,单位,来源\n"


def test_from_an_empty_folder_to_a_checked_workspace(app: typer.Typer, tmp_path: Path) -> None:
    folder = tmp_path / "鲁"
    made = runner.invoke(
        app, ["init", str(folder), "--template", "city", "--region", "370200", "--language", "zh"]
    )
    assert made.exit_code == 0, made.output
    assert (folder / "tongyuan.toml").is_file()
    assert (folder / "tables" / "数据.xlsx").is_file()
    checked = runner.invoke(app, ["check", str(folder)])
    assert checked.exit_code == 0, checked.output
    assert "活动水平" in checked.output
    again = runner.invoke(app, ["init", str(folder)])
    assert again.exit_code == 1
    assert "nothing was changed" in " ".join(again.output.split())


def test_errors_exit_with_one_and_are_shown_in_either_language(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "活动水平.csv"
    file.write_text(HEADER + "370000,2021,火力发电,原媒,-1,万吨,x\n", encoding="utf-8")
    english = runner.invoke(app, ["check", str(file)])
    assert english.exit_code == 1
    assert "must not be negative" in english.output
    chinese = runner.invoke(app, ["check", str(file), "--language", "zh", "--annotate"])
    assert "不能为负" in chinese.output
    assert (tmp_path / "checked" / "活动水平.xlsx").is_file()


def test_strict_makes_warnings_count(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "活动水平.csv"
    file.write_text(HEADER.strip() + ",别的\n370000,2021,火力发电,原煤,1,万吨,x,y\n", encoding="utf-8")
    assert runner.invoke(app, ["check", str(file)]).exit_code == 0
    assert runner.invoke(app, ["check", str(file), "--strict"]).exit_code == 1


def test_a_clean_file_says_so(app: typer.Typer, tmp_path: Path) -> None:
    file = tmp_path / "活动水平.csv"
    file.write_text(HEADER + "370000,2021,火力发电,原煤,1,万吨,x\n", encoding="utf-8")
    result = runner.invoke(app, ["check", str(file)])
    assert result.exit_code == 0
    assert "Nothing was found wrong" in result.output


@pytest.mark.parametrize(
    "arguments",
    [
        ["init", "{folder}", "--template", "planet"],
        ["template", "{folder}/t.xlsx", "--table", "nonsense"],
        ["check", "{folder}", "--language", "fr"],
        ["check", "{folder}/nowhere"],
        ["template"],
    ],
)
def test_wrong_usage_exits_with_two(app: typer.Typer, tmp_path: Path, arguments: list[str]) -> None:
    result = runner.invoke(app, [a.format(folder=tmp_path) for a in arguments])
    assert result.exit_code == 2, result.output
    assert "Traceback" not in result.output


def test_a_template_of_chosen_tables(app: typer.Typer, tmp_path: Path) -> None:
    path = tmp_path / "t"
    result = runner.invoke(app, ["template", str(path), "--table", "控制", "--language", "en"])
    assert result.exit_code == 2
    result = runner.invoke(app, ["template", str(path), "--table", "activity", "--no-example"])
    assert result.exit_code == 0, result.output
    assert (tmp_path / "t.xlsx").is_file()


def test_a_place_that_cannot_be_written_is_a_finding(app: typer.Typer, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    result = runner.invoke(app, ["template", str(tmp_path / "file" / "t.xlsx"), "--table", "activity"])
    assert result.exit_code == 1
    assert "Traceback" not in result.output
