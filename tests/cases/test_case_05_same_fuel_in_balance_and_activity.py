"""The same coal in the energy balance and in table activity is burnt once, or refused with both places.

1,000,000 t of raw coal give 1,860,833 t of CO2 (fuel set C); industry burns 50 − 20 = 30 万吨: 558,250 t.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.flows.check import check
from tongyuan.ledger.finding import Finding, FindingError
from tongyuan.ledger.workspace import load

BALANCE = """
region,year,item,product,value,unit,source
370000,2021,thermal_power,raw_coal,-100,万吨,yearbook
370000,2021,industry,raw_coal,50,万吨,yearbook
370000,2021,industry_nonenergy,raw_coal,20,万吨,yearbook
"""
HEAD = "activity_id,region,year,process,product,technology,value,unit,excluded,source"
ROW = "A1,370000,2021,energy.power,raw_coal,,100,万吨,,x"
PER_T = 1.860833


def carbon(folder: Path) -> dict[str, float]:
    rows = account(load(folder)).tables["emission"].filter(pl.col("species") == "CO2")
    return dict(rows.group_by("process").agg(pl.col("value").sum()).iter_rows())


def refused(folder: Path) -> list[Finding]:
    with pytest.raises(FindingError) as error:
        account(load(folder))
    return [f for f in error.value.findings if f.severity == "error"]


def test_both_places_and_amounts_are_named(make: Make) -> None:
    folder = make(kind="province", activity=f"{HEAD}\n{ROW}", energy_balance=BALANCE)
    (found,) = refused(folder)
    assert (found.check, found.place()) == ("overlap", "activity.csv · G2")
    assert "100 万吨" in found.message("en")
    assert "energy_balance.csv · 2" in found.message("zh")
    assert 'overlap = "activity"' in found.next_step("en")
    assert [f.check for f in check(folder)[1]] == ["overlap"]


@pytest.mark.parametrize("overlap", ["activity", "balance"])
def test_the_setting_says_which_counts(make: Make, overlap: str) -> None:
    settings = f'[account]\noverlap = "{overlap}"'
    folder = make(settings, kind="province", activity=f"{HEAD}\n{ROW}", energy_balance=BALANCE)
    assert carbon(folder) == pytest.approx(
        {"energy.power": PER_T * 1e6, "industry.combustion": PER_T * 3e5}, rel=1e-6
    )
    assert load(folder).settings.model_dump(mode="json")["account"]["overlap"] == overlap
    assert f"overlap_{overlap}" in [f.check for f in account(load(folder)).findings]


@pytest.mark.parametrize(
    ("row", "excluded_free"),
    [
        ("A1,370000,2021,industry.combustion.boiler,raw_coal,,40,万吨,,x", True),  # a process below
        ("A1,370000,2021,industry.cement.clinker,raw_coal,,10,万吨,,x", True),  # fuel burnt in the sector
        ("A1,370000,2021,energy.power,coal,,100,万吨,,x", True),  # the group of the fuel
        ("A1,370000,2021,energy.power,raw_coal,,100,万吨,SO2,x", True),  # still doubles CO2
        ("A1,370000,2021,energy.power,raw_coal,,100,万吨,only:CO2,x", True),
        ("A1,370000,2020,energy.power,raw_coal,,100,万吨,,x", False),
        ("A1,370100,2021,energy.power,raw_coal,,100,万吨,,x", False),
        ("A1,370000,2021,energy.power,diesel,,100,万吨,,x", False),
        ("A1,370000,2021,energy.heat,raw_coal,,100,万吨,,x", False),
    ],
)
def test_what_is_the_same_activity(make: Make, row: str, excluded_free: bool) -> None:
    folder = make(kind="province", activity=f"{HEAD}\n{row}", energy_balance=BALANCE)
    if excluded_free:
        assert {f.check for f in refused(folder)} == {"overlap"}
    else:
        account(load(folder))


def test_a_part_counts_once_and_the_balance_for_the_rest(make: Make) -> None:
    """10 of industry's 30 万吨 stand in the table: boilers 10, the balance's industry 20."""
    row = "A1,370000,2021,industry.combustion.boiler,raw_coal,,10,万吨,,x"
    settings = '[account]\noverlap = "activity"'
    folder = make(settings, kind="province", activity=f"{HEAD}\n{row}", energy_balance=BALANCE)
    assert carbon(folder) == pytest.approx(
        {
            "energy.power": PER_T * 1e6,
            "industry.combustion.boiler": PER_T * 1e5,
            "industry.combustion": PER_T * 2e5,
        },
        rel=1e-6,
    )


def test_species_left_to_the_balance_do_not_overlap(make: Make) -> None:
    """Blast furnace coke of the balance yields CO2 alone, so a row without CO2 stands beside it."""
    balance = BALANCE + "370000,2021,industry,coke,30,万吨,yearbook\n"
    row = "A1,370000,2021,industry.steel.blast_furnace,coke,,30,万吨,{},x"
    beside = make(
        kind="province", activity=f"{HEAD}\n{row.format('CO2')}", energy_balance=balance, folder="a"
    )
    assert carbon(beside)["industry.steel.blast_furnace"] > 0
    twice = make(kind="province", activity=f"{HEAD}\n{row.format('')}", energy_balance=balance, folder="b")
    assert [f.check for f in refused(twice)] == ["overlap"]


def test_a_line_of_a_method_and_activity(make: Make) -> None:
    line = "region,year,line,clinker,clinker_output,source\n370000,2021,1号窑,portland,1000000,x"
    row = "A1,370000,2021,industry.cement.clinker,clinker,,100,万吨,{},x"
    twice = make(activity=f"{HEAD}\n{row.format('')}", clinker_line=line, folder="a")
    (found,) = refused(twice)
    assert (found.check, found.place()) == ("overlap_method", "activity.csv · I2")
    assert "clinker_line.csv" in found.message("en")
    left = make(activity=f"{HEAD}\n{row.format('CO2')}", clinker_line=line, folder="b")
    assert carbon(left)["industry.cement.clinker"] > 0


@pytest.mark.parametrize(
    ("row", "twice"),
    [
        ("A1,370000,2021,agriculture.enteric,dairy_cattle,,1000,头,,x", True),
        ("A1,370000,2021,agriculture.enteric,sheep,,1000,头,,x", False),
        ("A1,370000,2020,agriculture.enteric,dairy_cattle,,1000,头,,x", False),
    ],
)
def test_a_herd_in_two_tables(make: Make, row: str, twice: bool) -> None:
    herd = "region,year,animal,heads,source\n370000,2021,dairy_cattle,1000,x"
    folder = make(activity=f"{HEAD}\n{row}", livestock=herd)
    if twice:
        assert {f.check for f in refused(folder)} == {"overlap_method"}
    else:
        account(load(folder))
