from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.account.account import Account
from tongyuan.flows.plan import plan as flow
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.flows.plan.read import plan_files, read_tables
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import names, table
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.audit import audit
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.library import technologies
from tongyuan.pathway.case.money import inflation
from tongyuan.pathway.problem.base import base_point
from tongyuan.report.pathway.chapter.plan import section

COAL = ["raw_coal", "washed_coal", "briquette", "gangue"]
SHARES = {
    "thermal_power": pl.col("process") == "energy.power",
    "heat_supply": pl.col("process") == "energy.heat",
    "industry_coal": (pl.col("process") == "industry.combustion") & pl.col("product").is_in(COAL),
    "bf_bof": (pl.col("process") == "industry.steel.blast_furnace") & (pl.col("product") == "coke"),
    "import_power": pl.col("process") == "energy.purchased_electricity",
}
Prepared = tuple[Case, Inventory, dict[str, pl.DataFrame]]


@pytest.fixture(scope="module")
def planned(province: Workspace, shandong: Account) -> dict[str, pl.DataFrame]:
    return flow.plan(province, shandong.tables)


def of_plan(planned: dict[str, pl.DataFrame], name: str) -> pl.DataFrame:
    return planned[name].filter(pl.col("scenario") == "plan")


def test_the_base_point_equals_the_inventory_for_every_species(prepared: Prepared, shandong: Account) -> None:
    case, _, _ = prepared
    mine = base_point(case)["plan_emission"]
    drawn = (pl.col("origin") == "control") & (pl.col("scope") == "indirect")  # from the plant's own fuel
    rows = shandong.tables["emission"].filter(
        (pl.col("year") == 2021)
        & (pl.col("scope") != "avoided")
        & ~drawn
        & pl.any_horizontal(*SHARES.values())
    )
    gypsum = rows.filter(pl.col("species") == "desulfurisation_gypsum")["value"].sum()
    removed = 188_878_300 * (16.6428542024 - 0.1131) * 1e-3  # SO2 of raw coal to power, before less after [t]
    assert gypsum == pytest.approx(removed * 172.171 / 64.064, rel=1e-3)
    theirs = {name: rows.filter(keep) for name, keep in SHARES.items()}
    assert set(mine["technology"]) == set(theirs)
    for technology, part in theirs.items():
        own = mine.filter(pl.col("technology") == technology)
        got = dict(own.group_by("species").agg(pl.col("value").sum()).iter_rows())
        want = dict(part.group_by("species").agg(pl.col("value").sum()).iter_rows())
        assert set(got) == set(want)
        for species, value in want.items():
            assert got[species] == pytest.approx(value, rel=1e-12), (technology, species)
    assert rows["species"].n_unique() > 20


def test_the_plan_meets_every_target_at_the_demand(planned: dict[str, pl.DataFrame]) -> None:
    for name, frame in planned.items():
        assert name in names()
        assert set(frame.columns) <= {column.name for column in table(name).columns}
    assert planned["conflict"].is_empty()
    activity = of_plan(planned, "plan_activity")
    used = dict(
        activity.filter(pl.col("year") == 2030).group_by("technology").agg(pl.col("value").sum()).iter_rows()
    )
    assert used["eaf"] / (used["eaf"] + used["bf_bof"]) >= 0.2 - 1e-9
    assert used["eaf"] + used["bf_bof"] == pytest.approx(74.56e6)
    nox = of_plan(planned, "plan_emission").filter((pl.col("species") == "NOx") & (pl.col("year") == 2025))
    base = planned["plan_emission"].filter((pl.col("species") == "NOx") & (pl.col("scenario") == "base"))
    share = 1 - 150_700 / 998_982  # the cut of the key projects over the NOx of all combustion in 2021
    assert nox["value"].sum() == pytest.approx(base["value"].sum() * share, rel=1e-6)
    capacity = of_plan(planned, "plan_capacity").filter(pl.col("year") == 2030)
    renewable = capacity.filter(pl.col("technology").str.contains("wind|pv|renewable"))["capacity"].sum()
    assert renewable >= 170_000 * (1 - 1e-9)


def test_what_was_finished_in_2020_is_not_sold_again(planned: dict[str, pl.DataFrame]) -> None:
    """1,003 coal units were ultra-low by the end of 2020: part of the base year, no measure of the plan."""
    for name in ("measure", "control_option", "plan_measure", "macc"):
        frame = planned[name]
        named = frame.select(pl.col(pl.String).str.contains("ultra_low").fill_null(False))
        assert not named.select(pl.any_horizontal(pl.all()).any()).item(), name
    note = planned["plan_note"].filter(pl.col("subject") == "current_legislation")
    assert "1,003" in note["sentence_en"].item()


def test_dividend_and_prices_hang_together(planned: dict[str, pl.DataFrame]) -> None:
    cost = dict(planned["dividend"].select("item", "cost").iter_rows())
    assert cost["dividend"] == pytest.approx(
        cost["pollution"] + cost["carbon"] - cost["together"] - cost["none"], rel=1e-9
    )
    assert cost["together"] >= max(cost["pollution"], cost["carbon"]) >= cost["none"]
    total = of_plan(planned, "plan_cost")["discounted"].sum()
    assert total == pytest.approx(cost["together"], rel=1e-6)
    prices = planned["shadow_price"]
    assert (prices["shadow_price"] >= -1e-6).all()
    assert prices.filter(pl.col("binding"))["target"].str.starts_with("nox").any()


def test_what_the_optimum_leaves_out_is_no_must(planned: dict[str, pl.DataFrame]) -> None:
    rows = planned["alternative"]
    assert rows.filter((pl.col("verdict") == "must") & (pl.col("optimum") <= 0.0)).is_empty()
    assert (rows["least"] <= rows["most"] + 1e-6).all()


def test_a_planted_violation_is_caught_by_the_inventory(
    prepared: Prepared, planned: dict[str, pl.DataFrame]
) -> None:
    case, inventory, _ = prepared
    tables = {k: of_plan(planned, k) for k in planned if "scenario" in planned[k].columns}
    assert audit(case, tables, inventory.evaluate).is_empty()
    bare = pl.when(pl.col("control") == "scr").then(pl.lit("")).otherwise("control").alias("control")
    planted = {**tables, "plan_activity": tables["plan_activity"].with_columns(bare)}
    found = audit(case, planted, inventory.evaluate)
    assert "emission" in found["constraint"].to_list()
    assert "nox_scenario_2030" in found.filter(pl.col("constraint") == "target")["subject"].to_list()


def test_a_wrong_coefficient_does_not_pass_the_audit(prepared: Prepared) -> None:
    case, inventory, _ = prepared
    wrong = case["emission_coefficient"].with_columns(
        pl.when((pl.col("technology") == "heat_supply") & (pl.col("species") == "NOx"))
        .then(pl.col("value") * 0.99)
        .otherwise("value")
        .alias("value")
    )
    with pytest.raises(FindingError) as caught:
        flow.least_cost_plan(case.with_tables(emission_coefficient=wrong), inventory.evaluate)
    assert {f.check for f in caught.value.findings} == {"audit_violation"}
    assert any("NOx" in str(f.values) for f in caught.value.findings)


def test_targets_that_conflict_are_named(changed: Workspace, shandong: Account) -> None:
    path = changed.folder / "plan" / "target.csv"
    text = path.read_text(encoding="utf-8-sig")
    assert "at_most,0.75," in text
    path.write_text(text.replace("at_most,0.75,", "at_most,0.2,"), encoding="utf-8-sig")
    found = flow.plan(open_workspace(changed.folder), shandong.tables)
    assert "shadow_price" not in found
    assert "co2_scenario_2035" in found["conflict"]["member"].to_list()
    assert all(found["conflict"]["sentence_zh"])


@pytest.mark.parametrize(
    "name", ["technology_option", "price", "demand", "stock", "control_option", "target"]
)
def test_every_figure_of_shandong_has_a_source(province: Workspace, name: str) -> None:
    frame = pl.read_csv(province.folder / "plan" / f"{name}.csv")
    assert frame["source"].null_count() == 0


def test_certainty_and_contributions_are_part_of_the_answer(planned: dict[str, pl.DataFrame]) -> None:
    assert set(planned["plan_activity"]["scenario"]) == {
        "base",
        "continued",
        "none",
        "pollution",
        "carbon",
        "plan",
        "robust",
    }
    assert set(planned["plan_measure"]["scenario"]) == {"plan", "robust"}
    reached = planned["certainty"].filter(pl.col("status") == "reached")
    assert reached["extra"].is_sorted()
    sums = planned["attribution"].group_by("quantity").agg(pl.col("value").sum())
    cost = dict(planned["dividend"].select("item", "cost").iter_rows())
    total = dict(sums.iter_rows())["total"]
    assert total == pytest.approx(cost["together"] - cost["none"], rel=1e-6)
    left = planned["attribution"].filter((pl.col("player") == "remainder") & (pl.col("quantity") == "total"))
    assert abs(left["value"].item()) < 1e-3 * total


def test_costs_in_the_plan_are_those_of_the_libraries(prepared: Prepared, province: Workspace) -> None:
    tables, _ = read_tables(plan_files(province.folder / "plan"))
    option = {r["technology"]: r for r in tables["technology_option"].to_dicts()}
    for own, theirs in (
        ("heat_pump", "eu_central_air_sourced_heat_pump"),
        ("heat_gas_boiler", "eu_central_gas_boiler"),
        ("industry_gas", "eu_direct_firing_gas"),
    ):
        cited = {r["parameter"]: r for r in technologies().filter(pl.col("technology") == theirs).to_dicts()}
        row, capital = option[own], cited["cost_capital"]
        assert row["cost_capital"] == pytest.approx(capital["value"] * 1000, rel=1e-6)
        assert (row["currency"], row["price_year"]) == (capital["currency"], capital["price_year"])
        assert row["cost_fixed"] == pytest.approx(
            row["cost_capital"] * cited["cost_fixed"]["value"] / 100, rel=1e-6
        )
        assert row["cost_variable"] == pytest.approx(cited["cost_variable"]["value"] / 3.6e-3, rel=1e-6)
    scr = {r["control"]: r for r in tables["control_option"].to_dicts()}
    ton = 0.90718474
    assert scr["scr"]["cost_variable"] == pytest.approx(2141 / ton * 0.8 * 0.14231, rel=1e-4)
    growth = inflation("us_cpi_u", 1998, 2003)
    assert growth is not None
    assert scr["scr_fabric"]["cost_variable"] == pytest.approx(
        scr["scr"]["cost_variable"] + scr["fabric"]["cost_variable"] * growth, rel=1e-6
    )
    case, _, _ = prepared
    converted = {r["control"]: r for r in case["control_option"].to_dicts()}["scr"]
    assert case.settings.price_year == 2025
    expected = 2141 / ton * 0.8 * 0.14231 * 321.943 / 184 * 7.1875
    assert converted["cost_variable"] == pytest.approx(expected, rel=1e-4)
    assert (converted["currency"], converted["price_year"]) == ("CNY", 2025)


def test_notes_name_the_index_and_rate_of_every_money(planned: dict[str, pl.DataFrame]) -> None:
    said = planned["plan_note"].filter(pl.col("subject") == "money")["sentence_en"].str.join(" ").item()
    assert "us_cpi_u" in said
    assert "fed_g5a" in said
    assert "1998" in said


def test_without_measures_there_is_a_plan_all_the_same(changed: Workspace, shandong: Account) -> None:
    (changed.folder / "plan" / "measure.csv").unlink()
    found = flow.plan(open_workspace(changed.folder), shandong.tables)
    assert found["plan_activity"].height > 0
    assert found["attribution"].is_empty()
    assert set(found["macc"]["kind"]) == {"system"}
    assert section(found, "en") is not None
