"""A share removed lies between 0 and 1, its limits too; what cannot be is refused at its cell.

1,000 t of bituminous coal in a power plant give 16.642854 t of SO2 before control; 95 % removed leaves
0.832143 t. The library knows a factor after control as well: the efficiency measured goes first.
"""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.workspace import check, load

ACTIVITY = """
activity_id,region,year,process,product,technology,value,unit,source
A1,370000,2021,energy.power,bituminous,,1000,t,x
"""
CONTROL = """
region,year,process,product,technology,control,applied,operation,source
370000,2021,energy.power,bituminous,,wet_fgd,1,1,x
"""
HEAD = "record_id,kind,process,product,control,region,species,value,unit,lower,upper,status,source,locator"


def tables(
    value: str, unit: str, lower: str = "", upper: str = "", control: str = "wet_fgd"
) -> dict[str, str]:
    row = f"m1,removal_efficiency,energy.power,bituminous,{control},370000,SO2,{value},{unit},{lower},{upper}"
    return {"activity": ACTIVITY, "control": CONTROL, "factor": f"{HEAD}\n{row},measured,x,x"}


def sulphur(folder: object) -> float:
    emission = account(load(folder)).tables["emission"]  # type: ignore[arg-type]
    return float(emission.filter(pl.col("species") == "SO2", pl.col("origin") == "combustion")["value"].sum())


@pytest.mark.parametrize(("value", "unit"), [("0.95", "fraction"), ("95", "%")])
def test_ninety_five_per_cent(make: Make, value: str, unit: str) -> None:
    assert sulphur(make(**tables(value, unit))) == pytest.approx(0.832143, abs=1e-6)


def test_the_basis_and_its_reason_are_said(make: Make) -> None:
    """0.832143 t is 2.63 times what the smokestacks of the nation's power stations let out (0.3168 kg/t)."""
    done = account(load(make(**tables("95", "%"))))
    row = done.tables["emission"].filter(pl.col("species") == "SO2", pl.col("origin") == "combustion")
    assert row["basis"].to_list() == ["before_control"]
    (told,) = [f for f in done.findings if f.check == "basis_measured"]
    assert "m1, goes first" in told.message("en")
    assert "2.63 times" in told.message("en")
    assert "basis_after_control" not in {f.check for f in done.findings}
    (metals,) = [f for f in done.findings if f.check == "control_in_factor"]
    assert "SO2" not in metals.values["species"]


def test_every_year_stands_on_the_basis_of_the_measured_one(make: Make) -> None:
    """Without a device in 2020 all of the 16.642854 t leave; the average after control does not serve it."""
    given = tables("95", "%")
    given["activity"] += "A2,370000,2020,energy.power,bituminous,,1000,t,x\n"
    assert sulphur(make(**given)) == pytest.approx(0.832143 + 16.642854, abs=2e-6)


@pytest.mark.parametrize("status", ["official", "derived"])
def test_an_efficiency_of_ones_own_goes_first_whatever_its_status(make: Make, status: str) -> None:
    given = tables("95", "%")
    given["factor"] = given["factor"].replace("measured", status)
    assert sulphur(make(**given)) == pytest.approx(0.832143, abs=1e-6)


def test_a_factor_of_ones_own_after_control_is_kept(make: Make) -> None:
    """Whoever measured what leaves the stack as well has measured the answer: 0.5 kg/t."""
    given = tables("95", "%")
    head, row = given["factor"].splitlines()
    stack = "m2,emission_factor,energy.power,bituminous,,370000,SO2,0.5,kg/t,,,official,x,x,controlled"
    given["factor"] = f"{head},basis\n{row},\n{stack}"
    assert sulphur(make(**given)) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("applied", ["0", "1"])
def test_an_efficiency_of_a_device_that_does_not_run_decides_nothing(make: Make, applied: str) -> None:
    """A device applied to nothing, or standing still, leaves the average of the nation, 0.3168 kg/t."""
    given = tables("95", "%")
    given["control"] = given["control"].replace("wet_fgd,1,1", f"wet_fgd,{applied},{1 - int(applied)}")
    assert sulphur(make(**given)) == pytest.approx(0.3168, abs=5e-5)


@pytest.mark.parametrize(("value", "left"), [("0", 1.0), ("1", 0.0), ("100", 0.0)])
def test_both_ends_are_shares(make: Make, value: str, left: float) -> None:
    unit = "%" if value == "100" else "fraction"
    assert sulphur(make(**tables(value, unit))) == pytest.approx(16.642854 * left, abs=1e-6)


@pytest.mark.parametrize(
    ("value", "unit", "lower", "upper", "expected"),
    [
        ("95", "fraction", "", "", [("fraction_percent", "H2")]),
        ("105", "%", "", "", [("fraction_range", "H2")]),
        ("-5", "%", "", "", [("fraction_range", "H2")]),
        ("1.05", "fraction", "", "", [("fraction_range", "H2")]),
        ("95000", "fraction", "", "", [("fraction_range", "H2")]),
        ("95", "%", "90", "104", [("upper_range", "K2")]),
        ("95", "%", "-1", "98", [("lower_range", "J2")]),
        ("95", "%", "98", "90", [("interval_order", "J2")]),
    ],
)
def test_what_is_no_share_is_refused_at_its_cell(
    make: Make, value: str, unit: str, lower: str, upper: str, expected: list[tuple[str, str]]
) -> None:
    _, findings = check(make(**tables(value, unit, lower, upper)))
    assert [(f.check, f"{f.column}{f.row}") for f in findings] == expected
    assert {f.severity for f in findings} == {"error"}


def test_the_likely_meaning_is_said(make: Make) -> None:
    _, (found,) = check(make(**tables("95", "fraction")))
    assert "did you mean 95%?" in found.message("en")
    assert "是否指 95%？" in found.message("zh")
