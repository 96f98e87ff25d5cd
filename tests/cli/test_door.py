"""One language at a time, errors in words, rows for machines, and a light start."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from tongyuan.cli import application
from tongyuan.cli.door import Door, group, language_of, offer
from tongyuan.ledger.example import copy_example

RUN = CliRunner()
HEAVY = (
    "scipy", "numba", "openpyxl", "xlsxwriter", "matplotlib", "docx", "highspy", "jinja2", "numpy", "polars",
    "pandas", "lxml", "tongyuan.reference.quality", "tongyuan.reference.shelf",
)  # fmt: skip


COMMAND = typer.main.get_command(application())
"""The whole command line, put together once."""


def every() -> list[list[str]]:
    found: list[list[str]] = [[]]
    for name, command in sorted(COMMAND.commands.items()):  # type: ignore[attr-defined]
        found.append([name])
        found += [[name, sub] for sub in sorted(getattr(command, "commands", None) or {})]
    return found


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


@pytest.mark.parametrize("words", every(), ids=" ".join)
def test_help_is_in_one_language_and_whole_at_80_columns(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for language in ("zh", "en"):
        monkeypatch.setenv("TONGYUAN_LANGUAGE", language)
        with pytest.raises(SystemExit) as ended:
            COMMAND([*words, "--help"])
        shown = capsys.readouterr().out
        assert ended.value.code == 0, shown
        assert "…" not in shown.replace("[参数]…", "")
        assert "{" not in re.sub(r"\{\w+\}", "", shown)
        assert is_chinese(shown) == (language == "zh"), shown
        assert bool(re.search(r"<[a-z]", shown)) == (language == "en"), shown
        assert ("Usage" in shown or "Show this" in shown) == (language == "en")
        assert not re.search(r"[，；、：。（] +[^ │]|│ +[，；、：。）]", shown), shown


@pytest.mark.parametrize("words", [w for w in every() if w], ids=" ".join)
def test_every_command_takes_a_language(words: list[str]) -> None:
    command = COMMAND
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    if not getattr(command, "commands", None):
        assert {"language"} <= {p.name for p in command.params}


@pytest.mark.parametrize("words", [w for w in every() if w], ids=" ".join)
def test_every_command_gives_rows_to_a_machine(words: list[str]) -> None:
    command = COMMAND
    for word in words:
        command = command.commands[word]  # type: ignore[attr-defined]
    if not getattr(command, "commands", None):
        assert {"json"} <= {p.name for p in command.params}


def test_every_command_stands_in_the_documentation(checkout: Path) -> None:
    page = (checkout / "docs" / "cli.md").read_text("utf-8")
    groups = {"synergy", "programme", "factors", "runs", "plan", "facility", "impact"}
    for words in (w for w in every() if w):
        called = words[0] if words[0] in groups and len(words) == 1 else " ".join(words)
        short = rf"`(?:tongyuan )?(?:{re.escape(called)}|{re.escape(words[-1])})\b"
        assert re.search(short, page) or f"tongyuan {words[0]} …" in page, called


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("template {out}/t.xlsx --table activity", "written"),
        ("init {out}/w", "written"),
        ("runs list {out}", "error"),
        ("run {out}", "error"),
        ("demo {out}/d --world nowhere", "error"),
        ("init {out}/v --template nothing", "error"),
        ("programme init {out}/p", "written"),
        ("facility month {out}/m.xlsx --kind power --facility E1 --month 2026-01", "written"),
        ("facility simulate {out}/s", "written"),
        ("plan library technology", "technology"),
    ],
)
def test_a_machine_hears_what_was_written_or_why_not(line: str, key: str, tmp_path: Path) -> None:
    done = RUN.invoke(application(), [*line.format(out=tmp_path).split(), "--json"])
    said = json.loads(done.stdout)
    assert said[key]
    assert said["findings"] is not None
    if key == "written":
        assert all(Path(path).exists() for path in said["written"])
    assert done.exit_code == (2 if key == "error" else 0)


def test_the_flows_of_a_run_stand_in_its_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for language, words in (
        ("en", "deploy, advance, assess"),
        ("zh", "deploy 部署、advance 推进、assess 考核"),
    ):
        shown = RUN.invoke(application(), ["run", "--help", "-l", language]).output
        assert words in shown, shown


def test_a_day_and_a_variable_are_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    for language, day, variable in (
        ("en", "<yyyy-mm-dd>", "[env var: TONGYUAN_DATABASE]"),
        ("zh", "<年-月-日>", "[环境变量：TONGYUAN_DATABASE]"),
    ):
        shown = RUN.invoke(application(), ["impact", "index", "--help", "-l", language]).output
        assert (day in shown, "%Y" in shown) == (True, False), shown
        assert variable in RUN.invoke(application(), ["serve", "--help", "-l", language]).output


def test_the_option_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    for words in (["check", "--help", "--language", "zh"], ["-l", "zh", "check", "--help"]):
        assert "检查" in RUN.invoke(application(), words).output
    assert not is_chinese(RUN.invoke(application(), ["check", "--help"]).output)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        (["run", "--language", "en"], "en"), (["run", "--language=zh"], "zh"), (["run", "-l", "fr"], None),
        (["run", "--", "--language", "en"], None), ([], None), (["run", "--language"], None),
    ],
)  # fmt: skip
def test_the_language_of_a_line(words: list[str], language: str | None) -> None:
    assert language_of(words) == language


@pytest.mark.parametrize(
    ("words", "zh", "en"),
    [
        (["explain"], "缺少参数", "Missing argument"),
        (["dance"], "没有命令", "No such command"),
        (["explan"], "您是不是想写：explain", "Did you mean explain"),
        (["explain", "--tpo", "3"], "没有选项 --tpo", "No such option: --tpo"),
        (["explain", "x", "SO2", "--top", "many"], "应写整数", "write an integer"),
        (["explain", "x", "SO2", "--top", "0"], "不能小于 1", "must not be below 1"),
        (["explain", "x", "SO2", "--top"], "后面要写一个值", "requires a value"),
        (["methods", "a", "b"], "多出的参数：b", "Unexpected extra argument: b"),
        (["check", "--strict=1"], "后面不写值", "takes no value"),
        (["check", "--language", "fr"], "fr", "fr"),
        (["plan", "budget", "x"], "缺少选项", "Missing option"),
    ],
)
def test_wrong_usage_is_said_in_either_language(
    words: list[str], zh: str, en: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    for language, wanted in (("zh", zh), ("en", en)):
        monkeypatch.setenv("TONGYUAN_LANGUAGE", language)
        shown = RUN.invoke(application(), words)
        assert shown.exit_code == 2
        assert wanted in shown.output, shown.output
        if language == "en":
            assert not is_chinese(shown.output)


def test_a_help_text_that_is_not_there_is_an_error() -> None:
    app = typer.Typer(name="tongyuan", cls=Door)
    app.add_typer(group("plan"))

    @offer(app, "nowhere")
    def nowhere() -> None:
        """Go nowhere."""

    with pytest.raises(KeyError):
        RUN.invoke(app, ["nowhere", "--help"], catch_exceptions=False)


def test_rows_for_a_machine_are_all_that_is_printed(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path / "m")
    clean = RUN.invoke(application(), ["check", str(tmp_path / "m"), "--json"])
    assert json.loads(clean.stdout)["rows"]["activity"] > 0
    path = tmp_path / "m" / "tables" / "activity.csv"
    path.write_text(path.read_text("utf-8").replace("energy.power", "energy.powr"), "utf-8")
    wrong = RUN.invoke(application(), ["check", str(tmp_path / "m"), "--json"])
    assert wrong.exit_code == 1
    found = json.loads(wrong.stdout)["findings"]
    assert {f["severity"] for f in found} >= {"error"}
    assert all(f["message_zh"] and f["message_en"] for f in found)
    said = RUN.invoke(application(), ["explain", str(tmp_path), "SO2", "--json"])
    assert said.exit_code == 2
    assert [f["check"] for f in json.loads(said.stdout)["findings"]] == ["no_results"]
    methods = json.loads(RUN.invoke(application(), ["methods", "landfill", "--json"]).stdout)
    assert methods["method"]


def test_help_and_version_load_nothing_heavy() -> None:
    code = (
        "import sys\nfrom tongyuan.cli import main\nsys.argv = ['tongyuan', sys.argv[1]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('#', [m for m in {HEAVY!r} if m in sys.modules])"
    )
    for word in ("--help", "--version"):
        done = subprocess.run([sys.executable, "-c", code, word], capture_output=True, check=True)
        assert done.stdout.decode().rstrip().endswith("# []"), done.stdout.decode()[-300:]


def test_a_check_loads_no_documents_and_no_solver(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path / "m")
    code = (
        "import sys\nfrom tongyuan.cli import main\nsys.argv = ['tongyuan', 'check', sys.argv[1]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('#', [m for m in ('openpyxl', 'xlsxwriter', 'matplotlib', 'docx', 'highspy', 'jinja2',"
        " 'pandas', 'pint', 'numba', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "m")], capture_output=True, check=True)
    assert done.stdout.decode().rstrip().endswith("# []"), done.stdout.decode()[-300:]


def test_who_works_alone_loads_no_archive_and_no_web(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path / "m")
    apart = "('sqlalchemy', 'alembic', 'psycopg', 'argon2', 'fastapi', 'starlette', 'uvicorn')"
    own = "('tongyuan.store', 'tongyuan.office', 'tongyuan.web')"
    code = (
        "import sys\nimport tongyuan\nfrom tongyuan.cli import main\n"
        "sys.argv = ['tongyuan', 'run', sys.argv[1], '--only', 'account']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        f"print('#', sorted(m for m in sys.modules if m.startswith({own}) or m.split('.')[0] in {apart}))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "m")], capture_output=True, check=True)
    assert done.stdout.decode().rstrip().endswith("# []"), done.stdout.decode()[-300:]


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "gbk"])
def test_a_console_of_any_encoding_is_enough(encoding: str) -> None:
    env = os.environ | {"PYTHONIOENCODING": encoding, "TONGYUAN_LANGUAGE": "zh", "COLUMNS": "80"}
    for words in (["--help"], ["plan", "--help"], ["explain"]):
        done = subprocess.run(
            [sys.executable, "-m", "tongyuan", *words], capture_output=True, env=env, check=False
        )
        assert done.returncode in (0, 2), done.stderr
        assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "plan -l zh least-cost --help",
        "plan --language=zh --help",
        "-l zh plan --help",
        "plan least-cost -l zh --help",
        "plan --help -l zh",
    ],
)
def test_the_language_may_stand_after_every_name(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TONGYUAN_LANGUAGE", "en")
    done = RUN.invoke(application(), line.split(), env={"COLUMNS": "80"})
    assert done.exit_code == 0, done.output
    assert "用法" in done.output
    wrong = RUN.invoke(application(), ["plan", "--language", "fr", "--help"])
    assert wrong.exit_code == 2
    assert "fr" in wrong.output
