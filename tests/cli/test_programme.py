from datetime import date

import openpyxl
import polars as pl
import pytest
from typer.testing import CliRunner

from tongyuan.cli import main
from tongyuan.cli.programme import app

RUNNER = CliRunner()


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    monkeypatch.setenv("COLUMNS", "200")


def run(*words):
    result = RUNNER.invoke(app, [str(w) for w in words])
    return result.exit_code, " ".join(result.output.split())


@pytest.fixture
def folder(tmp_path):
    code, _ = run("init", tmp_path / "sd", "--region", "山东省", "--start", 2022, "--deadline", 2025)
    assert code == 0
    return tmp_path / "sd"


def test_init_check_and_status(folder, tmp_path):
    assert (folder / "plan.xlsx").is_file()
    code, text = run("check", folder)
    assert code == 0
    assert "contradict" in text
    code, text = run("status", folder, "--output", tmp_path / "status.xlsx")
    assert code == 0
    assert "No data" in text
    code, _ = run("status", folder, "--output", tmp_path / "status.csv")
    assert code == 0
    sheet = openpyxl.load_workbook(tmp_path / "status.xlsx").worksheets[0]
    assert sheet.max_row > 50
    assert (tmp_path / "status.csv").read_text("utf-8-sig").startswith("Plan")


def test_a_defect_makes_the_check_fail(folder):
    book = openpyxl.load_workbook(folder / "plan.xlsx")
    sheet = book.worksheets[0]
    lead = next(c.column for c in sheet[1] if c.value == "Lead department")
    sheet.cell(2, lead).value = None
    book.save(folder / "plan.xlsx")
    code, text = run("check", folder)
    assert code == 1
    assert "04.01 has no lead" in text


def test_collect_merge_assess_write(folder):
    code, text = run("collect", folder, "--year", 2025, "--department", "forestry", "--language", "zh")
    assert code == 0
    form = next((folder / "forms").glob("*.xlsx"))
    book = openpyxl.load_workbook(form)
    sheet = book["任务进展"]
    at = {str(c.value).rstrip("*"): c.column for c in sheet[1]}
    sheet.cell(2, at["完成比例"]).value = 0.5
    sheet.cell(3, at["完成比例"]).value = "很多"
    sheet.cell(3, at["进展情况"]).value = "推进"
    book.save(form)
    code, text = run("merge", folder, folder / "forms")
    assert code == 1
    assert "Merged 1 files: 2 rows, 0 conflicts, 1 malformed cells" in text
    assert pl.read_parquet(folder / "merged" / "progress.parquet").height == 2
    code, text = run("assess", folder, "--year", 2025)
    assert code == 0
    assert "Forestry and grassland department" in text
    code, text = run("write", folder, "--language", "en")
    assert code == 0
    assert "No year named: taking 2025 (" in text
    names = ("assessment", "bulletin", "plan")
    made = sorted(p.name for p in (folder / "documents").iterdir())
    assert made == [f"{name}.en.{kind}" for name in names for kind in ("docx", "xlsx")]


def test_a_plan_begins_with_the_tasks_of_the_optimum(tmp_path):
    results = tmp_path / "results"
    results.mkdir()
    rows = {"scenario": ["plan", "none"], "measure": ["eaf"] * 2, "year": [2030] * 2, "value": [9.0, 1.0]}
    frame = pl.DataFrame(rows | {"baseline": [4.0, 1.0], "change": [5.0, 0.0]})
    frame.write_parquet(results / "plan_measure.parquet")
    code, _ = run("init", tmp_path / "p", "--results", tmp_path)
    assert code == 0
    code, text = run("check", tmp_path / "p")
    assert code == 1
    assert "M001 has no lead" in text
    assert "M002" not in text


def test_a_wrong_language_is_wrong_usage(tmp_path):
    code, _ = run("init", tmp_path / "x", "--language", "fr")
    assert code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("init", "{new}", "--region", "火星"), "There is no region named 火星"),
        (
            ("init", "{new}", "--region", "山东省", "--targets", "nowhere"),
            "There are no targets named nowhere",
        ),
        (("init", "{new}", "--region", "青岛市", "--parent", "{new}"), "holds no plan"),
        (("init", "{sd}", "--region", "山东省"), "already holds a plan"),
        (("check", "{new}"), "plan.xlsx is missing"),
        (("status", "{sd}", "--results", "{new}"), "no usable tables"),
        (
            ("collect", "{sd}", "--year", 2025, "--department", "nowhere"),
            "The plan has no department nowhere",
        ),
        (("merge", "{sd}", "{empty}"), "No workbook to merge was found"),
        (("merge", "{sd}", "{new}.xlsx"), "new.xlsx"),
        (("merge", "{sd}", "{sd}/plan.xlsx"), "holds no form"),
        (("assess", "{new}", "--year", 2025), "holds no plan"),
        (("write", "{sd}", "--year", 2025, "--results", "{new}"), "no usable tables"),
        (("check", "{torn}"), "not an Excel workbook"),
    ],
)
def test_bad_input_is_a_sentence_and_exit_code_1(folder, tmp_path, monkeypatch, capsys, words, told):
    (tmp_path / "empty").mkdir()
    (tmp_path / "torn").mkdir()
    (tmp_path / "torn" / "plan.xlsx").write_text("no workbook")
    places = {"new": tmp_path / "new", "sd": folder, "empty": tmp_path / "empty", "torn": tmp_path / "torn"}
    monkeypatch.setattr("sys.argv", ["tongyuan", "programme", *(str(w).format(**places) for w in words)])
    with pytest.raises(SystemExit) as stopped:
        main()
    output = capsys.readouterr()
    assert stopped.value.code == 1
    assert told in " ".join((output.out + output.err).split())
    assert "Traceback" not in output.out + output.err


@pytest.mark.parametrize(
    "words",
    [
        ("init", "x", "--start", 3000),
        ("collect", "x", "--year", 1500),
        ("collect", "x", "--year", "soon"),
        ("status", "x", "--output", "x.pdf"),
    ],
)
def test_wrong_usage_is_exit_code_2(words, tmp_path):
    code, text = run(*words)
    assert code == 2
    assert "Invalid value" in text


def test_a_year_that_is_not_named_is_the_last_full_one(folder):
    last = date.today().year - 1
    for command in (("collect", folder, "--department", "forestry"), ("assess", folder)):
        code, text = run(*command)
        assert code == 0, text
        assert f"No year named: taking {last} (" in text


def test_a_city_without_targets_is_told_where_to_give_them(tmp_path):
    code, text = run("init", tmp_path / "sz", "--region", "苏州市")
    assert code == 0
    assert "no measurable target" in text
    assert "--parent" in text
    code, text = run("init", tmp_path / "cn")
    assert "no measurable target" not in text
