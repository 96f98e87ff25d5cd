from __future__ import annotations

from pathlib import Path

import pytest
from tests.flows.conftest import example

from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import PROGRAMME
from tongyuan.flows.source import INDEX, open_workspace
from tongyuan.ledger.finding import FindingError


def test_a_workspace_brings_its_plan_and_hashes_every_file(tmp_path: Path) -> None:
    workspace = open_workspace(example("park", tmp_path / "w"))
    assert {"activity", "node", "target", "technology_option"} <= set(workspace.tables)
    files = {p.relative_to(tmp_path / "w").as_posix() for p in (tmp_path / "w" / "plan").iterdir()}
    assert files <= set(workspace.inputs)
    assert workspace.texts == {}


def test_a_programme_of_its_own_goes_before_other_tables(minimal: Path) -> None:
    folder = minimal / PROGRAMME
    assert "task" not in open_workspace(minimal).tables
    deploy.init(folder, "370000", plan="own", start=2022)
    deploy.init(tmp := minimal.parent / "above", "370000", plan="above")
    (folder / "parent.xlsx").write_bytes((tmp / "plan.xlsx").read_bytes())
    workspace = open_workspace(minimal)
    assert set(workspace.tables["task"]["plan"]) == {"own"}
    assert set(workspace.tables["parent.task"]["plan"]) == {"above"}
    assert {"programme/plan.xlsx", "programme/parent.xlsx"} <= set(workspace.inputs)


def test_an_index_of_its_own_is_brought_as_text(minimal: Path) -> None:
    path = minimal / "tongyuan.toml"
    path.write_text(path.read_text("utf-8") + '[assess]\nindex = "mine.toml"\n', "utf-8")
    with pytest.raises(FindingError, match="mine"):
        open_workspace(minimal)
    (minimal / "mine.toml").write_text('id = "mine"', "utf-8")
    assert open_workspace(minimal).texts == {INDEX: 'id = "mine"'}


def test_a_column_of_a_plan_table_that_is_not_known_is_told(tmp_path: Path) -> None:
    """Its 16 years would be gone without a word."""
    folder = example("park", tmp_path / "w")
    table = folder / "plan" / "target.csv"
    table.write_bytes(table.read_bytes().replace(b",year_to,", b",year_until_then,", 1))
    told = [f for f in open_workspace(folder).findings if f.file == "target.csv"]
    assert "year_until_then" in " ".join(f.message("en") for f in told)
