"""The yearbook's energy balance becomes a long table."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tongyuan.ledger.balance import from_sheet, identify_fuel, identify_item, is_wide, letters_of
from tongyuan.ledger.read import read
from tongyuan.ledger.sheet import grid_of
from tongyuan.reference.shelf import shelf


def sheet(*rows: list[object]):  # type: ignore[no-untyped-def]
    width = max(map(len, rows))
    full = [[*(None if v is None else str(v) for v in r), *[None] * (width - len(r))] for r in rows]
    return grid_of(pl.DataFrame(full, schema=[str(i) for i in range(width)], orient="row"), header=False)


WIDE = (
    ["山东能源平衡表（实物量）-2021"],
    ["项目", "原煤", "焦炭", "天然气", "电力", "煤合计"],
    ["Item", "Raw Coal", "Coke", "Natural Gas", "Electricity", "Coal Total"],
    [None, "（万吨）", "（万吨）", "（亿立方米）", "（亿千瓦时）", "（万吨）"],
    ["一、可供本地区消费的能源量", 100, "-10", 5, None, 100],
    ["1.一次能源生产量", 120, None, 5, None, 120],
    ["2.外省（区、市）调入量", "20.00", "…", None, None, 20],
    ["5.本省（区、市）调出量（-）", "-40", "-10", None, None, "-40"],
    ["6.出口量（-）", None, None, None, None, None],
    ["二、加工转换投入（-）产出（+）量", -60, 30, None, 40, -60],
    ["1.火力发电", -40, None, None, 40, -40],
    ["4.炼焦", -20, 30, None, None, -20],
    ["三、损失量", None, None, 1, 2, None],
    ["四、终端消费量", 40, 20, 4, 38, 40],
    ["2.工业", 30, 20, 2, 30, 30],
    ["#用作原料、材料", 3, None, None, None, 3],
    ["7.居民生活", 10, None, 2, 8, 10],
    ["城镇", 4, None, 2, 5, 4],
    ["乡村", 6, None, None, 3, 6],
    ["五、平衡差额", None, None, None, None, None],
)


def test_a_yearbook_page_is_read() -> None:
    page = sheet(*WIDE)
    assert is_wide(page)
    frame, findings = from_sheet(page, file="f.xlsx", region="370000")
    assert {f.check for f in findings} <= {"balance_sign", "balance_incomplete"}
    assert frame["year"].unique().to_list() == [2021]
    cells = {(r["item"], r["product"]): (r["value"], r["unit"]) for r in frame.to_dicts()}
    assert cells["production", "raw_coal"] == (120.0, "万吨")
    assert cells["outflow", "raw_coal"] == (40.0, "万吨")
    assert cells["supply", "natural_gas"] == (5.0, "亿立方米")
    assert cells["residential_urban", "electricity"] == (5.0, "亿千瓦时")
    assert not frame.filter(pl.col("product") == "coal").height
    assert frame["_place"][0] == "f.xlsx||5"
    assert letters_of(page)["natural_gas"] == "D"


def test_a_long_table_is_not_mistaken_for_a_yearbook_page() -> None:
    long = sheet(
        ["地区", "年份", "平衡表行", "能源品种", "数值"], *[["山东", 2021, "1.火力发电", "原煤", 3]] * 20
    )
    assert not is_wide(long)


@pytest.mark.parametrize(
    "text", ["1.火力发电", "火力发电", "（一）火力发电", " 1、火力 发电 ", "Thermal power", "Thermal Power"]
)
def test_items_are_known_whatever_their_number(text: str) -> None:
    assert identify_item(text) == "thermal_power"


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("8.库存增(-)、减(+)量", "stock_change"),
        ("#用作原料、材料", "industry_nonenergy"),
        ("4.出口量(-)", "export"),
        ("水电", ""),
        ("外星", None),
    ],
)
def test_items_with_signs(text: str, item: str | None) -> None:
    assert identify_item(text) == item


def test_every_item_of_the_shelf_is_known_by_both_titles() -> None:
    for row in shelf("balance_item").to_dicts():
        assert identify_item(row["title_zh"]) == row["balance_item"]
        assert identify_item(row["title_en"]) == row["balance_item"]


@pytest.mark.parametrize(
    ("text", "fuel"),
    [
        ("原煤 Raw Coal", "raw_coal"),
        ("原煤\n（万吨）", "raw_coal"),
        ("煤合计 Coal Total", "coal"),
        ("能源合计 Energy Total (发电煤耗计算法)", ""),
        ("LPG", "lpg"),
        ("神奇燃料", None),
    ],
)
def test_fuels_are_known_in_both_languages(text: str, fuel: str | None) -> None:
    assert identify_fuel(text) == fuel


def test_words_among_numbers_and_missing_units_are_told() -> None:
    rows = [
        ["项目", "原煤", "焦炭", "原油"],
        ["四、终端消费量", "若干", 1, 1],
        ["2.工业", 1, 1, 1],
        ["7.居民生活", 0, 0, 0],
    ]
    _, findings = from_sheet(sheet(*rows), file="f", region="x", year=2020)
    found = {f.check for f in findings}
    assert {"not_a_number", "balance_no_unit"} <= found


def test_another_sheet_is_refused() -> None:
    frame, findings = from_sheet(sheet(["a", "b"], [1, 2]))
    assert frame.height == 0
    assert [f.check for f in findings] == ["balance_no_header"]


@pytest.mark.shared_data
@pytest.mark.parametrize(("year", "wrong"), [(2019, []), (2020, ["balance_sum", "balance_closure"])])
def test_the_national_balance_closes_but_for_one_misprint(
    shared_data: Path, tmp_path: Path, year: int, wrong: list[str]
) -> None:
    source = shared_data / "activity" / "nbs_balance_2019_2020" / "energy_balance_tce_2019_2020.csv"
    cells = pl.read_csv(source).filter(pl.col("year") == year)
    wide = cells.pivot("fuel", index="item", values="value", aggregate_function="first")
    path = tmp_path / f"全国{year}.xlsx"
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet(f"全国{year}")
    page.write(0, 0, "单位：万吨标准煤")
    page.write_row(1, 0, ["项目", *wide.columns[1:]])
    for r, row in enumerate(wide.rows(), start=2):
        for c, cell in enumerate(row):
            if cell is not None:
                page.write(r, c, cell)
    book.close()
    reading = read(path, region="100000")
    assert [f.check for f in reading.findings] == wrong
    assert reading.tables["energy_balance"]["unit"].unique().to_list() == ["万吨标准煤"]
    total = reading.tables["energy_balance"].filter(
        (pl.col("item") == "final") & (pl.col("product") == "raw_coal")
    )
    printed = cells.filter((pl.col("item") == "四.终端消费量") & pl.col("fuel").str.starts_with("原煤"))
    assert total["value"].to_list() == printed["value"].to_list()


@pytest.mark.shared_data
def test_shandong_2021_closes_in_every_column(shared_facts: Path, tmp_path: Path) -> None:
    facts = pl.read_csv(shared_facts / "demo_shandong.csv", infer_schema=False)
    cells = facts.filter(
        (pl.col("domain") == "energy")
        & (pl.col("year") == "2021")
        & (pl.col("unit") != "Mtce")
        & (pl.col("fuel_or_product") != "")
    ).with_columns(pl.col("value").cast(pl.Float64))
    units = dict(cells.select("fuel_or_product", "unit").iter_rows())
    wide = cells.pivot("fuel_or_product", index="process", values="value", aggregate_function="first")
    fuels = wide.columns[1:]
    rows = [["Item", *fuels], [None, *[units[f] for f in fuels]], *map(list, wide.rows())]
    frame, findings = from_sheet(sheet(*rows), region="370000", year=2021)
    assert findings == []
    assert frame["product"].n_unique() == 29
