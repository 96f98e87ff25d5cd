from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.reference import units
from tongyuan.reference.importers import gains


def scenario(folder: Path, *rows: tuple[str, str, str, str, str, str]) -> Path:
    path = folder / "gains.csv"
    pl.DataFrame(rows, schema=list(gains.COLUMNS), orient="row").write_csv(path)
    return path


def test_emission_over_activity(tmp_path: Path) -> None:
    path = scenario(
        tmp_path,
        ("CHIN_PLUS", "2020", "Power_Gen_Coal_New", "activity", "1000", "PJ"),
        ("CHIN_PLUS", "2020", "Power_Gen_Coal_New", "SO2", "31.1", "kt SO2"),
        ("CHIN_PLUS", "2020", "Power_Gen_Coal_New", "CO2", "94.3", "Mt CO2"),
    )
    frame, issues = gains.read(path)
    assert issues == ()
    row = frame.filter(pl.col("species") == "SO2").row(0, named=True)
    assert (row["process"], row["product"], row["region"]) == ("energy.power", "coal", "CN")
    assert (row["valid_from"], row["valid_to"], row["status"]) == (2020, 2020, "derived")
    assert units.convert(row["value"], row["unit"], "g/GJ") == pytest.approx(31.1)
    co2 = frame.filter(pl.col("species") == "CO2").row(0, named=True)
    assert units.convert(co2["value"], co2["unit"], "t/TJ") == pytest.approx(94.3)


def test_totals_lumped_rows_and_rows_without_activity(tmp_path: Path) -> None:
    path = scenario(
        tmp_path,
        ("CHIN_PLUS", "2020", "SUM", "SO2", "5", "kt SO2"),
        ("CHIN_PLUS", "2020", "End_Use_Residential_Coal_Heat", "SO2", "5", "kt SO2"),
        ("CHIN_PLUS", "2020", "CEMENT", "SO2", "5", "kt SO2"),
    )
    frame, issues = gains.read(path)
    assert frame.height == 0
    assert [i.check for i in issues] == ["lumped_row", "no_activity"]


def test_a_table_without_units_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "normalised.csv"
    path.write_text("region,year,sector,variable,value\nCHIN_PLUS,2020,CEMENT,NOx,1.0\n")
    frame, issues = gains.read(path)
    assert frame.height == 0
    assert [(i.check, i.values["columns"]) for i in issues] == [("column_missing", "unit")]


def test_nitrogen_oxides_of_cement_in_china(tmp_path: Path) -> None:
    """GAINS ECLIPSE V6b, China 2020: 2,657.192 kt of NOx from 2,561.508 Mt of cement are 1,037.4 g/t."""
    path = scenario(
        tmp_path,
        ("CHIN_PLUS", "2020", "CEMENT", "NOx", "2657.192", "kt NOX"),
        ("CHIN_PLUS", "2020", "CEMENT", "activity", "2561.508", "Mt"),
    )
    frame, _ = gains.read(path)
    row = frame.row(0, named=True)
    assert row["record_id"] == "gains:CHIN_PLUS:CEMENT:NOx:2020"
    assert units.convert(row["value"], row["unit"], "g/t") == pytest.approx(1037.35, abs=0.01)


def test_the_real_table(shared_data: Path) -> None:
    frame, _ = gains.read(shared_data / "activity" / "gains_eclipse_v6b" / "gains_v6b_china.csv")
    assert frame.height > 3_000
    cement = frame.filter(pl.col("record_id") == "gains:CHIN_PLUS:CEMENT:NOx:2020").row(0, named=True)
    assert units.convert(cement["value"], cement["unit"], "g/t") == pytest.approx(1037, rel=0.01)
