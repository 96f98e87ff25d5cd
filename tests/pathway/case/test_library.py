from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.case.case import Settings
from tongyuan.pathway.case.library import controls, targets, technologies
from tongyuan.pathway.case.money import conversion
from tongyuan.reference.shelf import shelf

SOURCES = set(shelf("source")["id"])
MONEY = {"USD", "EUR", "CNY"}


def cited(rows: pl.DataFrame) -> set[str]:
    return set(rows["source"].str.split("|").explode())


def test_unverified_rows_stay_out_unless_asked_for():
    every = technologies(include_unverified=True)
    assert set(technologies()["status"]) == {"secondary", "derived"}
    assert set(every["id"]) - set(technologies()["id"]) >= {
        "eu_offwind.cost_variable", "eu_hydro.lifetime", "eu_ror.lifetime", "eu_phs.lifetime",
    }  # fmt: skip
    assert set(every["status"]) | set(controls()["status"]) <= {"secondary", "derived", "unverified"}


def test_what_only_the_collection_says_is_named_an_assumption():
    rows = technologies(include_unverified=True).filter(pl.col("source") == "pypsa_technology_data")
    assert rows["note"].str.contains("assumption of the collection|made up").all()


def test_a_unit_of_money_agrees_with_the_currency():
    for rows in (technologies(), controls().with_columns(parameter=pl.lit("cost"))):
        priced = rows.filter(pl.col("unit").str.contains("EUR|USD|CNY"))
        assert priced["unit"].str.extract("(EUR|USD|CNY)").equals(priced["currency"])
        assert set(priced["currency"]) <= MONEY
        free = rows.filter(~pl.col("unit").str.contains("EUR|USD|CNY"))
        assert (free["currency"] == "").all()
    kinds = technologies().group_by("parameter").agg(pl.col("unit").unique())
    units = dict(kinds.iter_rows())
    assert set(units["lifetime"]) == {"years"}
    rates = technologies().filter(pl.col("unit") == "per unit")
    assert rates["value"].is_between(0.0, 15.0).all()
    assert technologies().filter(pl.col("parameter") == "lifetime")["value"].is_between(5, 100).all()


def test_costs_of_greenhouse_gases_are_per_tonne_of_carbon_dioxide_equivalent():
    rows = controls("US").filter(pl.col("source") == "us_epa_nonco2_2019")
    assert rows.height >= 40
    assert set(rows["unit"]) == {"USD/t CO2e"}
    assert set(rows["price_year"]) == {2010}
    assert rows["cost"].is_between(0.0, 2000.0).all()
    assert set(rows["species"]) <= {*shelf("species")["species"], "HFC"}
    cost = dict(rows.select("control", "cost").iter_rows())
    assert cost["us_refrigerant_recovery_service.refrigeration_and_air_conditioning"] == 20.0
    assert cost["us_rice_mid_season_drainage.rice"] == pytest.approx(29.3, abs=0.05)


def test_european_costs_lead_back_to_the_original_figures():
    """Workbooks of the Danish Energy Agency, column 2030: sheets 05, 312.a and 401.c."""
    cost = dict(technologies().select("id", "value").iter_rows())
    for technology, year, original in (
        ("eu_ccgt", 2015, 0.83e3), ("eu_direct_firing_gas", 2019, 0.015e3), ("eu_cement_capture", 2020, 2.6e6)
    ):  # fmt: skip
        settings = Settings(discount_rate=0.05, currency="EUR", price_year=year)
        factor = conversion("EUR", 2025, settings).factor
        assert cost[f"{technology}.cost_capital"] * factor == pytest.approx(original, rel=1e-5)


def test_freight_is_per_tonne_kilometre_and_rail_is_cheaper_than_the_road():
    """UC Davis data base, China 2020: 9.1901 dollars and 153.7144 MJ a train-kilometre of 2,108.95 t."""
    rows = technologies("CN").filter(pl.col("source") == "mishra_2013")
    value = dict(rows.select("id", "value").iter_rows())
    assert value["cn_rail_freight_electric.cost_without_fuel"] == pytest.approx(9.1901 / 2108.95, rel=1e-3)
    assert value["cn_rail_freight_electric.input_electricity"] == pytest.approx(153.7144 / 2108.95, rel=1e-3)
    assert value["cn_truck_14t.cost_without_fuel"] == pytest.approx(0.4775 / 7.448, rel=1e-3)
    for term in ("cost_without_fuel", "input_liquid_fuel"):
        assert value[f"cn_rail_freight_diesel.{term}"] < value[f"cn_truck_14t.{term}"] / 4


def test_technologies_are_cited_and_their_money_has_a_currency():
    rows = technologies()
    assert rows["technology"].n_unique() >= 150
    assert cited(technologies(include_unverified=True)) <= SOURCES
    assert (rows["locator"] != "").all()
    assert (rows["title_zh"] != "").all()
    money = rows.filter(pl.col("parameter") == "cost_capital")
    assert (money["currency"] != "").all()
    assert (money["value"] > 0).all()
    assert set(rows["region"]) == {"EU", "US", "CN"}
    unknown = rows.filter((pl.col("currency") != "") & pl.col("price_year").is_null())
    assert unknown["note"].str.contains("price year not stated").all()


def test_controls_are_cited_and_removals_are_shares():
    rows = controls()
    assert rows["control"].n_unique() >= 200
    assert cited(rows) <= SOURCES
    given = rows.drop_nulls("efficiency")["efficiency"]
    assert given.is_between(-1.0, 1.0).all()
    more = rows.filter(pl.col("efficiency") < 0).select("control", "species").rows()
    assert more == [("cn_nitrification_inhibitor.cropland", "NH3")]  # measured: it lowers N2O and raises NH3
    us = rows.filter(pl.col("region") == "US")
    assert us["price_year"].is_not_null().mean() > 0.97
    assert us["note"].str.contains("US default").all()


def test_targets_of_the_plan_have_their_articles():
    rows = targets()
    bound = dict(zip(rows["id"], rows["bound"], strict=True))
    assert bound["steel_short_process_2025"] == 0.15
    assert bound["steel_short_process_2030"] == 0.20
    assert bound["secondary_aluminium_2025"] == 11.5e6
    assert bound["aluminium_renewable_2030"] == 0.30
    assert bound["nev_sales_2030"] == 0.50
    assert bound["fertiliser_efficiency_2025"] == bound["pesticide_efficiency_2025"] == 0.43
    assert bound["bulk_waste_utilisation_2025"] == 0.60
    assert bound["coal_control_2025"] is None
    assert set(rows["source"]) == {"plan_2022_42"}
    assert rows["locator"].str.contains("、（").all()
