from __future__ import annotations

from pathlib import Path

import pytest
from tests.flows.conftest import example

from tongyuan.flows.check import check


@pytest.mark.parametrize("world", ["minimal", "park"])
def test_a_sound_world_has_nothing_to_say(world: str, tmp_path: Path) -> None:
    workspace, findings = check(example(world, tmp_path / "w"))
    assert workspace is not None
    assert [f for f in findings if f.severity == "error"] == []


def test_what_only_accounting_can_tell_is_said_before_a_run(minimal: Path) -> None:
    table = "region,year,buyer,electricity,non_fossil_contracted,source\n370000,2021,works,100,120,x\n"
    (minimal / "tables" / "purchased_energy.csv").write_text(table, "utf-8")
    workspace, findings = check(minimal)
    assert [f.check for f in findings if f.severity == "error"] == ["green-too-much"]
    assert workspace is not None
    assert workspace.findings == findings


def test_tables_with_errors_are_not_accounted(minimal: Path) -> None:
    table = "region,year,buyer,electricity,source\n370000,2021,works,-1,x\n"
    (minimal / "tables" / "purchased_energy.csv").write_text(table, "utf-8")
    assert [f.check for f in check(minimal)[1]] == ["negative"]
    assert check(minimal / "nowhere")[0] is None
