from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tongyuan.reference.finding import Finding
from tongyuan.reference.importers import efdb
from tongyuan.reference.shelf import shelf

FRACTION = ("fraction_percent", "fraction_range", "parameter_range")

Result = tuple[pl.DataFrame, tuple[Finding, ...]]


def workbook(folder: Path, *rows: dict[str, Any]) -> Path:
    base = dict.fromkeys(efdb.COLUMNS, "") | {
        "EF ID": "1", "IPCC 2006 Source/Sink Category": "2.B.1 - Ammonia Production", "Gas": "CARBON DIOXIDE",
        "Type of parameter": "2006 IPCC default", "Description": "Emission Factor for Ammonia Production",
        "Value": "2.1", "Unit": "Tonne CO2/tonne NH3 produced", "Source of data": "2006 IPCC, Table 3.1",
    }  # fmt: skip
    path = folder / "efdb.xlsx"
    pl.DataFrame([base | row for row in rows]).write_excel(path)
    return path


def test_a_row_becomes_a_record(tmp_path: Path) -> None:
    frame, issues = efdb.read(workbook(tmp_path, {}))
    assert issues == ()
    row = frame.row(0, named=True)
    assert row["process"] == "industry.ammonia"
    assert (row["species"], row["value"], row["unit"]) == ("CO2", 2.1, "Tonne/tonne")
    assert row["locator"] == "EF ID 1; 2006 IPCC, Table 3.1"
    assert row["kind"] == "emission_factor"


@pytest.mark.parametrize("row", shelf("efdb_repair").to_dicts(), ids=lambda row: row["ef_id"])
def test_ammonia_is_repaired(tmp_path: Path, row: dict[str, str]) -> None:
    frame, issues = efdb.read(workbook(tmp_path, {"EF ID": row["ef_id"], "Value": row["printed"]}))
    assert [issue.check for issue in issues] == ["repaired"]
    record = frame.row(0, named=True)
    assert (record["value"], record["unit"], record["status"]) == (float(row["repaired"]), "t/t", "derived")
    by_hand = float(row["printed"]) * float(row["carbon_content"]) * 44 / 12 / 1000
    assert record["value"] == pytest.approx(by_hand, abs=6e-4)


def test_unrepaired_ammonia_is_caught_by_its_bound(tmp_path: Path) -> None:
    frame, issues = efdb.read(workbook(tmp_path, {"Value": "29.7"}))
    assert [issue.check for issue in issues] == ["stoichiometric_bound"]
    assert frame.filter(pl.col("process") == "industry.ammonia")["status"].to_list() == ["unverified"]


def test_a_range_written_into_the_value(tmp_path: Path) -> None:
    frame, _ = efdb.read(workbook(tmp_path, {"Value": "0.9 (0.2-1.6)"}))
    assert frame.select("value", "lower", "upper").row(0) == (0.9, 0.2, 1.6)


@pytest.mark.parametrize("value", ["N", "0-100", "not applicable", "See `Equation` field"])
def test_a_value_that_is_no_number(tmp_path: Path, value: str) -> None:
    frame, issues = efdb.read(workbook(tmp_path, {"Value": value}))
    assert [issue.check for issue in issues] == ["value_not_numeric"]
    assert frame.height == 0


def test_nitrogen_and_carbon_become_gases(tmp_path: Path) -> None:
    soil = {
        "IPCC 2006 Source/Sink Category": "3.C.4 - Direct N2O Emissions", "Gas": "NITROUS OXIDE",
        "Value": "0.01", "Unit": "kg N2O-N/kg N", "Description": "Emission factor EF1",
    }  # fmt: skip
    fuel = {
        "EF ID": "2", "Value": "15.3", "Unit": "tC/TJ", "Fuel 2006": "Natural Gas",
        "IPCC 2006 Source/Sink Category": "1.A.1 - Energy Industries", "Description": "Emission factor",
    }  # fmt: skip
    frame, issues = efdb.read(workbook(tmp_path, soil, fuel))
    assert [issue.check for issue in issues if issue.check != "name_unknown"] == ["element_converted"] * 2
    gas = dict(zip(frame["species"], frame["value"], strict=False))
    assert gas["N2O"] == pytest.approx(0.01 * 44 / 28)
    assert gas["CO2"] == pytest.approx(56.1)


def test_one_value_for_many_gases_is_left_out(tmp_path: Path) -> None:
    frame, issues = efdb.read(workbook(tmp_path, {"Gas": "METHANE\nNITROUS OXIDE"}))
    assert [issue.check for issue in issues] == ["several_gases"]
    assert frame.height == 0


def test_the_real_export(efdb_real: Result) -> None:
    frame, issues = efdb_real
    counts = Counter(issue.check for issue in issues)
    assert frame.height > 20_000
    assert counts["repaired"] == 5
    assert counts["duplicate_key"] > 500  # several values stand under one key: choose by record id
    repaired = frame.filter(pl.col("record_id").is_in([f"efdb:{n}" for n in range(213981, 213986)]))
    assert repaired.sort("record_id")["value"].to_list() == [1.666, 1.694, 2.772, 2.104, 3.273]
    flagged = {issue.record for issue in issues if issue.check in FRACTION}
    assert {"efdb:214471", "efdb:214037", "efdb:214039", "efdb:214040", "efdb:615010"} <= flagged


def test_the_real_export_reads_118133_as_a_number(efdb_real: Result) -> None:
    frame, _ = efdb_real
    rows = frame.filter(pl.col("record_id").str.starts_with("efdb:118133"))
    assert set(rows["value"]) == {112000.0}
    assert set(rows["species"]) == {"CO2_biogenic"}


def test_the_real_export_holds_caco3(efdb_real: Result) -> None:
    frame, _ = efdb_real
    assert frame.filter(pl.col("record_id") == "efdb:213919")["value"].to_list() == [0.43971]
