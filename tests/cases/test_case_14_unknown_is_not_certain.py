"""Factors without published limits have no interval, not one of width zero."""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.workspace import load
from tongyuan.report.inventory.chapter.uncertainty import section

HEAD = "region,year,process,product,value,unit,uncertainty,source"


def intervals(make: Make, *rows: str, settings: str = "") -> tuple[pl.DataFrame, pl.DataFrame]:
    tables = account(load(make(settings, activity="\n".join([HEAD, *rows])))).tables
    return tables["uncertainty"].filter(pl.col("group") == "total"), tables["emission"]


def bare(emission: pl.DataFrame) -> set[str]:
    """Return species none of whose rows has limits."""
    counted = emission.group_by("species").agg(pl.col("upper").is_not_null().any())
    return set(counted.filter(~pl.col("upper"))["species"])


@pytest.mark.parametrize(
    "row",
    [
        "山东省,2021,火力发电,原煤,100,万吨,,x",
        "山东省,2021,火力发电,原煤,100,万吨,5,x",
        "山东省,2021,火力发电,天然气,1,亿立方米,5,x",
        "山东省,2021,工业锅炉,原煤,20,万吨,10,x",
    ],
)
@pytest.mark.parametrize("method", ["approach_1", "approach_1_truncated"])
def test_unknown_is_empty(make: Make, row: str, method: str) -> None:
    table, emission = intervals(make, row, settings=f'[method]\nuncertainty = "{method}"\n')
    assert method in set(table["method"])
    without = table.filter(pl.col("species").is_in(sorted(bare(emission))))
    assert without.height
    assert without["lower"].null_count() == without["upper"].null_count() == without.height
    known = table.drop_nulls("lower")
    assert known.height
    assert bool((known["upper"] > known["lower"]).all())


def test_the_report_prints_a_dash(make: Make) -> None:
    table, emission = intervals(make, "山东省,2021,火力发电,原煤,100,万吨,5,x")
    assert "CO2" not in bare(emission)
    made = section({"uncertainty": table}, "en")
    assert made is not None
    text = repr(made)
    assert "0% / 0%" not in text
    assert "–" in text
