from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.plan.drafted import Planned, planned, planned_if_it_can
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.table import empty


def test_a_plan_of_its_own_stays(province, shandong) -> None:
    found = planned(province, shandong.tables)
    assert found.workspace is province
    assert not found.findings


def test_none_is_drafted_and_said(minimal) -> None:
    workspace = open_workspace(minimal)
    found = planned(workspace, account(workspace).tables)
    assert "technology_option" in found.workspace.tables
    assert "technology_option" not in workspace.tables
    assert found.findings[0].check == "plan_drafted"
    assert "5" in found.findings[0].message("zh")


def test_without_an_inventory_there_is_nothing_to_say(minimal) -> None:
    workspace = open_workspace(minimal)
    assert planned_if_it_can(workspace, {"emission": empty("emission")}) is None


def test_what_stands_in_the_way_is_a_warning_of_a_run(minimal) -> None:
    workspace = open_workspace(minimal)
    driver = pl.DataFrame({"driver": ["ships"], "year": [2021], "value": [1.0]})
    odd = replace(workspace, tables={**workspace.tables, "driver": driver})
    found = planned_if_it_can(odd, account(workspace).tables)
    assert isinstance(found, Finding)
    assert found.severity == "warning"
    assert "ships" in found.message("en")
    assert isinstance(planned_if_it_can(workspace, account(workspace).tables), Planned)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_sentences_are_whole(minimal, language) -> None:
    workspace = open_workspace(minimal)
    for found in planned(workspace, account(workspace).tables).findings:
        assert "{" not in found.message(language)
