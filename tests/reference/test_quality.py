from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from tongyuan.reference import quality, record
from tongyuan.reference.language import catalogue


def records(*rows: dict[str, Any]) -> pl.DataFrame:
    base = {
        "kind": "emission_factor",
        "process": "industry.steel",
        "region": "CN",
        "species": "SO2",
        "value": 1.0,
        "unit": "kg/t",
        "status": "official",
        "source": "x",
        "locator": "table 1",
    }
    return record.frame(base | {"record_id": str(n)} | row for n, row in enumerate(rows))


def checks(frame: pl.DataFrame) -> list[tuple[str, str]]:
    return [(issue.check, issue.record) for issue in quality.check(frame)]


def test_good_records_have_no_issues() -> None:
    dust = [
        {"species": species, "value": value}
        for species, value in (("TSP", 3.0), ("PM10", 2.0), ("PM2.5", 1.0), ("BC", 0.1))
    ]
    assert checks(records(*dust)) == []


@pytest.mark.parametrize(
    ("row", "check"),
    [
        ({"lower": 3.0, "upper": 2.0}, "interval_order"),
        ({"lower": 2.0, "upper": 3.0}, "outside_interval"),
        ({"upper": 0.5}, "outside_interval"),
        ({"kind": "removal_efficiency", "unit": "fraction", "value": 1.2}, "fraction_range"),
        ({"kind": "removal_efficiency", "unit": "%", "value": 110.0}, "fraction_range"),
        ({"kind": "parameter", "unit": "fraction", "value": 1.25}, "parameter_range"),
        ({"value": -1.0}, "negative_value"),
        ({"unit": ""}, "unit_missing"),
        ({"unit": "1.5"}, "unit_is_number"),
        ({"unit": "0,05"}, "unit_is_number"),
        ({"unit": "furlongs"}, "unit_unknown"),
        ({"source": " "}, "source_missing"),
    ],
)
def test_one_fault_one_issue(row: dict[str, Any], check: str) -> None:
    assert checks(records(row)) == [(check, "0")]


def test_land_may_take_up() -> None:
    assert checks(records({"process": "land.forest", "species": "CO2", "value": -3.0, "unit": "t/ha"})) == []


def test_fine_dust_above_coarse_dust_in_other_units() -> None:
    frame = records(
        {"species": "TSP", "value": 2.5, "unit": "g/GJ"},
        {"species": "PM2.5", "value": 25e-3, "unit": "kg/GJ"},
    )
    (found,) = quality.check(frame)
    assert (found.check, found.record) == ("size_order", "1")
    assert "PM2.5" in found.message("en")


@pytest.mark.parametrize(
    ("row", "caught"),
    [
        ({"process": "industry.carbonate_use", "product": "calcium_carbonate", "value": 0.43971}, False),
        ({"process": "industry.carbonate_use", "product": "calcium_carbonate", "value": 0.4405}, True),
        ({"process": "industry.lime", "product": "lime_high_calcium", "value": 0.785}, False),
        ({"process": "industry.lime", "product": "lime_high_calcium", "value": 0.80}, True),
        ({"process": "industry.ammonia", "product": "ammonia", "value": 3.273}, False),
        ({"process": "industry.ammonia", "product": "ammonia", "value": 42.5}, True),
        ({"process": "energy.power", "product": "bituminous", "unit": "kg/TJ", "value": 94600.0}, False),
        ({"process": "energy.power", "product": "bituminous", "unit": "kg/TJ", "value": 946000.0}, True),
        ({"process": "energy.power", "product": "bituminous", "unit": "kg/TJ", "value": 26.1}, True),
        ({"process": "energy.power", "product": "diesel", "unit": "t/t", "value": 3.1}, False),
        ({"process": "energy.power", "product": "diesel", "unit": "t/t", "value": 31.0}, True),
    ],
)
def test_stoichiometric_bounds(row: dict[str, Any], caught: bool) -> None:
    found = checks(records({"species": "CO2", "unit": "t/t"} | row))
    assert found == ([("stoichiometric_bound", "0")] if caught else [])


def test_adipic_acid_cannot_yield_more_than_a_mole() -> None:
    row = {"process": "industry.adipic_acid", "species": "N2O", "unit": "kg/t"}
    assert checks(records(row | {"value": 300.0})) == []
    assert checks(records(row | {"value": 310.0})) == [("stoichiometric_bound", "0")]


def test_duplicates() -> None:
    found = quality.check(records({"value": 1.0}, {"value": 2.0}, {"value": 1.0, "region": "US"}))
    assert [issue.check for issue in found] == ["duplicate_key"]
    assert "1, 2" in found[0].message("en")
    same = quality.check(records({"record_id": "a"}, {"record_id": "a"}))
    assert [issue.check for issue in same] == ["duplicate_id"]


def test_all_issues_come_together_and_may_be_waived() -> None:
    frame = records({"unit": "", "source": ""}, {"lower": 3.0, "upper": 2.0, "region": "US"})
    assert {check for check, _ in checks(frame)} == {"interval_order", "unit_missing", "source_missing"}
    left = quality.check(frame, waive=["unit", "source"])
    assert {issue.check for issue in left} == {"interval_order"}
    with pytest.raises(KeyError, match="no quality check"):
        quality.check(frame, waive=["taste"])


def test_records_with_errors_do_not_act() -> None:
    frame = records({"value": -1.0}, {"region": "US"})
    assert quality.demote(frame, quality.check(frame))["status"].to_list() == ["unverified", "official"]


def test_every_check_has_its_sentences() -> None:
    frame = records(
        {"lower": 3.0, "upper": 2.0},
        {"unit": "x"},
        {"process": "industry.ammonia", "species": "CO2", "unit": "t/t", "value": 9.0},
    )
    for issue in quality.check(frame):
        assert issue.check in catalogue("reference")
        assert issue.message("zh") != issue.message("en")
        assert issue.next_step("zh")
        assert issue.next_step("en")
        assert issue.severity in {"error", "warning", "notice"}


def test_the_library_passes_without_errors() -> None:
    from importlib.resources import files

    from tongyuan.reference.shelf import read_text_csv

    folder = files("tongyuan.reference.factors") / "library"
    text = pl.concat([read_text_csv(p) for p in folder.iterdir() if p.name.endswith(".csv")])
    numbers = [pl.col(c).replace("", None).cast(t) for c, t in record.COLUMNS.items() if t != pl.String()]
    issues = quality.check(text.with_columns(numbers).select(list(record.COLUMNS)))
    assert [issue.message("en") for issue in issues if issue.severity == "error"] == []


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"value": 0.95, "lower": 0.9, "upper": 1.0}, []),
        ({"value": 0.95, "lower": 0.9, "upper": 1.01}, ["upper_range"]),
        ({"value": 0.95, "lower": -0.01, "upper": 0.99}, ["lower_range"]),
        ({"value": 2.0}, ["fraction_percent"]),
        ({"value": 100.0}, ["fraction_percent"]),
        ({"value": 100.5}, ["fraction_range"]),
        ({"value": 1.99}, ["fraction_range"]),
        ({"value": 0.0}, []),
        ({"value": 1.0}, []),
    ],
)
def test_a_removal_and_its_limits_are_shares(row: dict[str, Any], expected: list[str]) -> None:
    removal = {"kind": "removal_efficiency", "unit": "fraction"}
    assert [check for check, _ in checks(records(removal | row))] == expected


def test_consumption_below_zero_is_wrong() -> None:
    used = {"kind": "consumption", "unit": "kWh/t", "species": "electricity", "value": -1.0}
    assert checks(records(used)) == [("negative_value", "0")]
