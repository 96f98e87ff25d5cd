"""The commands of ``cli/run.py`` and the door itself, as a user meets them."""

from __future__ import annotations

import shutil
import sys
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tongyuan import cli

runner = CliRunner()


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A demonstration, and what it said."""
    folder = tmp_path_factory.mktemp("cli") / "minimal"
    words = ["demo", str(folder), "--world", "minimal"]
    done = runner.invoke(cli.application(), words, env={"TONGYUAN_LANGUAGE": "en", "COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return folder, done.output


@pytest.fixture(scope="module")
def results(demo: tuple[Path, str]) -> Path:
    return demo[0]


def invoke(*words: str) -> tuple[int, str]:
    done = runner.invoke(cli.application(), list(words))
    return done.exit_code, done.output


def test_demo_ends_by_saying_where_the_report_is(demo: tuple[Path, str], tmp_path: Path) -> None:
    text = demo[1]
    assert "report.en.html" in text.replace("\n", "")
    assert "a plan was drafted from the inventory" in text
    assert invoke("demo", str(tmp_path / "x"), "--world", "nowhere")[0] == 2


def test_demo_lists_every_world() -> None:
    code, text = invoke("demo", "--help")
    assert code == 0
    worlds = [entry.name for entry in (files("tongyuan.ledger") / "examples").iterdir() if entry.is_dir()]
    assert {
        "province",
        "cities",
        "park",
        "park_chemicals",
        "enterprise",
        "enterprises",
        "finance",
        "grid",
        "nation",
        "minimal",
        "zoning",
    } == set(worlds)
    assert all(world in text for world in worlds)


def test_run_wants_a_workspace(tmp_path: Path) -> None:
    code, text = invoke("run", str(tmp_path))
    assert code == 2
    assert "tongyuan init" in text
    assert invoke("run", str(tmp_path), "--only", "dance")[0] == 2


def test_explain_walks_to_the_workbook_row_and_the_record(results: Path) -> None:
    code, text = invoke("explain", str(results), "SO2")
    assert code == 0
    assert "activity.csv" in text
    assert "←" in text
    assert invoke("explain", str(results), "unobtainium")[0] == 2
    assert invoke("explain", str(results), "SO2", "--year", "1950")[0] == 1
    assert invoke("explain", str(results / "tables"), "SO2")[0] == 2


def test_diff_says_why(results: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    with as_file(files("tongyuan.ledger") / "examples" / "minimal") as source:
        shutil.copytree(source, other)
    path = other / "tables" / "activity.csv"
    path.write_text(path.read_text("utf-8").replace("100,10^4 t", "110,10^4 t"), "utf-8")
    assert invoke("run", str(other), "--only", "account")[0] == 0
    code, text = invoke("diff", str(results), str(other), "--species", "CO2")
    assert code == 0
    assert "activity" in text
    assert "Nothing changed" in invoke("diff", str(results), str(results))[1]


def test_methods_and_doctor(results: Path) -> None:
    code, text = invoke("methods", "landfill")
    assert code == 0
    assert "IPCC" in text
    code, text = invoke("doctor")
    assert code == 0
    assert "Shared archive and console: sqlalchemy" in text
    assert "GiB" in text


def test_no_traceback_reaches_the_user(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], results: Path
) -> None:
    def broken() -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(cli, "application", broken)
    monkeypatch.setattr(sys, "argv", ["tongyuan"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 3
    shown = capsys.readouterr().err
    assert "Traceback" not in shown
    assert "RuntimeError" in shown


def test_findings_end_with_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with as_file(files("tongyuan.ledger") / "examples" / "minimal") as source:
        shutil.copytree(source, tmp_path / "w")
    path = tmp_path / "w" / "tables" / "activity.csv"
    path.write_text(path.read_text("utf-8").replace("energy.power", "energy.powr"), "utf-8")
    monkeypatch.setattr(sys, "argv", ["tongyuan", "run", str(tmp_path / "w")])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    assert "energy.powr" in capsys.readouterr().err


def test_brief_is_html_where_no_browser_is(
    results: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, text = invoke("brief", str(results), "-o", str(tmp_path / "b.png"))
    assert code == 0
    assert (tmp_path / "b.html").is_file()
    assert "no Chromium on this machine" in text
