from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tongyuan.flows.account.account import Account
from tongyuan.flows.plan import plan as flow
from tongyuan.flows.plan.read import plan_files, plan_settings, read_plan, read_tables
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import Workspace


def with_plan(workspace: Workspace, **plan: object) -> Workspace:
    chosen = workspace.settings.plan.model_copy(update=plan)
    return replace(workspace, settings=workspace.settings.model_copy(update={"plan": chosen}))


def test_the_settings_of_a_workspace_stand_in_one_file(changed: Workspace) -> None:
    (changed.folder / "plan" / "plan.toml").write_text("discount_rate = 0.05\n", encoding="utf-8")
    with pytest.raises(FindingError) as caught:
        open_workspace(changed.folder)
    assert [f.check for f in caught.value.findings] == ["plan_settings_moved"]


def test_the_rate_is_the_user_s_choice(changed: Workspace, shandong: Account) -> None:
    with pytest.raises(FindingError) as caught:
        flow.plan(with_plan(changed, discount_rate=None), shandong.tables)
    (found,) = caught.value.findings
    assert found.check == "plan_setting_missing"
    assert "discount_rate" in found.message("en")
    assert "[plan]" in found.next_step("en")
    with pytest.raises(FindingError) as caught:
        flow.plan(with_plan(changed, base_year=1999), shandong.tables)
    assert [f.check for f in caught.value.findings] == ["plan_base_year"]


def test_a_plan_folder_of_its_own_is_strict(tmp_path: Path, province: Workspace) -> None:
    (tmp_path / "node.csv").write_bytes((province.folder / "plan" / "node.csv").read_bytes())
    (tmp_path / "plan.toml").write_text('colour = "red"\n', encoding="utf-8")
    with pytest.raises(FindingError) as caught:
        read_plan(tmp_path)
    assert [f.check for f in caught.value.findings] == ["plan_setting_missing", "plan_settings"]
    (tmp_path / "plan.toml").write_text("discount_rate = ", encoding="utf-8")
    with pytest.raises(FindingError):
        read_plan(tmp_path)


def test_a_workspace_without_a_folder_of_plan_tables_has_none(minimal: Path, province: Workspace) -> None:
    assert plan_files(minimal / "plan") == []
    names = {path.name for path in plan_files(province.folder / "plan")}
    assert {"node.csv", "target.csv"} <= names
    assert not any(name.startswith((".", "~$")) for name in names)


def test_a_setting_given_stands_in_for_that_of_the_file(province: Workspace) -> None:
    settings = plan_settings(province.settings.plan, discount_rate=0.08)
    assert (settings.discount_rate, settings.base_year) == (0.08, 2021)
    assert "target" in read_tables(plan_files(province.folder / "plan"))[0]
    with pytest.raises(FindingError) as caught:
        plan_settings(province.settings.plan, colour="red")
    assert [f.check for f in caught.value.findings] == ["plan_settings"]


def test_one_table_may_be_read_alone_with_settings_given(province: Workspace, tmp_path: Path) -> None:
    (tmp_path / "node.csv").write_bytes((province.folder / "plan" / "node.csv").read_bytes())
    tables, settings = read_plan(tmp_path / "node.csv", discount_rate=0.05)
    assert list(tables) == ["node"]
    assert settings.currency == "CNY"


def test_a_table_of_one_column_is_read(tmp_path: Path) -> None:
    path = tmp_path / "node.csv"
    path.write_text("node\nSD\nHE\n", encoding="utf-8")
    assert read_tables([path])[0]["node"]["node"].to_list() == ["SD", "HE"]
