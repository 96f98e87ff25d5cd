"""Gas in Mm3 is millions of cubic metres, not a cube of megametres; the check says so at the cell."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.workspace import check, load

HEAD = "activity_id,region,year,process,product,value,unit,source"


def carbon(path: Path) -> float:
    emission = account(load(path)).tables["emission"]
    return float(emission.filter(pl.col("species") == "CO2")["value"].sum())


GAS = "A1,370000,2021,industry.combustion.boiler,natural_gas"


@pytest.mark.parametrize(
    ("value", "unit", "spelling"),
    [("1", "Mm3", "Mm3"), ("0.001", "Gm³", "Gm3"), ("1e-6", "Tm3", "Tm3"), ("1000000", "nm3", "nm3"),
     ("0.01", "108 cu.m", "108"), ("100", "10 4 m3", "10 4")],
)  # fmt: skip
def test_a_million_cubic_metres_of_gas(make: Make, value: str, unit: str, spelling: str) -> None:
    path = make(activity=f"{HEAD}\n{GAS},{value},{unit},x")
    _, findings = check(path)
    (said,) = [f for f in findings if f.check == "unit_read"]
    assert (said.severity, said.row, said.column) == ("notice", 2, "G")
    assert said.values["part"] == spelling
    # 100 million m3 of natural gas yield 216,218.88 t CO2 in fuel set C
    assert carbon(path) == pytest.approx(2162.1888)


@pytest.mark.parametrize("unit", ["mm3", "mcm", "km3", "10E4 m3"])
def test_what_could_be_either_is_refused_with_both_named(make: Make, unit: str) -> None:
    _, findings = check(
        make(activity=f"{HEAD}\n{GAS},1,{unit},x\n{GAS.replace('A1', 'A2').replace('2021', '2020')},1,m3,x")
    )
    (said,) = [f for f in findings if f.severity == "error"]
    assert (said.check, said.row, said.column) == ("ambiguous_unit", 2, "G")
    assert said.values["first"].en in said.message("en")
    assert said.values["other"].zh in said.message("zh")
