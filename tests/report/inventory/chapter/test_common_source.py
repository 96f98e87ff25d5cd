import polars as pl

from tongyuan.report.base.block import Note
from tongyuan.report.base.totals import sector_totals
from tongyuan.report.inventory.chapter.common_source import common_source_chart, leaders, section, shares


def test_shares_of_a_species_sum_to_one(tables):
    sums = shares(sector_totals(tables), 2021).group_by("species").agg(pl.col("share").sum())["share"]
    assert (sums - 1).abs().max() < 1e-12


def test_bars_of_every_species_reach_one_hundred(tables):
    option = common_source_chart(sector_totals(tables), 2021, "zh").option
    columns = zip(*(one["data"] for one in option["series"]), strict=True)
    sums = [sum((v["value"] if isinstance(v, dict) else v) or 0 for v in column) for column in columns]
    assert all(abs(whole - 100) < 1e-3 for whole in sums)
    assert option["yAxis"]["data"][:2] == ["CO₂e", "CO₂"]


def test_sinks_are_named_not_drawn(tables):
    note = next(block for block in section(tables, "en").blocks if isinstance(block, Note))
    assert "CO₂ (Land use)" in note.text


def test_leader_is_the_sector_first_in_most_species(tables):
    part = shares(sector_totals(tables), 2021)
    best = part.sort("share").group_by("species").last()["sector"].mode()
    text = leaders(sector_totals(tables), 2021, "en")
    assert best.len() == 1
    assert {"industry": "Industry"}[best[0]] in text


def test_one_species_is_nothing_to_compare(lone_year):
    assert section({"emission": lone_year["emission"].filter(pl.col("species") == "SO2")}, "en") is None
