"""A share removed lies between 0 and 1, its limits too; what cannot be is refused at its cell.

1,000 t of bituminous coal in a power plant give 16.642854 t of SO2 before control; 95 % removed leaves
0.832143 t. The factor before control is the plant's own here, so that no choice between a factor before and
one after control arises.
"""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account import account
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
    raw = "m2,emission_factor,energy.power,bituminous,,370000,SO2,16.642854,kg/t,,,measured,x,x"
    return {"activity": ACTIVITY, "control": CONTROL, "factor": f"{HEAD}\n{row},measured,x,x\n{raw}"}


def sulphur(folder: object) -> float:
    emission = account(load(folder)).tables["emission"]  # type: ignore[arg-type]
    return float(emission.filter(pl.col("species") == "SO2", pl.col("origin") == "combustion")["value"].sum())


@pytest.mark.parametrize(("value", "unit"), [("0.95", "fraction"), ("95", "%")])
def test_ninety_five_per_cent(make: Make, value: str, unit: str) -> None:
    assert sulphur(make(**tables(value, unit))) == pytest.approx(0.832143, abs=1e-6)


def test_with_the_factor_before_control_of_the_library(make: Make) -> None:
    given = tables("95", "%")
    given["factor"] = "\n".join(given["factor"].splitlines()[:2])
    folder = make('[account]\nbasis = "before_control"', **given)
    assert sulphur(folder) == pytest.approx(0.832143, abs=1e-6)


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
    assert "did you mean 95 %?" in found.message("en")
    assert "是否指 95 %？" in found.message("zh")
