from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tongyuan.inventory.account.account import Settings, account
from tongyuan.inventory.view.gap import absent, expected, filled
from tongyuan.ledger.table import empty

Make = Callable[..., pl.DataFrame]


def test_expected_species_follow_what_is_burnt() -> None:
    assert "CO2" in expected("energy.power", "raw_coal")
    assert "CO2_biogenic" in expected("building.residential.rural", "straw")
    assert "CO2" not in expected("building.residential.rural", "straw")
    assert expected("agriculture.enteric", "dairy_cattle") == ("CH4_biogenic",)
    assert expected("industry.textile", "") == ()


def test_activity_without_any_factor_is_named(activity: Make, factors: pl.DataFrame) -> None:
    gap = account(activity(("industry.lime", "lime", 1.0, "t")), None, factors).gap
    row = gap.row(0, named=True)
    assert (row["kind"], row["process"], row["species"]) == ("no_factor", "industry.lime", None)
    assert "石灰" in row["meaning_zh"]
    assert "Lime" in row["meaning_en"]


def test_expected_species_without_factor_are_named(activity: Make, factors: pl.DataFrame) -> None:
    gap = account(activity(("energy.power", "raw_coal", 1.0, "t")), None, factors).gap
    missing = gap.filter(pl.col("kind") == "no_factor")["species"][0]
    assert "N2O" in missing
    assert "SO2" not in missing
    only = account(
        activity(("energy.power", "raw_coal", 1.0, "t")), None, factors, Settings(species=("SO2",))
    ).gap
    assert only.filter(pl.col("kind") == "no_factor").is_empty()


def test_sources_that_matter_and_have_no_control_row_are_named(
    activity: Make, control: Make, factors: pl.DataFrame
) -> None:
    rows = activity(("energy.power", "raw_coal", 1.0, "t"))
    bare = account(rows, None, factors).gap.filter(pl.col("kind") == "no_control")
    assert set(bare["species"][0]) == {"SO2", "PM2.5"}  # NOx: measured after control
    fitted = account(rows, control(("wet_fgd", 1.0)), factors).gap
    assert fitted.filter(pl.col("kind") == "no_control").is_empty()


def test_no_gap_twice(activity: Make, factors: pl.DataFrame) -> None:
    rows = activity(("industry.lime", "lime", 1.0, "t"), ("industry.lime", "lime", 2.0, "TJ"))
    gap = account(rows, None, factors).gap
    assert not gap.select("region", "year", "process", "product", "species", "kind").is_duplicated().any()


def emitted(*rows: tuple[int, str, str, float]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["year", "process", "species", "value"], orient="row").with_columns(
        pl.lit("370000").alias("region"), pl.lit("direct").alias("scope")
    )


def test_a_source_of_another_year_is_missed_for_what_it_was_a_part_of() -> None:
    """Cement is 40 of 140 t CO2 in 2014, and 0.9 of 100.9 t CO: less than one per cent is not missed."""
    frame = emitted(
        (2014, "energy.power", "CO2", 100.0),
        (2014, "industry.cement", "CO2", 40.0),
        (2014, "energy.power", "CO", 100.0),
        (2014, "industry.cement", "CO", 0.9),
        (2021, "energy.power", "CO2", 90.0),
    )
    row = absent(frame, area=False).row(0, named=True)
    assert absent(frame, area=False).height == 1
    assert (row["year"], row["process"], row["species"]) == (2021, "industry.cement", ["CO2"])
    assert row["kind"] == "no_activity"
    assert "水泥" in row["meaning_zh"]


def test_a_source_that_every_area_has_is_missed_in_areas_only() -> None:
    frame = emitted((2021, "waste.wastewater.domestic", "COD", 1.0), (2021, "solvent.printing", "NMVOC", 1.0))
    missed = absent(frame, area=True)
    assert "agriculture.fertiliser" in set(missed["process"])
    assert not {"waste.wastewater", "solvent"} & set(missed["process"])
    assert absent(frame, area=False).is_empty()


def test_zero_activity_says_that_a_source_is_gone() -> None:
    frame = emitted((2014, "industry.cement", "CO2", 40.0), (2021, "industry.cement", "CO2", 0.0))
    assert absent(frame, area=False).is_empty()


def test_pollutants_reported_by_process_are_not_missing() -> None:
    words = {"region": "370000", "year": 2021, "meaning_zh": "x", "meaning_en": "x"}
    rows = [
        {"process": "industry.steel.blast_furnace", "product": "coke", "kind": "no_activity"}
        | {"species": ["SO2", "PM2.5"]}
        | words,
        {"process": "energy.power", "product": "raw_coal", "kind": "no_control", "species": ["SO2"]} | words,
    ]
    gap = pl.DataFrame(rows, schema_overrides=empty("gap").schema).select(empty("gap").columns)
    partly = emitted((2021, "industry.steel.sinter", "SO2", 1.0))
    assert filled(gap, partly)["species"].to_list() == [["PM2.5"], ["SO2"]]
    wholly = emitted((2021, "industry.steel.sinter", "SO2", 1.0), (2021, "industry.steel.bof", "PM2.5", 1.0))
    assert filled(gap, wholly)["kind"].to_list() == ["no_control"]
    assert filled(gap, emitted((2014, "industry.steel.sinter", "SO2", 1.0))).equals(gap)
