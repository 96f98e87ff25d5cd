"""The commands of ``tongyuan facility`` on a workspace of simulated enterprises."""

import json
import re
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

import tongyuan as ty
from tongyuan.cli.facility import app
from tongyuan.ledger.finding import FindingError

RUN = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("world")
    ty.init(place, "province", name="示例", region="山东省")
    for name, frame in ty.simulated_facilities(10, seed=1).items():
        if name == "fuel_stock":
            frame = frame.with_columns(
                closing=pl.col("closing") + pl.when(pl.col("facility") == "SIM0002").then(5e5).otherwise(0)
            )
        (place / "tables").mkdir(exist_ok=True)
        frame.write_parquet(place / "tables" / f"{name}.parquet")
    return place


def test_check(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "findings.csv"
    done = RUN.invoke(app, ["check", str(folder), "--only", "FUE-01", "-o", str(out), "-l", "zh"])
    assert done.exit_code == 1, done.output
    assert "SIM0002" in done.output
    assert "1 条校验、120 次判断：未通过 12" in done.output
    assert "期初" in out.read_text("utf-8-sig")
    clean = RUN.invoke(app, ["check", str(folder), "--only", "NEG"])
    assert clean.exit_code == 0, clean.output


def test_check_lists_all_checks_without_a_workspace() -> None:
    done = RUN.invoke(app, ["check", "--list", "--json"])
    assert done.exit_code == 0, done.output
    assert len(json.loads(done.output)["check_finding"]) >= 400


def test_how_well_a_check_is_known_is_said_in_words() -> None:
    shown = RUN.invoke(app, ["check", "--list", "-l", "zh"]).output
    assert all(word in shown for word in ("已核实", "二手引用", "建议", "未核实"))
    assert not [key for key in ("verified", "secondary", "proposal") if key in shown]


def test_evidence(folder: Path, tmp_path: Path) -> None:
    done = RUN.invoke(app, ["evidence", str(folder), "-o", str(tmp_path / "e.xlsx"), "-l", "en"])
    assert done.exit_code == 0, done.output
    assert "stay significant" in done.output
    assert (tmp_path / "e.xlsx").is_file()


def test_inspect(folder: Path) -> None:
    done = RUN.invoke(app, ["inspect", str(folder), "--days", "4", "--seed", "7", "-l", "en"])
    assert done.exit_code == 0, done.output
    assert "4 sites: 2 by risk, 2 at random; seed 7" in done.output


@pytest.mark.parametrize(
    "words",
    [
        ["check", "nowhere"],
        ["inspect", "{folder}", "--days", "0"],
        ["inspect", "{folder}", "--days", "3", "--random", "2"],
        ["check", "{folder}", "--only", "XYZ"],
    ],
)
def test_wrong_words_are_answered_in_words(folder: Path, words: list[str]) -> None:
    done = RUN.invoke(app, [w.format(folder=folder) for w in words])
    assert done.exit_code != 0
    assert isinstance(done.exception, FindingError | SystemExit)


def test_simulate(tmp_path: Path) -> None:
    place = tmp_path / "w"
    done = RUN.invoke(app, ["simulate", str(place), "--count", "10", "--altered", "-l", "zh"])
    assert done.exit_code == 0, done.output
    assert "已写出10家模拟企业" in "".join(done.output.split())
    assert pl.read_csv(place / "altered.csv")["facility"].n_unique() == 1
    assert "示例" in (place / "tongyuan.toml").read_text("utf-8")
    assert RUN.invoke(app, ["check", str(place), "--only", "KEY"]).exit_code == 0
    again = RUN.invoke(app, ["simulate", str(place)])
    assert isinstance(again.exception, FindingError)
    (tmp_path / "file").write_text("x")
    assert isinstance(RUN.invoke(app, ["simulate", str(tmp_path / "file")]).exception, FindingError)


def test_suspicions_name_what_was_measured(folder: Path) -> None:
    shown = RUN.invoke(app, ["evidence", str(folder), "-l", "en"]).output
    assert not re.search(r"\b[aw]\d{5}\b|\w_\w", shown), shown


def test_the_workbook_of_the_visits_is_of_those_alone_and_in_one_language(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "visits.xlsx"
    done = RUN.invoke(app, ["inspect", str(folder), "--days", "3", "-o", str(out), "-l", "zh"])
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(out)
    visited = {row[0] for row in book["检查计划"].iter_rows(min_row=2, values_only=True)}
    assert len(visited) == 3
    for name in ("疑点", "数据调和", "校验结果"):
        assert {row[0] for row in book[name].iter_rows(min_row=2, values_only=True)} <= visited
    page = book["数据调和"]
    head = [cell.value for cell in page[1]]
    assert page.cell(2, head.index("测量") + 1).value == "期初库存"
    assert page.cell(2, head.index("可疑") + 1).value in ("是", "否")
    other = [cell for cell in book["检查计划"][1] if cell.value == "英文理由"]
    assert book["检查计划"].column_dimensions[other[0].column_letter].hidden
