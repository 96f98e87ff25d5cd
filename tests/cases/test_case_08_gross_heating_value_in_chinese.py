"""Column *Basis* takes the words its description offers, in both languages; gross is put aside.

One 亿m3 of natural gas gives 216,218.88 t of CO2 by the library; 50.3 t/TJ taken as net would give 195,823 t.
"""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import Account, account
from tongyuan.ledger.workspace import check, load

ACTIVITY = """
activity_id,region,year,process,product,technology,value,unit,source
A1,370000,2021,industry.combustion.boiler,natural_gas,,1,亿m3,x
"""
HEAD = "record_id,kind,process,product,region,species,value,unit,basis,status,source,locator"


def done(make: Make, basis: str, value: str = "50.3") -> Account:
    row = f"m1,emission_factor,industry.combustion.boiler,natural_gas,370000,CO2,{value},t/TJ,{basis}"
    return account(load(make(activity=ACTIVITY, factor=f"{HEAD}\n{row},measured,x,x")))


def carbon(result: Account) -> float:
    return float(result.tables["emission"].filter(pl.col("species") == "CO2")["value"].sum())


@pytest.mark.parametrize(
    "basis",
    [
        "高位热值",
        "高位发热量",
        "毛热值",
        "gross",
        "GCV",
        "HHV",
        "hhv basis",
        "Gross heating value (GCV)",
        "ＨＨＶ",
    ],
)
def test_gross_is_put_aside_and_said(make: Make, basis: str) -> None:
    result = done(make, basis)
    assert carbon(result) == pytest.approx(216_218.88, abs=0.005)
    assert [f.check for f in result.findings if f.check.startswith(("factor_gross", "idle"))] == [
        "factor_gross_basis",
        "idle_basis",
    ]


@pytest.mark.parametrize("basis", ["", "低位热值", "低位发热量", "净热值", "NCV", "LHV", "net"])
def test_net_acts(make: Make, basis: str) -> None:
    assert carbon(done(make, basis, "55.9")) == pytest.approx(55.9 * 3893.1, rel=1e-4)


@pytest.mark.parametrize("basis", ["干燥基", "heating value", "per Nm3 at 0 C"])
def test_a_word_nobody_knows_is_refused(make: Make, basis: str) -> None:
    row = f"m1,emission_factor,industry.combustion.boiler,natural_gas,370000,CO2,50.3,t/TJ,{basis}"
    _, findings = check(make(activity=ACTIVITY, factor=f"{HEAD}\n{row},measured,x,x"))
    assert [(f.check, f"{f.column}{f.row}", f.severity) for f in findings] == [
        ("unknown_reference", "I2", "error")
    ]
