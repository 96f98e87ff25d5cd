from __future__ import annotations

import polars as pl

from tongyuan.pathway.library import controls, targets, technologies
from tongyuan.reference.shelf import shelf

SOURCES = set(shelf("source")["id"])


def test_technologies_are_cited_and_their_money_has_a_currency():
    rows = technologies()
    assert rows["technology"].n_unique() >= 150
    assert set(rows["source"]) <= SOURCES
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
    assert set(rows["source"]) <= SOURCES
    given = rows.drop_nulls("efficiency")["efficiency"]
    assert given.is_between(0.0, 1.0).all()
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
