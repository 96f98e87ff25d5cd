"""366 days in a leap year are a whole year, as an empty cell says; 366 days of 2021 are refused."""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import check, load

HEAD = "region,year,animal,heads,throughput,days,water_removal,source"


def emission(folder: object) -> dict[tuple[str, str], float]:
    rows = account(load(folder)).tables["emission"]  # type: ignore[arg-type]
    sums = rows.group_by("process", "species").agg(pl.col("value").sum())
    return {(p, s): v for p, s, v in sums.iter_rows()}


@pytest.mark.parametrize("year", [2020, 2021, 2024])
def test_all_year_is_what_an_empty_cell_says(make: Make, year: int) -> None:
    days = 366 if year % 4 == 0 else 365
    whole = emission(make(folder="a", livestock=f"{HEAD}\n370000,{year},dairy_cattle,1000,,{days},0.86,x"))
    empty = emission(make(folder="b", livestock=f"{HEAD}\n370000,{year},dairy_cattle,1000,,,0.86,x"))
    assert whole == pytest.approx(empty)
    assert whole["agriculture.enteric", "CH4_biogenic"] == pytest.approx(68.0)
    # 第一次全国污染源普查: 3.879 kg COD per dairy cow and day, 86 % removed; the days are those of the year
    assert whole["agriculture.manure", "COD"] == pytest.approx(1000 * 3.879 * days * 0.14 / 1000)


@pytest.mark.parametrize(("year", "days"), [(2020, 367), (2021, 366), (1900, 366)])
def test_more_days_than_the_year_has(make: Make, year: int, days: int) -> None:
    folder = make(livestock=f"{HEAD}\n370000,{year},dairy_cattle,1000,,{days},,x")
    _, findings = check(folder)
    if days > 366:
        assert [f.check for f in findings] == ["above_maximum"]
        return
    with pytest.raises(FindingError) as error:
        account(load(folder))
    assert [f.check for f in error.value.findings] == ["days-beyond-year"]
    assert error.value.findings[0].column == "days"


def test_a_share_of_the_year_is_days_over_the_days_of_that_year(make: Make) -> None:
    rows = "\n".join(f"370000,{year},pig,,366000,122,,x" for year in (2020, 2021))
    done = account(load(make(livestock=f"{HEAD}\n{rows}"))).tables["emission"]
    enteric = done.filter(pl.col("process") == "agriculture.enteric").sort("year")["value"].to_list()
    # 366,000 pigs · 122 days / 366 = 122,000 on average; 1.5 kg CH4 a year each (GB/T 32151.22 table C.3)
    assert enteric == pytest.approx([183.0, 183.0 * 366 / 365])


def test_rice_may_not_stand_longer_than_the_year(make: Make) -> None:
    head = "region,year,water,preseason,area_harvested,days,source"
    with pytest.raises(FindingError) as error:
        account(load(make(rice_field=f"{head}\n370000,2021,continuous,季前排水少于180天,1000,366,x")))
    assert "days-beyond-year" in [f.check for f in error.value.findings]
