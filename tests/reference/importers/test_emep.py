from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tongyuan.reference import units
from tongyuan.reference.factors.library import library
from tongyuan.reference.finding import Finding
from tongyuan.reference.importers import emep

Result = tuple[pl.DataFrame, tuple[Finding, ...]]


def viewer(folder: Path, *rows: dict[str, Any]) -> Path:
    base = dict.fromkeys(emep.COLUMNS, "") | {
        "NFR": "1.A.1.a", "Table": "Table_3-2", "Type": "Tier 1 Emission Factor", "Technology": "NA",
        "Fuel": "Hard Coal", "Region": "NA", "Pollutant": "SOx", "Value": "820", "Unit": "g/GJ",
        "CI_lower": "300", "CI_upper": "5000", "Reference": "somebody (2000)",
    }  # fmt: skip
    path = folder / "emep.csv"
    pl.DataFrame([base | row for row in rows]).write_csv(path, include_bom=True)
    return path


def read(path: Path) -> tuple[pl.DataFrame, list[str]]:
    frame, issues = emep.read(path)
    return frame, [issue.check for issue in issues if issue.severity != "notice"]


def test_a_row_becomes_a_record_for_every_process_of_its_code(tmp_path: Path) -> None:
    frame, issues = read(viewer(tmp_path, {}))
    assert issues == []
    row = frame.row(0, named=True)
    assert row["species"] == "SO2"
    assert row["product"] == "bituminous"
    assert (row["value"], row["lower"], row["upper"], row["unit"]) == (820, 300, 5000, "g/GJ")
    assert row["distribution"] == "lognormal"
    assert row["locator"] == "chapter 1.A.1.a, Table 3-2"
    assert row["region"] == "EU"
    assert "energy.power" in frame["process"].to_list()


def test_swapped_limits_are_put_in_order(tmp_path: Path) -> None:
    frame, issues = read(viewer(tmp_path, {"NFR": "1.A.4.b.i", "CI_lower": "820", "CI_upper": "30"}))
    assert issues == ["interval_swapped"]
    assert frame.row(0, named=True)["lower"] == 30


def test_a_value_outside_its_limits_loses_them(tmp_path: Path) -> None:
    frame, issues = read(
        viewer(tmp_path, {"NFR": "1.A.4.b.i", "Value": "10.8", "CI_lower": "32", "CI_upper": "182"})
    )
    assert issues == ["outside_interval"]
    assert frame.row(0, named=True)["lower"] is None


@pytest.mark.parametrize(
    ("row", "check"),
    [
        ({"Unit": "1.5"}, "unit_is_number"),
        ({"Unit": ""}, "unit_missing"),
        ({"Unit": "g per something odd-1"}, "unit_unknown"),
        ({"Value": "NC"}, "value_not_numeric"),
        ({"Value": ""}, "value_missing"),
    ],
)
def test_unusable_rows_are_reported(tmp_path: Path, row: dict[str, Any], check: str) -> None:
    frame, issues = read(viewer(tmp_path, row))
    assert issues == [check]
    assert frame.height == 0


def test_shares_of_pm25_become_masses(tmp_path: Path) -> None:
    one = {"NFR": "1.A.4.b.i", "CI_lower": "", "CI_upper": ""}
    pm25 = one | {"Pollutant": "PM2.5", "Value": "3.4"}
    bc = one | {"Pollutant": "BC", "Value": "2.2", "Unit": "% of PM2.5"}
    frame, issues = read(viewer(tmp_path, pm25, bc))
    assert issues == []
    row = frame.filter(pl.col("species") == "BC").row(0, named=True)
    assert row["value"] == pytest.approx(0.0748)
    assert (row["unit"], row["status"]) == ("g/GJ", "derived")
    frame, issues = read(viewer(tmp_path, bc))
    assert issues == ["share_without_whole"]


def test_abatement(tmp_path: Path) -> None:
    row = {
        "Type": "Tier 2 Abatement Efficiency", "NFR": "2.A.5.a", "Abatement": "Covered Screener", "Unit": "%",
        "Value": "0.75", "Pollutant": "PM2.5", "Fuel": "NA", "CI_lower": "", "CI_upper": "",
    }  # fmt: skip
    frame, issues = read(viewer(tmp_path, row))
    assert issues == ["percent_or_fraction"]
    record = frame.row(0, named=True)
    assert (record["kind"], record["unit"], record["control"]) == (
        "removal_efficiency",
        "fraction",
        "Covered Screener",
    )


def test_methane_has_its_origin(tmp_path: Path) -> None:
    none = {"CI_lower": "", "CI_upper": "", "Pollutant": "CH4"}
    frame, _ = emep.read(viewer(tmp_path, none | {"Fuel": "Wood"}, none | {"Fuel": "Natural Gas"}))
    origins = dict(zip(frame["product"], frame["species"], strict=True))
    assert origins == {"wood": "CH4_biogenic", "natural_gas": "CH4_fossil"}


def test_unknown_names_are_kept_and_counted(tmp_path: Path) -> None:
    frame, issues = emep.read(viewer(tmp_path, {"Fuel": "Moon dust"}, {"Pollutant": "H2O"}))
    assert set(frame["product"]) == {"Moon dust"}
    notices = {(i.check, i.values["text"]) for i in issues if i.severity == "notice"}
    assert notices == {("name_unknown", "Moon dust"), ("species_unknown", "H2O")}


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n")
    frame, issues = emep.read(path)
    assert frame.height == 0
    assert [issue.check for issue in issues] == ["column_missing"]


def test_the_real_export(emep_real: Result, lines_of: Callable[[Result, str], set[int]]) -> None:
    frame, _ = emep_real
    assert frame.height > 15_000
    assert {7811, 9588, 10551} <= lines_of(emep_real, "unit_is_number")  # the unit "1.5" of Table 3-24
    assert {519, 10918, 7854, 9405, 10571} <= lines_of(emep_real, "size_order")
    swapped, outside = lines_of(emep_real, "interval_swapped"), lines_of(emep_real, "outside_interval")
    assert {2264, 2266, 2268, 2269, 2270, 2272} <= swapped
    assert len(swapped) == 33
    assert len(outside) == 25
    assert frame.filter(pl.col("record_id") == "emep:519")["status"].to_list() == ["unverified"]


def test_the_real_export_against_the_list_of_faults(
    emep_real: Result, lines_of: Callable[[Result, str], set[int]], shared_data: Path
) -> None:
    path = shared_data / "factors" / "raw" / "emep_guidebook" / "QC_value_outside_CI.csv"
    listed = {int(line) for line in pl.read_csv(path)["line"]}
    found = lines_of(emep_real, "interval_swapped") | lines_of(emep_real, "outside_interval")
    assert len(listed) == 56
    assert listed - found <= lines_of(emep_real, "unit_is_number")
    assert found - listed == {7528, 7532, 7540, 7544}  # N2O of railways with limits 0 and 0


def test_the_real_export_holds_the_known_values(emep_real: Result) -> None:
    frame, _ = emep_real
    coal = frame.filter(
        pl.col("locator").str.ends_with("Table 3-2")
        & pl.col("record_id").is_in(["emep:157", "emep:236", "emep:52"])
    )
    values = dict(zip(coal["species"], coal["value"], strict=True))
    assert values == {"SO2": 820, "NOx": 209, "PM2.5": 3.4}


def test_a_basis_comes_with_its_reason(tmp_path: Path) -> None:
    lime = {
        "NFR": "2.A.2",
        "Fuel": "NA",
        "Pollutant": "TSP",
        "Unit": "g/Mg lime",
        "CI_lower": "",
        "CI_upper": "",
    }
    kilns = [
        lime | {"Table": "Table_3-1", "Value": "9000"},
        lime | {"Table": "Table_3-2", "Value": "9000"},
        lime | {"Table": "Table_3-3", "Value": "400"},
        lime | {"Table": "Table_3-4", "Value": "1"},
    ]
    frame, _ = emep.read(viewer(tmp_path, *kilns))
    assert frame["basis"].str.extract("(controlled|uncontrolled)$").to_list() == [
        "uncontrolled", "uncontrolled", "controlled", None,
    ]  # fmt: skip
    assert all("basis inferred" in note for note in frame["note"].to_list()[:3])
    removal = {"Type": "Tier 2 Abatement Efficiency", "Unit": "%", "Value": "90", "Abatement": "ESP"}
    frame, _ = emep.read(viewer(tmp_path, kilns[0] | removal))
    assert frame["basis"].to_list() == [""]


@pytest.mark.parametrize(
    ("region", "reference", "expected"),
    [
        ("Other region", "", "global"),
        ("Other countries", "", "global"),
        ("Western Europe", "", "EU"),
        ("NA", "", "EU"),
        ("", "1), non EU", "global"),
        ("", "1) EU Member States", "EU"),
        ("United States", "", "US"),
        ("Daily temperature range 0-15", "", "Daily temperature range 0-15"),
    ],
)
def test_regions(tmp_path: Path, region: str, reference: str, expected: str) -> None:
    frame, _ = emep.read(viewer(tmp_path, {"Region": region, "Reference": reference}))
    assert set(frame["region"]) == {expected}


def test_nitric_oxide_of_manure_is_printed_in_mass_of_no2(tmp_path: Path) -> None:
    manure = {"NFR": "3.B.1.a", "Pollutant": "NO", "Unit": "kg NO2/AAP/a", "Value": "0.011", "Fuel": "NA"}
    frame, _ = emep.read(viewer(tmp_path, manure | {"CI_lower": "", "CI_upper": ""}))
    assert set(frame["species"]) == {"NOx"}
    assert set(frame["value"]) == {0.011}


def test_the_real_export_gives_what_stands_in_the_library(emep_real: Result) -> None:
    def key(row: dict[str, Any]) -> tuple[str, str, str, str, str]:
        ratio = units.split_ratio(row["unit"])
        basis = row["basis"] if row["basis"] in ("controlled", "uncontrolled") else ""
        value = f"{row['value'] * ratio.numerator / ratio.denominator:.9g}"
        return row["locator"], row["species"], value, basis, row["region"]

    official = (pl.col("source") == "emep_2023") & (pl.col("status") == "official")
    factors = pl.col("kind") == "emission_factor"
    kept = library().filter(official & factors)
    readable = emep_real[0].filter(factors & pl.col("status").is_in(["official", "unverified"]))
    imported = {key(row) for row in readable.iter_rows(named=True)}
    missing = [row["record_id"] for row in kept.iter_rows(named=True) if key(row) not in imported]
    assert kept.height > 2_800
    assert missing == []
