import polars as pl
import pytest

from tongyuan.report.inventory.chapter.sankey import flows, left_title, section


def test_every_species_counts_as_one(tables):
    sums = flows(tables).group_by("species").agg(pl.col("share").sum())["share"]
    assert (sums - 1).abs().max() < 1e-12


def test_what_enters_a_sector_leaves_it(tables):
    links = section(tables, "en").blocks[1].option["series"][0]["links"]
    into = sum(link["value"] for link in links if link["target"] == "Industry")
    out = sum(link["value"] for link in links if link["source"] == "Industry")
    assert into == pytest.approx(out, rel=0.02)


def test_every_link_joins_nodes_that_exist(tables):
    for language in ("zh", "en"):
        series = section(tables, language).blocks[1].option["series"][0]
        names = [node["name"] for node in series["data"]]
        assert len(names) == len(set(names))
        assert {link[end] for link in series["links"] for end in ("source", "target")} == set(names)


def test_burnt_fuels_are_grouped_and_other_causes_named(tables):
    assert {"coal", "oil", "gas", "biomass", "origin.process", "origin.control"} <= set(flows(tables)["left"])
    assert left_title("coal", "zh") == "煤炭"
    assert left_title("origin.control", "en") == "Caused by control devices"


def test_sinks_and_indirect_rows_are_not_flows(tables):
    assert "land" not in flows(tables)["sector"].to_list()
    only = tables["emission"].filter(pl.col("scope") == "indirect")
    assert section({"emission": only}, "en") is None
