from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tongyuan.flows.account.account import Account
from tongyuan.flows.plan import plan as flow
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.problem.base import base_point

Prepared = tuple[Case, Inventory, dict[str, pl.DataFrame]]


def test_the_inventory_evaluates_the_base_point_to_the_same(prepared: Prepared) -> None:
    case, inventory, _ = prepared
    base = base_point(case)
    keys = ["technology", "species"]
    again = inventory.evaluate(base["plan_activity"].select("node", "technology", "control", "year", "value"))
    both = (
        base["plan_emission"]
        .group_by(keys)
        .agg(mine=pl.col("value").sum())
        .join(again.group_by(keys).agg(theirs=pl.col("value").sum()), on=keys, how="full", coalesce=True)
    )
    assert both.null_count().sum_horizontal().item() == 0
    apart = (pl.col("mine") - pl.col("theirs")).abs() / pl.max_horizontal(
        pl.col("mine").abs(), pl.lit(1e-300)
    )
    assert both.select(apart.max()).item() < 1e-12


def test_coefficients_name_their_records(prepared: Prepared) -> None:
    case, _, _ = prepared
    rows = case["emission_coefficient"]
    assert rows.filter(pl.col("factor_id").list.len() == 0).is_empty()
    co2 = rows.filter((pl.col("technology") == "industry_coal") & (pl.col("species") == "CO2"))
    assert "fuel-set-C:raw_coal:CO2" in co2["factor_id"].item()
    power = rows.filter(
        (pl.col("technology") == "thermal_power") & (pl.col("control") == "") & (pl.col("species") == "SO2")
    )
    coal = 188_878_300 * 0.1131e-3 / 528_104  # raw coal of 2021 [t] at the measured factor [t/t], per GWh
    assert coal < power["value"].item() < 2 * coal  # gangue, coke and works gases stand beside it
    assert "ceds-coal_S-SO2-coal-energy" in power["factor_id"].item()


def test_a_technology_without_base_is_explained(changed: Workspace, shandong: Account) -> None:
    path = changed.folder / "plan" / "technology_source.csv"
    text = path.read_text(encoding="utf-8-sig")
    typed, bare = "eaf,,industry.steel.eaf,crude_steel,,1,t", "eaf,,industry.steel.eaf,crude_steel,,,"
    assert typed in text
    path.write_text(text.replace(typed, bare), encoding="utf-8-sig")
    with pytest.raises(FindingError) as caught:
        flow.plan(open_workspace(changed.folder), shandong.tables)
    assert [f.check for f in caught.value.findings] == ["plan_no_base"]


def test_draws_are_those_of_the_records(prepared: Prepared) -> None:
    case, inventory, _ = prepared
    table = case["emission_coefficient"]
    drawn, known = inventory.draws(table, 4000, 1)
    again, _ = inventory.draws(table, 4000, 1)
    np.testing.assert_array_equal(drawn, again)
    assert drawn.shape == (table.height, 4000)
    carbon = (table["species"] == "CO2").to_numpy()
    assert drawn[carbon].mean(axis=1) == pytest.approx(np.ones(carbon.sum()), abs=0.01)
    varies = np.ptp(drawn, axis=1) > 1e-12
    np.testing.assert_array_equal(varies, known > 0.0)
    gas = table.with_row_index("row").filter(
        (pl.col("species") == "CO2") & pl.col("technology").is_in(["gas_power", "industry_gas"])
    )
    one, other = (drawn[row] for row in gas["row"])
    assert known[gas["row"][0]] == 1.0
    assert np.corrcoef(one, other)[0, 1] == pytest.approx(1.0, abs=1e-6)


def test_a_coefficient_the_inventory_does_not_know_is_certain(prepared: Prepared) -> None:
    _, inventory, _ = prepared
    stranger = pl.DataFrame({"technology": ["moon"], "control": [""], "species": ["CO2"]})
    drawn, known = inventory.draws(stranger, 10, 0)
    assert drawn.tolist() == [[1.0] * 10]
    assert known.tolist() == [0.0]


def test_a_source_with_a_product_goes_before_one_without(
    changed: Workspace, shandong: Account, prepared: Prepared
) -> None:
    """A row that names one of the fuels of another row takes that fuel out of it; they do not add up."""
    path = changed.folder / "plan" / "technology_source.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.rstrip("\n") + "\nthermal_power,,energy.power,raw_coal,,,,,\n", encoding="utf-8-sig")
    again = flow.prepare(changed, shandong.tables)[0]["emission_coefficient"]
    keys = ["technology", "control", "species"]
    both = prepared[0]["emission_coefficient"].join(again.select(*keys, again="value"), on=keys)
    assert both.height == again.height
    assert both.select(((pl.col("again") / pl.col("value")) - 1).abs().max()).item() < 1e-12


def test_activity_of_the_base_year_in_other_units_gives_the_same_coefficients(
    changed: Workspace, shandong: Account, prepared: Prepared
) -> None:
    path = changed.folder / "plan" / "stock.csv"
    stock = pl.read_csv(path, infer_schema_length=None)
    power = stock["technology"] == "thermal_power"
    told = stock.with_columns(
        activity=pl.when(power).then(pl.col("activity") / 1e3).otherwise("activity"),
        activity_unit=pl.when(power).then(pl.lit("TWh")).otherwise(pl.lit("")),
    )
    told.write_csv(path, include_bom=True)
    again = flow.prepare(changed, shandong.tables)[0]["emission_coefficient"]
    first = prepared[0]["emission_coefficient"]
    assert again["value"].to_list() == pytest.approx(first["value"].to_list(), rel=1e-12)


def test_a_coefficient_typed_for_one_year_leaves_the_others_to_the_inventory(
    changed: Workspace, shandong: Account, prepared: Prepared
) -> None:
    own = "technology,species,year,value,unit\nthermal_power,NOx,2030,100,kg/GWh\n"
    (changed.folder / "plan" / "emission_coefficient.csv").write_text(own, encoding="utf-8-sig")
    again = flow.prepare(open_workspace(changed.folder), shandong.tables)[0]["emission_coefficient"]
    chosen = (
        (pl.col("technology") == "thermal_power") & (pl.col("control") == "") & (pl.col("species") == "NOx")
    )
    before = prepared[0]["emission_coefficient"].filter(chosen)
    rows = again.filter(chosen).select("year", "value").rows()
    assert rows == [(None, before["value"].item()), (2030, pytest.approx(0.1))]
