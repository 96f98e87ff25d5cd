"""Emissions of others are added, told back to their cell, or refused."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.account.account import account
from tongyuan.flows.account.given import METHOD
from tongyuan.ledger.figure.lineage import explain
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import check, load
from tongyuan.reference import gwp

HEAD = "region,year,process,product,species,value,unit,lower,upper,note"
ACTIVITY = """region,year,process,product,value,unit,source
山东省,2021,火力发电,原煤,100,万吨,x
"""


def folder(tmp_path: Path, *rows: str, activity: str = ACTIVITY) -> Path:
    (tmp_path / "tables").mkdir(exist_ok=True)
    (tmp_path / "tongyuan.toml").write_text('name = "x"\nkind = "city"\nregion = "山东省"\n', "utf-8")
    (tmp_path / "tables" / "emission.csv").write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    if activity:
        (tmp_path / "tables" / "activity.csv").write_text(activity, "utf-8")
    return tmp_path


HFC = "山东省,2021,制冷,,HFC-134a,1.5,万吨,1.2,1.8,省氟化物调查 表 3"


def test_rows_of_others_are_added_in_canonical_units(tmp_path: Path) -> None:
    alone = account(load(folder(tmp_path, HFC, activity=""))).tables["emission"]
    (row,) = alone.to_dicts()
    assert (row["species"], row["value"], row["unit"]) == ("HFC-134a", 15_000.0, "t")
    assert (row["lower"], row["upper"]) == (12_000.0, 18_000.0)
    assert (row["medium"], row["scope"], row["method"]) == ("ghg", "direct", METHOD)
    assert row["origin"]
    assert row["note"] == "省氟化物调查 表 3"


def test_they_count_in_every_total_with_their_own_limits(tmp_path: Path) -> None:
    tables = account(load(folder(tmp_path, HFC))).tables
    summed = tables["summary"].filter(pl.col("species") == "HFC-134a")["value"].sum()
    assert summed == pytest.approx(15_000.0)
    without = account(load(folder(tmp_path, HFC.replace("1.5,万吨,1.2,1.8", "0,万吨,,")))).tables["summary"]
    co2e = [f.filter(pl.col("species") == "CO2e")["value"].sum() for f in (tables["summary"], without)]
    assert co2e[0] - co2e[1] == pytest.approx(15_000.0 * gwp.value("HFC-134a", "AR5"))
    limits = tables["uncertainty"].filter(
        pl.col("species") == "HFC-134a", pl.col("group") == "total", pl.col("method") == "approach_1"
    )
    assert limits.select("lower", "upper").row(0) == pytest.approx((12_000.0, 18_000.0))


def test_they_are_told_back_to_their_cell(tmp_path: Path) -> None:
    workspace = load(folder(tmp_path, HFC))
    chain = explain(account(workspace).tables, "HFC-134a", letters=workspace.letters)
    (row,) = chain.to_dicts()
    assert (row["file"], row["row"]) == ("emission.csv", 2)
    assert row["activity_source"] == "省氟化物调查 表 3"


@pytest.mark.parametrize(
    "row",
    [
        "山东省,2021,火力发电,原煤,CO2,5,万吨,,,x",
        "山东省,2021,火力发电,,CO2,5,万吨,,,x",
        "山东省,2021,火力发电,原煤,SO2,5,t,,,x",
    ],
)
def test_what_is_computed_as_well_is_an_error_at_its_row(tmp_path: Path, row: str) -> None:
    with pytest.raises(FindingError) as caught:
        account(load(folder(tmp_path, HFC, row)))
    (found,) = caught.value.findings
    assert (found.check, found.file, found.row) == ("emission_double", "emission.csv", 3)
    assert "excluded" in found.next_step("en")


def test_a_source_left_out_by_its_activity_row_may_be_given(tmp_path: Path) -> None:
    left = (
        "region,year,process,product,value,unit,source,excluded\n山东省,2021,火力发电,原煤,100,万吨,x,SO2\n"
    )
    row = "山东省,2021,火力发电,原煤,SO2,5,t,,,实测"
    emission = account(load(folder(tmp_path, row, activity=left))).tables["emission"]
    assert emission.filter(pl.col("species") == "SO2", pl.col("origin") != "control")["value"].to_list() == [
        5.0
    ]


def test_another_year_or_process_is_no_double(tmp_path: Path) -> None:
    other = "山东省,2020,火力发电,原煤,CO2,5,万吨,,,x"
    emission = account(load(folder(tmp_path, other))).tables["emission"]
    assert emission.filter(pl.col("method") == METHOD)["year"].to_list() == [2020]


@pytest.mark.parametrize("species", ["HFCs", "CO2e", "CH4"])
def test_sums_over_substances_are_refused_at_their_cell(tmp_path: Path, species: str) -> None:
    _, findings = check(folder(tmp_path, HFC, f"山东省,2021,制冷,,{species},5,t,,,x"))
    (found,) = [f for f in findings if f.severity == "error"]
    assert (found.file, found.row) == ("emission.csv", 3)
    assert species in found.message("en")


def test_a_unit_that_measures_no_amount_is_refused(tmp_path: Path) -> None:
    workspace, findings = check(folder(tmp_path, "山东省,2021,制冷,,HFC-134a,5,km,,,x"))
    errors = [f for f in findings if f.severity == "error"]
    if not errors:
        assert workspace is not None
        with pytest.raises(FindingError) as caught:
            account(workspace)
        errors = list(caught.value.findings)
    assert [(f.file, f.row) for f in errors] == [("emission.csv", 2)]
    assert "km" in errors[0].message("en")


@pytest.mark.parametrize("cell", ["esp+wet_fgd", "esp|wet_fgd", "静电除尘、湿法脱硫", "esp; wet_fgd"])
def test_devices_of_rows_of_others_are_a_list_however_they_are_written(tmp_path: Path, cell: str) -> None:
    made = folder(tmp_path, activity="")
    text = f"{HEAD},control\n山东省,2021,火力发电,原煤,SO2,5,t,,,x,{cell}\n"
    (made / "tables" / "emission.csv").write_text(text, "utf-8")
    assert account(load(made)).tables["emission"]["control"].to_list() == [["esp", "wet_fgd"]]
