from __future__ import annotations

from collections.abc import Callable

import polars as pl

from tongyuan.inventory.account import Settings, account
from tongyuan.inventory.gap import expected

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
    missing = gap.filter(pl.col("kind") == "no_factor")["species"][0].split("|")
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
    assert set(bare["species"][0].split("|")) == {"SO2", "PM2.5"}  # NOx: measured after control
    fitted = account(rows, control(("wet_fgd", 1.0)), factors).gap
    assert fitted.filter(pl.col("kind") == "no_control").is_empty()


def test_no_gap_twice(activity: Make, factors: pl.DataFrame) -> None:
    rows = activity(("industry.lime", "lime", 1.0, "t"), ("industry.lime", "lime", 2.0, "TJ"))
    gap = account(rows, None, factors).gap
    assert not gap.select("region", "year", "process", "product", "species", "kind").is_duplicated().any()
