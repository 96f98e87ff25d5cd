"""A city records the desulphurisers of its power plants for the second year only (SO2 rose by 72 %)."""

from __future__ import annotations

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import Account, account
from tongyuan.ledger.workspace import load

ACTIVITY = """region,year,process,product,value,unit,source
370100,2020,火力发电,原煤,2000,万吨,x
370100,2021,火力发电,原煤,2100,万吨,x
"""
CONTROL = "region,year,process,product,control,applied,source\n"


def of(make: Make, *controls: str, settings: str = "", folder: str = "w") -> Account:
    tables = {"activity": ACTIVITY}
    if controls:
        tables["control"] = CONTROL + "\n".join(controls)
    return account(load(make(settings, kind="city", region="济南市", folder=folder, **tables)))


def sulphur(done: Account) -> dict[int, float]:
    rows = done.tables["emission"].filter(pl.col("species") == "SO2", pl.col("origin") != "control")
    return dict(rows.group_by("year").agg(pl.col("value").sum()).iter_rows())


FGD = {year: f"370100,{year},火力发电,原煤,湿法脱硫,0.95,x" for year in (2020, 2021)}


def test_recording_a_device_does_not_raise_what_it_removes(make: Make) -> None:
    without, one = of(make), of(make, FGD[2021], folder="one")
    assert sulphur(one) == pytest.approx(sulphur(without))
    assert sulphur(one)[2021] / sulphur(one)[2020] == pytest.approx(1.05, abs=0.2)
    emission = one.tables["emission"].filter(pl.col("species") == "SO2", pl.col("origin") != "control")
    assert set(emission["basis"]) == {"after_control"}
    assert "basis_after_control" in {f.check for f in one.findings}


@pytest.mark.parametrize("years", [(2020,), (2021,), (2020, 2021)])
def test_in_any_mix_of_years(make: Make, years: tuple[int, ...]) -> None:
    without = sulphur(of(make))
    fitted = sulphur(of(make, *(FGD[y] for y in years), folder="fitted"))
    assert all(fitted[y] <= without[y] * (1 + 1e-9) for y in without)


def test_another_device_in_series_lowers_it_or_leaves_it(make: Make) -> None:
    both = [FGD[2020], FGD[2021]]
    dust = [f"370100,{y},火力发电,原煤,静电除尘,1,x" for y in (2020, 2021)]
    less, more = sulphur(of(make, *both)), sulphur(of(make, *both, *dust, folder="more"))
    assert all(more[y] <= less[y] * (1 + 1e-9) for y in less)


def test_before_control_by_choice_falls_with_the_device(make: Make) -> None:
    chosen = '[account]\nbasis = "before_control"\n'
    done = of(make, FGD[2021], settings=chosen)
    assert sulphur(done)[2021] < 0.2 * sulphur(done)[2020]
    emission = done.tables["emission"].filter(pl.col("species") == "SO2", pl.col("origin") != "control")
    assert set(emission["basis"]) == {"before_control"}
