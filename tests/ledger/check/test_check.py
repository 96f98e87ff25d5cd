"""Units must suit what they measure; keys must not repeat; activities get their numbers."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.check.check import across, allowed_dimensions, number_activities, within
from tongyuan.ledger.table import PLACE, conform
from tongyuan.ledger.text.clean import Origin


def rows(**columns: list[object]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    base: dict[str, list[object]] = {
        "region": ["x"] * height, "year": [2021] * height, "process": ["energy.power"] * height,
        "product": ["raw_coal"] * height, "technology": [""] * height, "value": [1.0] * height,
        "unit": ["t"] * height, "source": ["s"] * height,
    }  # fmt: skip
    return conform("activity", pl.DataFrame(base | columns))


def checks(frame: pl.DataFrame) -> list[str]:
    origin = Origin()
    within("activity", frame, pl.Series(range(2, 2 + frame.height), dtype=pl.Int64), origin)
    return [f"{f.check}{f.row}" for f in origin.findings]


def test_what_may_measure_what() -> None:
    assert allowed_dimensions("product", "electricity") == ("energy",)
    assert "mass" in allowed_dimensions("product", "raw_coal")
    assert allowed_dimensions("product", "no_such_product") == ()
    assert allowed_dimensions("species", "SO2") == ("mass",)


def test_units_that_cannot_measure_their_product_are_found() -> None:
    frame = rows(
        product=["raw_coal", "electricity", "electricity", "raw_coal"], unit=["万吨", "亿千瓦时", "t", "头"]
    )
    assert checks(frame) == ["wrong_dimension4", "wrong_dimension5"]


def test_activities_are_numbered_without_using_a_given_id() -> None:
    assert number_activities(rows(activity_id=["A1", None, ""]))["activity_id"].to_list() == [
        "A1",
        "A_2",
        "A_3",
    ]
    assert number_activities(rows(activity_id=[None, "z"]))["activity_id"].to_list() == ["A1", "z"]


def test_repeated_keys_name_both_places() -> None:
    frame = rows(value=[1.0, 2.0]).with_columns(pl.Series(PLACE, ["f|s|2", "f|s|9"]))
    _, found = across("activity", frame)
    assert [f.check for f in found] == ["duplicate_key"]
    assert found[0].row == 9
    assert "f · s · 2" in found[0].message("zh")


def test_incomplete_keys_are_no_repetition() -> None:
    _, found = across("activity", rows(region=[None, None]))
    assert found == []


def test_numbers_do_not_change_the_rows() -> None:
    frame = rows(value=[3.0, 4.0], technology=["a", "b"])
    numbered, found = across("activity", frame)
    assert found == []
    assert numbered.drop("activity_id").equals(frame.drop("activity_id"))


def test_a_limit_is_a_concentration_and_not_a_mass_of_its_species() -> None:
    frame = pl.DataFrame({"species": ["SO2"], "value": [35.0], "unit": ["mg/m3"]})
    for name, found in (("permit_limit", 0), ("manual_test", 0), ("facility_emission", 1)):
        origin = Origin()
        within(name, frame, pl.Series([2]), origin)
        assert len(origin.findings) == found
