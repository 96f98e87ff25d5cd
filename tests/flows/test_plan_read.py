from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tongyuan.flows import plan as flow
from tongyuan.flows.account import Account
from tongyuan.flows.plan_read import has_plan, read_plan
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import Workspace


def test_settings_are_strict(changed: Workspace, shandong: Account) -> None:
    assert has_plan(changed)
    path = changed.folder / "plan" / "plan.toml"
    path.write_text('discount_rate = 0.05\nbase_year = 2021\ncolour = "red"\n', encoding="utf-8")
    with pytest.raises(FindingError) as caught:
        flow.plan(changed, shandong.tables)
    assert [f.check for f in caught.value.findings] == ["plan_settings"]
    path.write_text("discount_rate = 0.05\nbase_year = 1999\n", encoding="utf-8")
    with pytest.raises(FindingError) as caught:
        flow.plan(changed, shandong.tables)
    assert [f.check for f in caught.value.findings] == ["plan_base_year"]


def test_a_workspace_without_plan_tables_has_no_plan(minimal: Path, province: Workspace) -> None:
    assert not has_plan(replace(province, folder=minimal))


def test_a_setting_given_stands_in_for_that_of_the_file(province: Workspace) -> None:
    tables, settings = read_plan(province.folder / "plan", discount_rate=0.08)
    assert (settings.discount_rate, settings.base_year) == (0.08, 2021)
    assert "target" in tables
    with pytest.raises(FindingError) as caught:
        read_plan(province.folder / "plan", colour="red")
    assert [f.check for f in caught.value.findings] == ["plan_settings"]


def test_one_table_may_be_read_alone_with_settings_given(province: Workspace, tmp_path: Path) -> None:
    (tmp_path / "node.csv").write_bytes((province.folder / "plan" / "node.csv").read_bytes())
    tables, settings = read_plan(tmp_path / "node.csv", discount_rate=0.05)
    assert list(tables) == ["node"]
    assert settings.currency == "CNY"
