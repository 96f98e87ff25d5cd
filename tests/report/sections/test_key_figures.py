import polars as pl
import pytest

from tongyuan.report.sections.key_figures import card, interval_of, section
from tongyuan.report.totals import sector_totals, value_of


def test_card_shows_both_years_change_and_interval(tables):
    totals = sector_totals(tables)
    made = card(tables, totals, "SO2", "en")
    after, before = value_of(totals, 2021, "SO2"), value_of(totals, 2014, "SO2")
    assert float(made.value) == pytest.approx(after / 1e6, rel=1e-3)
    assert made.unit == "Mt"
    assert f"{abs(after / before - 1) * 100:.1f}%" in made.lines[0]
    assert made.lines[1].startswith("95% interval")


def test_a_species_without_a_first_year_has_no_change(tables):
    emission = tables["emission"].filter((pl.col("year") == 2021) | (pl.col("species") != "SO2"))
    made = card({}, sector_totals({"emission": emission}), "SO2", "en")
    assert made.lines == ("2014: –, change –",)


def test_an_interval_without_width_is_not_an_interval(tables):
    flat = tables["uncertainty"].with_columns(pl.col("value").alias("lower"), pl.col("value").alias("upper"))
    made = card({**tables, "uncertainty": flat}, sector_totals(tables), "SO2", "en")
    assert made.lines[1] == "Most inputs carry no uncertainty"


def test_interval_of_one_region_only(tables):
    assert interval_of(tables, 2021, "no_such_species") is None
    other = tables["uncertainty"].with_columns(pl.lit("410000").alias("region"))
    assert interval_of({"uncertainty": pl.concat([tables["uncertainty"], other])}, 2021, "SO2") is None


def test_first_card_is_carbon(tables):
    cards = section(tables, "zh").blocks[0].cards
    assert cards[0].title == "二氧化碳当量 CO₂e"
    assert len(cards) == 16


def test_a_change_over_different_sectors_says_so(tables):
    one = pl.col("process").str.starts_with("energy") & (pl.col("year") == 2014)
    emission = tables["emission"].filter(~one | (pl.col("species") != "SO2"))
    made = card({}, sector_totals({"emission": emission}), "SO2", "en")
    assert made.lines[1] == "The two years do not cover the same sectors"
