"""A row 合计 among its parts is compared with them and left out; 全省 alone is the province itself."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.cases.conftest import Make

from tongyuan.flows.account.account import account
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.workspace import check, load

HEAD = "region,year,process,product,value,unit,source"
CITIES = ["济南市,2021,energy.power,bituminous,100,万吨,x", "青岛市,2021,energy.power,bituminous,200,万吨,x"]
# 1 Mt and 2 Mt of bituminous coal in power plants, fuel set C
JINAN, QINGDAO = 1741749.7, 3483499.4


def folder(make: Make, *rows: str, head: str = HEAD, region: str = "山东省") -> Path:
    return make(kind="province", region=region, activity="\n".join([head, *rows]))


def carbon(path: Path) -> dict[str, float]:
    emission = account(load(path)).tables["emission"].filter(pl.col("species") == "CO2")
    return dict(emission.group_by("region").agg(pl.col("value").sum()).sort("region").iter_rows())


def said(path: Path, check_: str) -> list[Finding]:
    return [f for f in check(path)[1] if f.check == check_]


@pytest.mark.parametrize(
    "word", ["合计", "总计", "小计", "全省", "全省合计", "合 计", "Total", "Sub-total", "山东省合计"]
)
def test_a_total_below_its_parts_counts_once(make: Make, word: str) -> None:
    path = folder(make, *CITIES, f"{word},2021,energy.power,bituminous,300,万吨,x")
    (left,) = said(path, "total_left_out")
    assert (left.severity, left.row, left.column) == ("notice", 4, "A")
    assert carbon(path) == pytest.approx({"370100": JINAN, "370200": QINGDAO}, rel=1e-6)


def test_a_total_above_its_parts_in_another_unit(make: Make) -> None:
    path = folder(make, "全省,2021,energy.power,bituminous,3,Mt,x", *CITIES)
    assert len(said(path, "total_left_out")) == 1
    assert sum(carbon(path).values()) == pytest.approx(5225249, abs=1)


def test_a_total_that_differs_is_told_with_both_figures(make: Make) -> None:
    path = folder(make, *CITIES, "合计,2021,energy.power,bituminous,330,万吨,x")
    (differs,) = said(path, "total_differs")
    assert differs.severity == "warning"
    assert (differs.values["printed"], differs.values["computed"]) == (330, 300)
    assert differs.values["difference"] == pytest.approx(30)
    assert "330" in differs.message("zh")
    assert "300" in differs.message("zh")
    assert not said(path, "total_left_out")
    assert sum(carbon(path).values()) == pytest.approx(5225249, abs=1)


@pytest.mark.parametrize(("value", "differs"), [("300.1", 0), ("300.2", 1), ("299.9", 0), ("299.8", 1)])
def test_rounding_of_the_terms_is_no_difference(make: Make, value: str, differs: int) -> None:
    # 100.0 + 200.0, each to 0.05, and a total to 0.05: up to 0.15 is rounding
    rows = [row.replace(",100,", ",100.0,").replace(",200,", ",200.0,") for row in CITIES]
    path = folder(make, *rows, f"合计,2021,energy.power,bituminous,{value},万吨,x")
    assert len(said(path, "total_differs")) == differs


def test_the_whole_province_alone_is_the_province(make: Make) -> None:
    path = folder(make, "全省,2021,energy.power,bituminous,300,万吨,x")
    (notice,) = said(path, "total_is_region")
    assert notice.severity == "notice"
    assert "山东省" in notice.message("zh")
    assert carbon(path) == pytest.approx({"370000": JINAN + QINGDAO}, rel=1e-6)


def test_parts_of_one_fuel_do_not_take_the_row_of_another(make: Make) -> None:
    path = folder(make, *CITIES, "全省,2021,energy.power,anthracite,300,万吨,x")
    assert len(said(path, "total_is_region")) == 1
    assert set(carbon(path)) == {"370000", "370100", "370200"}


def test_subtotals_and_a_grand_total(make: Make) -> None:
    boiler = [row.replace("energy.power", "industry.combustion.boiler") for row in CITIES]
    path = folder(
        make,
        *CITIES, "小计,2021,,bituminous,300,万吨,x",
        *boiler, "小计,2021,,bituminous,300,万吨,x",
        "总计,2021,,,600,万吨,x",
    )  # fmt: skip
    assert said(path, "total_left_out")[0].values["count"] == 3
    assert not said(path, "total_differs")
    assert len(check(path)[0].tables["activity"]) == 4  # type: ignore[union-attr]


def test_totals_over_processes_and_rows_of_which(make: Make) -> None:
    path = folder(
        make,
        "山东省,2021,energy.power,bituminous,100,万吨,x",
        "山东省,2021,其中：热电联产,bituminous,40,万吨,x",
        "山东省,2021,industry.combustion.boiler,bituminous,50,万吨,x",
        "山东省,2021,合计,bituminous,150,万吨,x",
    )
    assert [f.row for f in said(path, "total_unchecked")] == [3]
    assert [f.row for f in said(path, "total_left_out")] == [5]
    assert not [f for f in check(path)[1] if f.severity == "error"]


def test_a_total_of_nothing_known_is_an_error(make: Make) -> None:
    path = folder(make, "合计,2021,energy.power,bituminous,300,万吨,x", region="")
    (alone,) = said(path, "total_alone")
    assert alone.severity == "error"
    path = make(
        kind="province", folder="other",
        activity=f"{HEAD}\n山东省,2021,合计,bituminous,150,万吨,x",
    )  # fmt: skip
    assert [f.column for f in said(path, "total_alone")] == ["C"]


def test_plants_and_animals_too(make: Make) -> None:
    head = "region,year,site,site_kind,waste,climate,amount,source"
    rows = [
        "山东省,2021,东,managed_anaerobic,food,temperate_dry,100,x",
        "山东省,2021,西,managed_anaerobic,food,temperate_dry,50,x",
    ]
    path = make(
        landfill_deposit="\n".join(
            [head, *rows, "山东省,2021,合计,managed_anaerobic,food,temperate_dry,150,x"]
        )
    )
    assert len(said(path, "total_left_out")) == 1
    assert check(path)[0].tables["landfill_deposit"]["site"].to_list() == ["东", "西"]  # type: ignore[union-attr]


@pytest.mark.parametrize("word", ["全省", "合计"])
def test_an_observed_mean_of_the_province_is_no_sum(make: Make, word: str) -> None:
    head = "region,period,indicator,value,unit,source"
    rows = ["济南市,2021,pm25,40,µg/m3,x", "青岛市,2021,pm25,28,µg/m3,x", f"{word},2021,pm25,39,µg/m3,x"]
    path = make(kind="province", observation="\n".join([head, *rows]))
    assert len(said(path, "total_is_region")) == 1
    table = check(path)[0].tables["observation"]  # type: ignore[union-attr]
    assert dict(table.select("region", "value").iter_rows()) == {"370100": 40, "370200": 28, "370000": 39}
