"""The yearbook's energy balance becomes a long table."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from tongyuan.ledger.balance.balance import from_sheet
from tongyuan.ledger.balance.balance_layout import layout_of
from tongyuan.ledger.read.read import read
from tongyuan.ledger.read.sheet import grid_of
from tongyuan.reference.energy.balance_name import identify_fuel, identify_item
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
    layout = layout_of(page)
    assert layout is not None
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
    assert layout.products["D"] == "natural_gas"


def test_a_long_table_is_not_mistaken_for_a_yearbook_page() -> None:
    long = sheet(
        ["地区", "年份", "平衡表行", "能源品种", "数值"], *[["山东", 2021, "1.火力发电", "原煤", 3]] * 20
    )
    assert layout_of(long) is None


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


@pytest.mark.parametrize(("year", "wrong"), [(2019, []), (2020, ["balance_sum", "balance_closure"])])
def test_the_national_balance_closes_but_for_one_misprint(
    tmp_path: Path, year: int, wrong: list[str]
) -> None:
    """China Energy Statistical Yearbook 2020 and 2021, national balance in standard coal, every column.

    As handed down in the open data of the Energy Policy Simulator 3.3.1; 164,036 of LNG is 1,640.36.
    """
    cells = pl.read_csv(Path(__file__).with_name("national.csv")).filter(pl.col("year") == year)
    wide = cells.drop("year")
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
    printed = wide.filter(pl.col("item") == "四.终端消费量")["原煤 Raw Coal"]
    assert total["value"].to_list() == printed.to_list()


def test_shandong_2021_closes_in_every_column() -> None:
    """The balance of the example world, all 29 columns; that of 2014 has two columns and says so."""
    with as_file(files("tongyuan.ledger") / "examples" / "province" / "tables" / "能源平衡表.xlsx") as book:
        reading = read(book, region="370000")
    assert [(f.check, f.values["year"]) for f in reading.findings] == [("balance_incomplete", 2014)]
    assert reading.tables["energy_balance"].filter(pl.col("year") == 2021)["product"].n_unique() == 29


# Shandong Statistical Yearbook 2006, table 6-9 (2005): columns of raw coal and coke as printed.
OLD = (
    ["6-9 能源平衡表(标准量)"],
    ["(2005年)", None, "单位：万吨标准煤"],
    ["类    别", "原 煤", "洗精煤", "焦 炭"],
    ["一、可供本地区消费的能源量", "20092.2", "-1897.2", "494.7"],
    ["1.年初库存量", "768.7", "103.0", "30.1"],
    ["2.一次能源生产量", "10021.6", None, None],
    ["3.回收能", None, None, None],
    ["4.外省(区、市)调入量", "10831.6", None, "533.3"],
    ["7.本省(区、市)调出量(-)", "-520.7", "-1168.7", None],
    ["8.出口量(-)", None, "-720.9", None],
    ["10.年末库存量(-)", "-1009.1", "-110.6", "-68.7"],
    ["二、加工转换投入(-)产出(+)量", "-13728.2", "2170.6", "1439.2"],
    ["1.火力发电", "-7432.6", "-38.0", "-0.1"],
    ["2.供 热", "-1530.0", "-1.5", None],
    ["3.煤炭洗选", "-4581.9", "3931.4", None],
    ["4.炼 焦", "-175.8", "-1660.5", "1440.8"],
    ["6.制 气", "-4.0", "-59.2", None],
    ["  # 焦炭再投入量(-)", None, None, "-1.4"],
    ["7.煤制品加工", "-3.9", "-1.6", None],
    ["三、损失量", None, None, None],
    [" # 运输和输配损失", None, None, None],
    ["四、终端消费量", "6423.0", "273.3", "1934.0"],
    ["(一)第一产业", "184.3", None, None],
    ["  1.农、林、牧、渔业", "184.3", None, None],
    ["(二)第二产业", "5602.4", "273.3", "1934.0"],
    ["  1.工 业", "5557.8", "273.3", "1934.0"],
    ["    # 用作原料、材料", None, None, None],
    ["  2.建筑业", "44.6", None, None],
    ["(三)第三产业", "199.9", None, None],
    ["  1.交通运输、仓储和邮政业", "78.4", None, None],
    ["  2.批发、零售业和住宿、餐饮业", "70.8", None, None],
    ["  3.其 他", "50.7", None, None],
    ["(四)生活消费", "436.4", None, None],
    ["  1.城 镇", "153.6", None, None],
    ["  2.乡 村", "282.9", None, None],
    ["五、平衡差额(+、-)", "-59.1", "0.1", "-0.1"],
)


def test_a_balance_of_2005_is_read_whole_and_closes() -> None:
    frame, findings = from_sheet(sheet(*OLD), region="370000")
    assert {f.check for f in findings} == {"balance_sign"}
    assert frame["year"].unique().to_list() == [2005]
    cells = {(r["item"], r["product"]): r["value"] for r in frame.to_dicts()}
    assert cells["stock_opening", "raw_coal"] == 768.7
    assert cells["stock_closing", "raw_coal"] == 1009.1
    assert cells["industry", "coke"] == 1934.0
    assert cells["transport", "raw_coal"] == 78.4
    assert not {i for i, _ in cells} & {"", "secondary"}


def test_a_slip_in_an_old_balance_is_found() -> None:
    wrong = [[*row] for row in OLD]
    wrong[4][1] = "868.7"
    (found,) = [f for f in from_sheet(sheet(*wrong), region="370000")[1] if f.check == "balance_sum"]
    assert found.values["difference"] == pytest.approx(-100.0, abs=0.11)


# Shandong Statistical Yearbook 2008, English edition, table 6-8 (2007): raw coal and coke as printed.
ENGLISH = (
    ["6-8 Energy Balance Sheet (Standard Volume, 2007)"],
    [None, None, None, "(10 000 tons of SCE)"],
    ["Category", "Crude\nCoal", "Coal\nWashing", "Coke"],
    ["Total Energy Available for Local Consumption", "24489.9", "-1621.7", "-182.3"],
    ["Stock at the Year-beginning", "1222.2", "164.3", "90.1"],
    ["Primary Energy Output", "10526.3", None, None],
    ["Recovery of Energy", None, None, None],
    ["Allocation from Other Province (Region or City)", "15357.5", None, None],
    ["Allocation over Other Province(-)", "-1178.6", "-1377.0", "-146"],
    ["Exports (-)", "0", "-169.7", None],
    ["Stock at the Year-end(-)", "-1437.5", "-239.3", "-126.8"],
    ["Input-Output of Engergy Conversion", "-17676.6", "2038.5", "2683.4"],
    ["Thermal Power", "-8489.3", "-16.6", "-4.0"],
    ["Heating", "-2484.9", "0.0", "-11.8"],
    ["Coal Washing", "-6324.2", "5381.2", "0"],
    ["Coking", "-247.9", "-3326.1", "2699.1"],
    ["Coke Re-input(-)", "0", "0", "0"],
    ["Coal Products Processing", "-130.4", "0.0", "0"],
    ["Losses", None, None, None],
    ["Final Consumption", "6813.5", "414.9", "2503.5"],
    ["Primary Industry", "195.7", "0", "0"],
    ["Farming,Forestry,Animal Husbandry,", "195.7", "0", "0"],
    ["Industry", "5960.2", "414.9", "2503.5"],
    ["Construction", "43.6", "0", "0"],
)


def test_an_english_balance_is_read_alike() -> None:
    frame, findings = from_sheet(sheet(*ENGLISH), region="370000")
    assert not [f for f in findings if f.severity == "error"]
    cells = {(r["item"], r["product"]): (r["value"], r["unit"]) for r in frame.to_dicts()}
    assert cells["industry", "coke"] == (2503.5, "10 000 tons of SCE")
    assert cells["coal_washing", "cleaned_coal"] == (5381.2, "10 000 tons of SCE")
    assert cells["outflow", "coke"] == (146.0, "10 000 tons of SCE")
    assert frame["year"].unique().to_list() == [2007]


def placed(*rows: list[object], **given: object):  # type: ignore[no-untyped-def]
    frame, findings = from_sheet(sheet(*rows), file="f.xlsx", **given)  # type: ignore[arg-type]
    return frame, [f for f in findings if f.severity == "error"]


HEAD: list[object] = ["项目", "原煤（万吨）", "焦炭（万吨）", "原油（万吨）"]
ROWS: tuple[list[object], ...] = (
    ["1.一次能源生产量", 3, 1, 1],
    ["四、终端消费量", 3, 1, 1],
    ["2.工业", 3, 1, 1],
)


def test_a_row_or_column_that_cannot_be_placed_is_an_error_at_its_cell() -> None:
    title: list[object] = ["山东能源平衡表2020"]
    _, found = placed(title, HEAD, *ROWS, ["9.外星业", 5, None, None])
    assert [(f.check, f.row, f.column) for f in found] == [("unknown_balance_item", 6, "A")]
    _, found = placed(title, HEAD, *ROWS, [None, 5, None, None])
    assert [(f.check, f.row) for f in found] == [("unknown_balance_item", 6)]
    _, found = placed(title, [*HEAD, "神奇燃料"], *([*row, 2] for row in ROWS))
    assert [(f.check, f.row, f.column) for f in found] == [("unknown_balance_fuel", 2, "E")]
    _, found = placed(title, [*HEAD, None], *([*row, 2] for row in ROWS))
    assert [(f.check, f.column) for f in found] == [("unknown_balance_fuel", "E")]
    _, found = placed(title, [*HEAD, "原煤（万吨）"], *([*row, 2] for row in ROWS))
    assert [(f.check, f.column) for f in found] == [("balance_fuel_twice", "E")]


def test_notes_and_blank_columns_are_no_errors() -> None:
    title: list[object] = ["山东能源平衡表2020"]
    numbered: list[object] = ["甲", 1, 2, 3]
    frame, found = placed(
        title, [*HEAD, "神奇燃料", "备注"], numbered, *([*r, None, "见注"] for r in ROWS), ["注：1.本表"]
    )
    assert found == []
    assert frame.filter(pl.col("item") == "industry")["value"].to_list() == [3.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("title", "region", "conflict"),
    [
        ("5-4 河北能源平衡表2020", "130000", False),
        ("5-4 河北能源平衡表2020", "100000", False),
        ("5-4 河北能源平衡表2020", "130100", False),
        ("5-4 河北能源平衡表2020", "某园区", False),
        ("5-4 河北能源平衡表2020", "", False),
        ("5-4 河北能源平衡表2020", "370000", True),
    ],
)
def test_the_title_goes_first_and_a_contradiction_is_an_error(
    title: str, region: str, conflict: bool
) -> None:
    frame, found = placed([title], HEAD, *ROWS, region=region)
    assert frame["region"].unique().to_list() == ["130000"]
    assert [f.check for f in found] == (["balance_region_conflict"] if conflict else [])


def test_the_name_of_the_sheet_may_not_contradict_the_title() -> None:
    _, found = placed(["河北能源平衡表2020"], HEAD, *ROWS, label="山东")
    assert [f.check for f in found] == ["balance_region_conflict"]


def test_several_regions_and_years_in_columns_of_their_own() -> None:
    head: list[object] = ["地区", "年份", *HEAD]
    rows = [[place, year, *row] for place, year in (("山东", 2020), ("河北省", "2021年")) for row in ROWS]
    frame, found = placed(head, *rows)
    assert found == []
    assert frame.select("region", "year").unique(maintain_order=True).rows() == [
        ("370000", 2020),
        ("130000", 2021),
    ]
    _, found = placed(["山东能源平衡表2020"], head, *rows)
    assert {f.check for f in found} == {"balance_region_conflict"}


def test_recovery_above_transformation_is_supply() -> None:
    old = [["3.回收能", 7, None, None], ["二、加工转换投入(-)产出(+)量", -1, 0, 0], ["1.火力发电", -1, 0, 0]]
    frame, _ = placed(["山东能源平衡表2001"], HEAD, *ROWS[:1], *old, *ROWS[1:])
    assert frame.filter(pl.col("value") == 7)["item"].to_list() == ["recovery"]
    new = [*old[1:], ["9.回收能", 7, None, None]]
    frame, _ = placed(["山东能源平衡表2021"], HEAD, *ROWS[:1], *new, *ROWS[1:])
    assert frame.filter(pl.col("value") == 7)["item"].to_list() == ["energy_recovery"]


def test_a_long_balance_knows_the_same_names(tmp_path: Path) -> None:
    path = tmp_path / "能源平衡表.csv"
    lines = [
        "地区,年份,平衡表行,能源品种,数值,单位,来源",
        "全国,2019,2.进口量,其它石油制品,5,万吨,x",
        "全国,2019,4.出口量(-),原煤 Raw Coal,3,万吨,x",
        "全国,2019,3.回收能,其它煤气,2,亿立方米,x",
        "全国,2019,一.可供本地区消费的能源量,煤制品,2,万吨,x",
        "全国,2019,二、加工转换投入(-)产出(+)量,其它煤气,1,亿立方米,x",
        "全国,2019,4.交通运输、仓储及邮电通迅业,柴油,4,万吨,x",
        "全国,2019,四.终端消费量,能源合计 Energy Total (电热当量计算法),9,万吨标准煤,x",
        "全国,2019,水电,电力,9,亿千瓦时,x",
        "全国,2019,(二)第二产业,柴油,9,万吨,x",
    ]
    path.write_text("\n".join(lines), "utf-8")
    reading = read(path)
    assert not [f for f in reading.findings if f.severity == "error"]
    assert [f.values["count"] for f in reading.findings if f.check == "balance_passed_over"] == [3]
    assert not [f for f in reading.findings if f.check.startswith("total_")]
    table = reading.tables["energy_balance"]
    assert table["region"].unique().to_list() == ["100000"]
    items = ["import", "export", "recovery", "supply", "transformation", "transport"]
    assert table["item"].to_list() == items
    assert table["product"].to_list()[:4] == ["other_petroleum", "raw_coal", "other_gas", "briquette"]
