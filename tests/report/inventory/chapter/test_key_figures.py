import polars as pl
import pytest

from tongyuan.report.base.totals import sector_totals, value_of
from tongyuan.report.inventory.chapter.key_figures import card, interval_of, section


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
    assert made.lines == ("No data for 2014",)


def test_what_is_not_known_has_no_interval(tables):
    flat = tables["uncertainty"].with_columns(pl.lit(None, pl.Float64).alias(c) for c in ("lower", "upper"))
    made = card({**tables, "uncertainty": flat}, sector_totals(tables), "SO2", "en")
    assert made.lines[1] == "Most inputs carry no uncertainty"


def test_interval_of_one_region_only(tables):
    assert interval_of(tables, 2021, "no_such_species") is None
    other = tables["uncertainty"].with_columns(pl.lit("410000").alias("region"))
    assert interval_of({"uncertainty": pl.concat([tables["uncertainty"], other])}, 2021, "SO2") is None


def test_first_card_is_carbon(tables):
    cards = section(tables, "zh").blocks[1].cards
    assert cards[0].title == "二氧化碳当量 CO₂e"
    assert len(cards) == 16


def emitted(*rows):
    """Return emissions of one region: year, process, species, value [t]."""
    names = ("year", "process", "species", "value")
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows]).with_columns(
        pl.lit("370000").alias("region"),
        pl.lit("direct").alias("scope"),
        pl.lit("air").alias("medium"),
        pl.lit("t").alias("unit"),
    )


PART = emitted(
    (2014, "energy.power", "NH3", 10.0),
    (2021, "energy.power", "NH3", 16.0),
    (2021, "agriculture.manure", "NH3", 41.0),
)


def test_the_change_is_that_of_sources_both_years_have():
    """10 t → 16 t is +60 %; manure has data in 2021 only and would make it +470 %."""
    made = card({}, sector_totals({"emission": PART}), "NH3", "en")
    assert made.value == "57.00"
    assert made.lines[0] == "Like for like 2014: 10.00 → 2021: 16.00, change +60.0%"
    assert made.lines[1] == "Besides, from sources with data in one year only: 0 in 2014, 41.00 in 2021"


def test_years_without_a_common_source_are_not_compared():
    one = emitted((2014, "energy.power", "NH3", 10.0), (2021, "agriculture.manure", "NH3", 41.0))
    made = card({}, sector_totals({"emission": one}), "NH3", "en")
    assert made.lines == ("2014 and 2021 share no source, so they are not compared",)


def test_a_summary_says_itself_what_is_comparable():
    summary = pl.DataFrame(
        {
            "region": ["370000"] * 2,
            "year": [2014, 2021],
            "sector": ["energy"] * 2,
            "species": ["SO2"] * 2,
            "value": [100.0, 90.0],
            "comparable": [80.0, 84.0],
            "unit": ["t"] * 2,
        }
    )
    made = card({}, sector_totals({"summary": summary}), "SO2", "en")
    assert made.lines[0].endswith("change +5.00%")
    unknown = summary.with_columns(pl.lit(None, dtype=pl.Float64).alias("comparable"))
    assert card({}, sector_totals({"summary": unknown}), "SO2", "en").lines[0].endswith("change −10.00%")
