from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.flows.conftest import example

from tongyuan.flows.account.account import Account, account
from tongyuan.ledger.figure.lineage import explain
from tongyuan.ledger.table import names, table
from tongyuan.ledger.workspace import Workspace, load

MEGATONNE = 1e6


def total(done: Account, species: str, year: int) -> float:
    rows = done.tables["emission"].filter(
        pl.col("species") == species, pl.col("year") == year, pl.col("scope") == "direct"
    )
    return float(rows["value"].sum())


def test_every_table_is_one_of_the_ledger(shandong: Account) -> None:
    for name, frame in shandong.tables.items():
        assert name in names()
        known = {column.name for column in table(name).columns} | {"_place"}
        assert set(frame.columns) <= known, name


@pytest.mark.parametrize(("year", "plain"), [(2014, 799.7), (2021, 867.6)])
def test_shandong_energy_co2_is_within_the_range_the_balance_closes_to(
    shandong: Account, year: int, plain: float
) -> None:
    """A plain calculation from guideline carbon contents gives 799.7 Mt (2014) and 867.6 Mt (2021)."""
    rows = shandong.tables["emission"].filter(
        pl.col("species") == "CO2",
        pl.col("year") == year,
        pl.col("scope") == "direct",
        pl.col("origin") == "combustion",
    )
    assert rows["value"].sum() / MEGATONNE == pytest.approx(plain, rel=0.02)


def test_no_fuel_is_burnt_twice_or_lost(shandong: Account, province: Workspace) -> None:
    balance = province.tables["energy_balance"]
    burnt = shandong.tables["activity"].filter(pl.col("activity_id").str.starts_with("energy_balance:"))
    coal = balance.filter(
        pl.col("year") == 2021,
        pl.col("product") == "raw_coal",
        pl.col("item").is_in(
            [
                "thermal_power",
                "heating_supply",
                "agriculture",
                "industry",
                "industry_nonenergy",
                "construction",
                "transport",
                "trade",
                "other",
                "residential_urban",
                "residential_rural",
            ]
        ),
    ).with_columns(
        pl.when(pl.col("item").is_in(["thermal_power", "heating_supply", "industry_nonenergy"]))
        .then(-pl.col("value"))
        .otherwise("value")
        .alias("value")
    )
    expected = coal["value"].sum()
    found = burnt.filter(pl.col("year") == 2021, pl.col("product") == "raw_coal")["value"].sum()
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("species", ["CO2", "SO2", "PM2.5", "COD", "CH4_fossil", "CH4_biogenic"])
def test_explain_reaches_a_workbook_cell(shandong: Account, province: Workspace, species: str) -> None:
    chain = explain(shandong.tables, species, year=2021, top=3, letters=province.letters)
    assert chain.height
    assert chain["value"].sum() == pytest.approx(total(shandong, species, 2021))
    for link in chain.filter(pl.col("rank").is_not_null()).to_dicts():
        assert link["file"] in {p.name for p in province.files}
        assert link["cell"]
        assert link["factor_source"]
        assert link["factor_locator"]


def test_every_factor_used_opens_with_its_citation(shandong: Account) -> None:
    used = shandong.tables["factor_used"]
    assert used.height
    assert used.filter((pl.col("source") == "") | (pl.col("locator") == "")).is_empty()
    assert used.filter(pl.col("status") == "unverified").is_empty()


def test_carbon_of_steel_gases_is_counted_once(shandong: Account) -> None:
    rows = shandong.tables["emission"].filter(
        pl.col("product").is_in(["blast_furnace_gas", "converter_gas"]), pl.col("species") == "CO2"
    )
    assert rows.is_empty()


def test_the_summary_sums_to_the_emission_table(shandong: Account) -> None:
    summary = shandong.tables["summary"].filter(pl.col("species") == "NOx", pl.col("year") == 2021)
    assert summary["value"].sum() == pytest.approx(total(shandong, "NOx", 2021))


def test_purchased_electricity_is_indirect_and_in_no_total(shandong: Account) -> None:
    rows = shandong.tables["emission"].filter(pl.col("process") == "energy.purchased_electricity")
    assert set(rows["scope"]) == {"indirect"}


def test_published_totals_are_compared_and_explained(shandong: Account) -> None:
    rows = shandong.tables["comparison"]
    assert rows.height
    assert rows.filter(pl.col("explanation_zh") == "").is_empty()


def test_gaps_say_what_they_mean_in_both_languages(shandong: Account) -> None:
    gap = shandong.tables["gap"]
    assert {"part_year", "excluded"} <= set(gap["kind"])
    assert gap.filter((pl.col("meaning_zh") == "") | (pl.col("meaning_en") == "")).is_empty()


def test_a_run_repeated_is_identical(province: Workspace, shandong: Account) -> None:
    again = account(province)
    for name, frame in shandong.tables.items():
        assert frame.equals(again.tables[name]), name


def test_devices_remove_and_cost_carbon(minimal: Path) -> None:
    done = account(load(minimal))
    effect = done.tables["control_effect"]
    removed = {(r["control"], r["species"]): r["removed"] for r in effect.to_dicts()}
    assert removed["wet_fgd", "SO2"] > 0
    assert removed["scr", "NOx"] > 0
    induced = effect.filter(pl.col("species") == "CO2", pl.col("control") == "wet_fgd")
    assert induced["induced"].sum() > 0
    rows = done.tables["emission"].filter(pl.col("origin") == "control", pl.col("species") == "CO2")
    assert rows["value"].sum() > 0


def test_part_year_gaps_speak_of_activity_only(shandong: Account) -> None:
    said = shandong.tables["gap"].filter(pl.col("kind") == "part_year")["meaning_zh"].to_list()
    assert said
    assert not any("均值" in sentence or "指数" in sentence for sentence in said)


def test_a_workspace_without_activity_says_so_and_keeps_its_observations(tmp_path: Path) -> None:
    workspace = load(example("cities", tmp_path / "w"))
    done = account(workspace)
    assert [f.check for f in done.findings] == ["no_activity"]
    assert done.tables["emission"].is_empty()
    assert done.tables["comparison"].is_empty()
    assert done.tables["observation"].height == workspace.tables["observation"].height
