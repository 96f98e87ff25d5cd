from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from tests.flows.conftest import example

from tongyuan.flows.account.account import account
from tongyuan.flows.plan.drafted import Planned, planned, planned_if_it_can
from tongyuan.flows.plan.plan import least_cost_plan, prepare
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.table import empty
from tongyuan.pathway.draft.coverage import coverage
from tongyuan.pathway.problem.base import base_point


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


@pytest.mark.parametrize(
    ("world", "sources", "least"),
    [("nation", 117, 0.90), ("park_chemicals", 9, 0.95), ("enterprise", 5, 0.34)],
)
def test_worlds_without_a_plan_folder_are_planned_through_the_draft(
    tmp_path, world: str, sources: int, least: float
) -> None:
    workspace = open_workspace(example(world, tmp_path / "w"))
    accounted = account(workspace).tables
    found = planned(workspace, accounted)
    case, inventory, _ = prepare(found.workspace, accounted)
    assert case["stock"].height == sources
    base = base_point(case)["plan_emission"]
    year = case.settings.base_year
    covered = coverage(case.tables, base, accounted["emission"].filter(pl.col("year") == year))
    carbon = covered.filter(pl.col("species") == "CO2").row(0, named=True)
    assert carbon["changeable"] >= least
    assert abs(carbon["outside"]) <= 1e-12
    plan = least_cost_plan(case, inventory.evaluate)  # audited through the inventory
    assert plan["shadow_price"].height > 0


def test_the_balance_of_china_closes_with_what_is_published(tmp_path) -> None:
    workspace = open_workspace(example("nation", tmp_path / "w"))
    accounted = account(workspace).tables
    made = planned(workspace, accounted).workspace.tables
    need = made["demand"].filter(pl.col("year") == 2025)
    power = need.filter(pl.col("flow") == "electricity")["value"][0]
    assert power == pytest.approx(
        7_779_060, rel=0.005
    )  # GWh generated in 2020: communiqué, 77,790.6 亿千瓦时
    steel = need.filter(pl.col("flow") == "crude_steel")["value"][0]
    assert steel == pytest.approx(1_064_766_800)


def test_most_of_every_named_species_of_shandong_has_an_alternative_or_a_device(tmp_path) -> None:
    from tongyuan.flows.ask.plan.draft import draft

    workspace = open_workspace(example("province", tmp_path / "w"))
    drafted = draft(workspace, account(workspace).tables)
    share = dict(drafted.coverage.select("species", "changeable").iter_rows())
    outside = dict(drafted.coverage.select("species", "outside").iter_rows())
    named = ("CO2", "SO2", "NOx", "PM2.5", "NH3", "NMVOC", "CH4_fossil", "CH4_biogenic", "N2O")
    assert {s: share[s] for s in named if share[s] < 0.8} == {}
    assert {s: share[s] for s in ("COD", "TN", "TP")} == {
        "COD": 0.0,
        "TN": 0.0,
        "TP": 0.0,
    }  # no cost is citable
    left = drafted.tables["not_offered"].filter(pl.col("subject") == "agriculture.manure")
    assert "manure_dry_biogas_anaerobic" in left["item"].to_list()
    assert max(abs(v) for v in outside.values()) < 1e-12
