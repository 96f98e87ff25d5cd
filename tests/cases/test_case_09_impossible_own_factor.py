"""Grams for kilograms: a factor a thousand times too large is an error that names the bound and the unit."""

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
HEAD = "record_id,kind,process,product,region,species,value,unit,status,source,locator"
POWER = "region,year,buyer,electricity,factor,heat,heat_factor,source"


def factor(value: str, unit: str, species: str = "CO2", product: str = "bituminous") -> dict[str, str]:
    row = f"m1,emission_factor,energy.power,{product},370000,{species},{value},{unit},measured,x,x"
    return {"activity": ACTIVITY, "factor": f"{HEAD}\n{row}"}


def said(folder: object) -> list[tuple[str, str, str]]:
    _, findings = check(folder)  # type: ignore[arg-type]
    return [(f.check, f.severity, f"{f.column}{f.row}") for f in findings]


def test_meant_units_give_the_right_values(make: Make) -> None:
    power = f"{POWER}\n370000,2021,works,100,0.5568,,,x"
    emission = account(load(make(**factor("1780", "kg/t"), purchased_energy=power))).tables["emission"]
    sums = dict(
        emission.filter(pl.col("species") == "CO2").group_by("scope").agg(pl.col("value").sum()).iter_rows()
    )
    assert sums == pytest.approx({"direct": 1780.0, "indirect": 556.8})


def test_a_tonne_of_fuel_gives_no_more_than_its_carbon(make: Make) -> None:
    folder = make(**factor("1780", "t/t"))
    assert said(folder) == [("stoichiometric_bound", "error", "G2")]
    found = check(folder)[1][0]
    assert "3.6642 t/t" in found.message("en")
    assert "g, kg or t?" in found.next_step("en")


@pytest.mark.parametrize(
    ("value", "unit", "checks"),
    [
        ("3.6642", "t/t", []),
        ("3.665", "t/t", ["stoichiometric_bound"]),
        ("3665", "g/kg", ["stoichiometric_bound"]),
    ],
)
def test_the_bound_is_44_over_12(make: Make, value: str, unit: str, checks: list[str]) -> None:
    assert [c for c, _, _ in said(make(**factor(value, unit)))] == checks


@pytest.mark.parametrize(
    ("value", "unit", "species", "expected"),
    [
        ("8", "kg/t", "NOx", []),
        ("400", "kg/t", "NOx", [("factor_doubtful", "warning", "G2")]),
        ("8", "t/t", "NOx", [("factor_absurd", "error", "G2")]),
        ("0.001", "g/t", "NOx", [("factor_absurd", "error", "G2")]),
    ],
)
def test_beyond_everything_the_library_has(
    make: Make, value: str, unit: str, species: str, expected: list[tuple[str, str, str]]
) -> None:
    assert said(make(**factor(value, unit, species))) == expected


def test_an_absurd_factor_can_be_answered_for_by_name(make: Make) -> None:
    folder = make('[account]\nwaive = ["factor_absurd"]', **factor("8", "t/t", "NOx"))
    assert said(folder) == [("factor_absurd", "notice", "G2")]
    workspace = load(folder)
    emission = account(workspace).tables["emission"]
    assert emission.filter(pl.col("species") == "NOx")["value"].sum() == pytest.approx(8000.0)
    assert workspace.settings.model_dump(mode="json")["account"]["waive"] == ["factor_absurd"]


@pytest.mark.parametrize("name", ["stoichiometric_bound", "nonsense", "missing_required"])
def test_what_cannot_be_waived_is_refused(make: Make, name: str) -> None:
    _, findings = check(make(f'[account]\nwaive = ["{name}"]', activity=ACTIVITY))
    assert [f.check for f in findings if f.severity == "error"] == ["settings_value"]
    assert "factor_absurd" in findings[0].message("en")


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ("100,556.8,,", [("own_value_absurd", "error", "E2")]),
        ("100,3.5,,", [("own_value_doubtful", "warning", "E2")]),
        ("100,1.05,,", []),
        ("100,0.02,,", []),
        (",,1000,110", [("own_value_absurd", "error", "G2")]),
        (",,1000,0.1", []),
    ],
)
def test_own_factors_of_bought_energy(make: Make, cells: str, expected: list[tuple[str, str, str]]) -> None:
    """Published: up to 1.08 kg/kWh; 0.11 t/GJ of heat."""
    assert said(make(purchased_energy=f"{POWER}\n370000,2021,works,{cells},x")) == expected


def test_own_factors_of_other_methods(make: Make) -> None:
    clinker = "region,year,line,clinker,clinker_output,factor,source\n370000,2021,1,,1000,525,x"
    herd = "region,year,animal,heads,volatile_solid,source\n370000,2021,dairy_cattle,1000,3500,x"
    assert said(make(clinker_line=clinker, livestock=herd)) == [
        ("stoichiometric_bound", "error", "F2"),
        ("own_value_absurd", "error", "E2"),
    ]
