"""Every own factor that acts nowhere is named with the reason that can be told."""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import Account, account
from tongyuan.ledger.workspace import load

ACTIVITY = """
activity_id,region,year,process,product,technology,value,unit,source
A1,370000,2022,energy.power,bituminous,,1000,t,x
"""
HEAD = (
    "record_id,kind,process,product,technology,control,region,species,value,unit,basis,valid_from,valid_to,"
    "status,source,locator"
)
RECORD = {
    "kind": "emission_factor",
    "process": "energy.power",
    "product": "bituminous",
    "region": "370000",
    "species": "CO2",
    "value": "2",
    "unit": "t/t",
    "status": "measured",
    "source": "x",
    "locator": "x",
}


def done(make: Make, *records: dict[str, str]) -> Account:
    rows = [RECORD | {"record_id": f"m{n}"} | record for n, record in enumerate(records, 1)]
    table = "\n".join([HEAD, *(",".join(row.get(c, "") for c in HEAD.split(",")) for row in rows)])
    return account(load(make(activity=ACTIVITY, factor=table)))


def carbon(result: Account) -> float:
    return float(result.tables["emission"].filter(pl.col("species") == "CO2")["value"].sum())


def idle(result: Account) -> list[tuple[str, str]]:
    return [(f.check, f"{f.column}{f.row}") for f in result.findings if f.check.startswith("idle_")]


def test_years_and_process_of_the_case(make: Make) -> None:
    result = done(
        make, {"valid_from": "2020", "valid_to": "2021"}, {"process": "industry.steel", "record_id": "m2"}
    )
    assert carbon(result) == pytest.approx(1741.75, abs=0.005)
    assert idle(result) == [("idle_years", "L2"), ("idle_process", "C3")]
    first = next(f for f in result.findings if f.check == "idle_years")
    assert first.message("en") == (
        "own factor m1 is not used: it is valid 2020–2021, and the activity is of 2022"
    )


def test_extended_it_acts_and_nothing_is_said(make: Make) -> None:
    result = done(make, {"valid_from": "2020", "valid_to": "2022"})
    assert carbon(result) == pytest.approx(2000.0)
    assert idle(result) == []


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"valid_from": "2023"}, "years"),
        ({"region": "370100"}, "region"),
        ({"region": "110000"}, "region"),
        ({"product": "diesel", "value": "3"}, "product"),
        ({"technology": "cfb"}, "technology"),
        ({"process": "energy.coking"}, "process"),
        ({"unit": "kg/head"}, "unit"),
        ({"basis": "高位热值"}, "basis"),
        ({"status": "unverified"}, "status"),
        ({"kind": "removal_efficiency", "control": "wet_fgd", "unit": "%", "species": "SO2"}, "control"),
        ({"kind": "parameter", "species": "oxidation", "value": "0.98", "unit": "fraction"}, "kind"),
    ],
)
def test_each_reason(make: Make, change: dict[str, str], reason: str) -> None:
    assert [check for check, _ in idle(done(make, change))] == [f"idle_{reason}"]


def test_a_record_behind_a_nearer_one_of_the_same_table(make: Make) -> None:
    result = done(make, {}, {"region": "CN", "value": "2.1"})
    assert carbon(result) == pytest.approx(2000.0)
    assert idle(result) == [("idle_other", "A3")]
