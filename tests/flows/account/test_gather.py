from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest

from tongyuan.flows.account.gather import factor_records, grid_records, of_years, parents_of
from tongyuan.ledger.workspace import Workspace


def test_years_of_the_settings_are_kept() -> None:
    frame = pl.DataFrame({"year": [2014, 2020, 2021]})
    assert of_years(frame, (2014, 2021))["year"].to_list() == [2014, 2021]
    assert of_years(frame, ()).height == 3
    assert of_years(pl.DataFrame({"period": ["2020"]}), (2021,)).height == 1


def test_records_are_those_of_the_library_and_of_the_fuel_set(province: Workspace) -> None:
    records = factor_records(province)
    assert records["record_id"].is_unique().all()
    assert records.filter(pl.col("record_id").str.starts_with("fuel-set-C:")).height
    assert records.filter(pl.col("status") == "unverified").is_empty()


@pytest.mark.parametrize(
    ("region", "year", "value"),
    [("370200", 2021, 0.6838), ("370000", 2014, 0.6101), ("my-park", 2021, 0.5568)],
)
def test_the_grid_factor_is_the_provinces_or_the_national_one(region: str, year: int, value: float) -> None:
    activity = pl.DataFrame({"region": [region], "year": [year]})
    assert grid_records(activity, "average")["value"].to_list() == [value]


def test_a_year_without_any_grid_factor_has_no_record() -> None:
    activity = pl.DataFrame({"region": ["370000"], "year": [2040]})
    assert grid_records(activity, "average").is_empty()


def test_a_park_takes_the_grid_of_the_province_it_stands_in() -> None:
    """Published for 2021: Shandong 0.6838, the nation 0.5568 kg/kWh (announcement 2024 no. 12)."""
    park = pl.DataFrame({"region": ["化工园区"], "year": [2021]}, schema_overrides={"year": pl.Int64})
    assert grid_records(park, "average")["value"].to_list() == [0.5568]
    inside = grid_records(park, "average", {"化工园区": "370100"})
    assert inside["value"].to_list() == [0.6838]
    assert inside["region"].to_list() == ["370000"]


def test_only_names_of_ones_own_have_a_parent(province: Workspace) -> None:
    rows = pl.DataFrame({"region": ["370100", "化工园区", "CN", None]})
    park = replace(province, tables={"activity": rows, "factor": rows})
    assert parents_of(park) == {"化工园区": "370000"}
    own = replace(park, settings=park.settings.model_copy(update={"region": "化工园区"}))
    assert parents_of(own) == {}
