"""The house keeps its own rules: layers, mirror of tests and documentation, two languages, no strays."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
import sys
import tomllib
from pathlib import Path

import polars as pl
import pytest
import typer
from tests.conftest import LONG

from tongyuan.cli import application
from tongyuan.ledger.table import TYPES, names, table
from tongyuan.reference.shelf import read_text_csv

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "tongyuan"
MODULES = sorted(p for p in SOURCE.rglob("*.py") if p.name != "__init__.py")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
LAYERS = [[name.strip() for name in line.split("|")] for line in CONTRACTS[0]["layers"]]
ROOMS = {name for layer in LAYERS for name in layer}
"""Every folder of the package, as the first contract of imports draws the house."""
UNTITLED = {("industry", "en")}
"""GB/T 4754-2017 prints no English titles of its classes."""
CATALOGUES = sorted(SOURCE.rglob("messages*.csv"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)


def test_only_rooms_of_the_plan_exist() -> None:
    found = {p.parent.relative_to(SOURCE).parts[0] for p in SOURCE.rglob("*.py") if p.parent != SOURCE}
    assert found <= ROOMS


def test_nothing_lies_about_beside_the_house() -> None:
    """What a test or an example wrote into the checkout is not kept by mistake."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("no git checkout")
    kept = {".ci", ".github", "benchmarks", "docs", "src", "tests", "tools"}
    tracked = [name.split("/") for name in listed.stdout.split("\0") if name]
    assert {path[0] for path in tracked if len(path) > 1} == kept
    names = {path[0] for path in tracked if len(path) == 1}
    texts = (".md", ".cff", ".toml", ".yaml", ".lock", ".gitignore")
    assert {name for name in names if not name.endswith(texts)} == {"LICENSE", "Makefile", "NOTICE"}


def test_files_that_are_said_to_take_long_are_there() -> None:
    assert [name for name in LONG if not (ROOT / "tests" / name).is_file()] == []


@pytest.mark.parametrize("module", MODULES, ids=dotted)
def test_every_module_has_its_test_file(module: Path) -> None:
    inside = module.relative_to(SOURCE)
    assert (ROOT / "tests" / inside.parent / f"test_{inside.name}").is_file()


@pytest.mark.parametrize("module", MODULES, ids=dotted)
def test_every_module_stands_in_the_documentation(module: Path, pages: dict[str, str]) -> None:
    place = re.compile(rf"automodule:: {re.escape(dotted(module))}\s")
    assert any(place.search(page + "\n") for page in pages.values())


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda p: p.parent.name)
def test_every_sentence_is_there_in_both_languages(path: Path) -> None:
    rows = read_text_csv(path).to_dicts()
    keys = [row["key"] for row in rows]
    assert len(keys) == len(set(keys))
    for row in rows:
        assert row["zh"], row["key"]
        assert row["en"], row["key"]
        assert fields(row["zh"]) == fields(row["en"]), row["key"]
        if row.get("severity"):
            assert row["severity"] in {"error", "warning", "notice"}, row["key"]
            assert row["next_zh"], row["key"]
            assert row["next_en"], row["key"]


def test_percentages_are_written_in_one_way() -> None:
    """As 95%, in every sentence and on every shelf, as the figures of reports are."""
    spaced = re.compile(r"[0-9}] %")
    assert not [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.csv")
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if spaced.search(line)
    ]


@pytest.mark.parametrize("name", names())
def test_every_table_is_titled_in_both_languages(name: str) -> None:
    definition = table(name)
    assert definition.role in {"input", "result"}
    assert definition.title_zh
    assert definition.title_en
    seen = [column.name for column in definition.columns]
    assert len(seen) == len(set(seen))
    for column in definition.columns:
        assert column.type in TYPES, column.name
        assert column.title_zh, column.name
        assert column.title_en, column.name
        assert column.choices or column.type != "choice", column.name
        assert column.type in ("choice", "open_list") or not column.choices, column.name
        assert bool(column.refers_to) or column.type != "reference", column.name


def test_every_schema_file_is_a_table_of_the_ledger() -> None:
    files = {p.stem for p in (SOURCE / "ledger" / "schema").rglob("*.csv")}
    assert files == set(names())
    assert len(names()) == len(set(names()))


def test_titles_on_every_shelf() -> None:
    for path in sorted((SOURCE / "reference" / "data").rglob("*.csv")):
        frame = read_text_csv(path)
        for language in ("zh", "en"):
            if f"title_{language}" in frame.columns and (path.stem, language) not in UNTITLED:
                empty = frame.filter(pl.col(f"title_{language}") == "")
                assert empty.is_empty(), (path.name, empty[frame.columns[0]].to_list()[:5])


def test_files_stay_small() -> None:
    long = {dotted(p): n for p in MODULES if (n := len(p.read_text("utf-8").splitlines())) > 450}
    assert not long


def commands() -> list[str]:
    """Return every command as it is typed, without the program's name: ``run``, ``factors search`` …"""
    app = typer.main.get_command(application())
    found = []
    for name, command in sorted(app.commands.items()):  # type: ignore[attr-defined]
        inside = getattr(command, "commands", None)
        found += [f"{name} {sub}" for sub in sorted(inside)] if inside else [name]
    return found


@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented_and_tested(command: str) -> None:
    pages = "\n".join(p.read_text("utf-8") for p in (ROOT / "docs").glob("*.md"))
    group, _, name = command.partition(" ")
    listed = re.search(rf"tongyuan {group} [`a-z|-]*\b{name}\b", pages) if name else None
    assert f"tongyuan {command}" in pages or listed, command
    tests = "\n".join(p.read_text("utf-8") for p in (ROOT / "tests" / "cli").rglob("*.py"))
    assert f'"{name or group}"' in tests, command


SKIPPING = """
import pytest

@pytest.mark.skip(reason="no Chromium on this machine")
def test_browser(): ...

def test_facts():
    pytest.skip("the folder ../shared/facts beside the checkout is absent")

def test_plain(): ...
"""


def test_where_nothing_may_be_skipped_a_skip_fails(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_bytes((ROOT / "tests" / "conftest.py").read_bytes())
    (tmp_path / "test_skipping.py").write_text(SKIPPING)
    command = [sys.executable, "-m", "pytest", "-ra", "-p", "no:cacheprovider", str(tmp_path), "--no-skips"]
    strict = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert "1 passed, 1 skipped, 1 error" in strict.stdout
    assert "nothing may be skipped here: Skipped: no Chromium on this machine" in strict.stdout
    assert strict.returncode == 1
    lenient = subprocess.run(command[:-1], capture_output=True, text=True, cwd=tmp_path)
    assert lenient.returncode == 0


def test_a_room_is_named_in_every_contract() -> None:
    """A room that a list leaves out would be free of what the list forbids."""
    (rooms,) = ({f"tongyuan.{name}" for name in layer} for layer in LAYERS if "inventory" in layer)
    free = {"highspy": {"tongyuan.pathway"}, "openpyxl": {"tongyuan.report"}}
    for contract in CONTRACTS[1:]:
        named = {*contract["source_modules"], *contract["forbidden_modules"]}
        owners = set().union(*(free.get(name, set()) for name in contract["forbidden_modules"]))
        assert rooms - owners <= named, contract["name"]


def test_strays_and_sideways_imports_break_the_contracts(tmp_path: Path) -> None:
    shutil.copytree(
        SOURCE, tmp_path / "src" / "tongyuan", ignore=shutil.ignore_patterns("*.csv", "__pycache__")
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = {
        "utils.py": '"""Stray."""\n',
        "synergy/planted.py": '"""Sideways."""\n\nfrom tongyuan.pathway import plan as plan\n',
        "cli/planted.py": '"""Past the hall."""\n\nfrom tongyuan.inventory.view import change as change\n',
    }
    for name, text in planted.items():
        (tmp_path / "src" / "tongyuan" / name).write_text(text, "utf-8")
    env = os.environ | {"PYTHONPATH": str(tmp_path / "src"), "COLUMNS": "200"}
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", code, "--no-cache"], cwd=tmp_path, env=env, capture_output=True, check=False
    )
    said = done.stdout.decode() + done.stderr.decode()
    assert done.returncode != 0
    assert "utils" in said
    assert "tongyuan.synergy.planted -> tongyuan.pathway.plan" in said
    assert "tongyuan.cli.planted -> tongyuan.inventory.view.change" in said
