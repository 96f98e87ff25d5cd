from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tongyuan.reference.importers import cost


def measures(folder: Path, *rows: dict[str, Any]) -> Path:
    base = {
        "dataset": "set", "abbrev": "ABC", "measure": "Some measure",
        "technology": "Selective Catalytic Reduction", "source_group": "Cement Manufacturing - Dry",
        "life_yr": "15", "pollutant": "NOX", "control_efficiency_pct": "90",
        "cost_per_ton_usd": "4636", "cost_year": "1999",
    }  # fmt: skip
    path = folder / "cost.csv"
    pl.DataFrame([base | row for row in rows]).write_csv(path)
    return path


def test_a_measure(tmp_path: Path) -> None:
    frame, _ = cost.read(measures(tmp_path, {}))
    row = frame.row(0, named=True)
    assert (row["kind"], row["species"], row["value"], row["region"]) == (
        "removal_efficiency",
        "NOx",
        0.9,
        "US",
    )
    assert "4636 USD(1999)/short ton" in row["note"]
    assert (
        row["process"] == "Cement Manufacturing - Dry"
    )  # kept as printed: it acts on no source until mapped


@pytest.mark.parametrize(
    ("text", "species"),
    [("PM25-PRI", "PM2.5"), ("PM2_5", "PM2.5"), ("EC", "BC"), ("VOC", "NMVOC"), ("HG", "Hg")],
)
def test_spelling_variants_are_merged(tmp_path: Path, text: str, species: str) -> None:
    frame, _ = cost.read(measures(tmp_path, {"pollutant": text, "control_efficiency_pct": "20.00%"}))
    assert frame.select("species", "value").row(0) == (species, 0.2)


def test_faults_are_reported(tmp_path: Path) -> None:
    frame, issues = cost.read(
        measures(
            tmp_path,
            {"control_efficiency_pct": ""},
            {"control_efficiency_pct": "high"},
            {"control_efficiency_pct": "120"},
        )
    )
    assert [i.check for i in issues if i.severity != "notice"] == [
        "value_not_numeric",
        "value_missing",
        "fraction_range",
    ]
    assert frame["status"].to_list() == ["unverified"]


def test_the_real_table(shared_data: Path) -> None:
    frame, issues = cost.read(shared_data / "factors" / "abatement_measures_us_cost_cmdb.csv")
    assert frame.height > 4_800
    assert frame["value"].is_between(0, 1).all()
    assert {i.check for i in issues if i.severity == "error"} == set()
