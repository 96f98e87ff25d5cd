"""Labels of balances as the yearbooks print them, of all editions and in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference.energy.balance_name import identify_fuel, identify_item, identify_label
from tongyuan.reference.shelf import shelf

EDITIONS = {
    # China Statistical Yearbook 1999, table 7-3
    "可供消费的能源总量": "supply",
    "年初年末库存差额": "stock_change",
    "1.农、林、牧、渔、水利业": "agriculture",
    "2.工 业": "industry",
    "4.交通运输和邮电通讯业": "transport",
    "5.商业、饮食、物资供销和仓储业": "trade",
    "7.生活消费": "residential",
    # China Statistical Yearbook 2004, table 7-3
    "4.交通运输、仓储及\n邮电通讯业": "transport",
    "5.批发和零售\n贸易餐饮业": "trade",
    # Shandong Statistical Yearbook 2006, table 6-9
    "1.年初库存量": "stock_opening",
    "4.外省(区、市)调入量": "inflow",
    "6.我轮、机在外国加油量": "refuel_abroad",
    "9.外轮、机在我国加油量(-)": "refuel_here",
    "10.年末库存量(-)": "stock_closing",
    "  # 焦炭再投入量(-)": "gas_works_coke",
    " # 运输和输配损失": "loss_transport",
    "(二)第二产业": "",
    "    # 用作原料、材料": "industry_nonenergy",
    "五、平衡差额(+、-)": "balance_difference",
    # Jilin Statistical Yearbook 2016, table 7-13
    "一、可供本地区消费能源量": "supply",
    "(五)我轮机在外国加油量": "refuel_abroad",
    "(五)炼油及煤制油": "refining",
    "其中:油品再投入量(-)": "refining_reinput",
    "1. 交通运输、仓储及邮政业": "transport",
    "2. 批发、零售和住宿、餐饮业": "trade",
    # Fujian Statistical Yearbook 2022, table 6-3
    "Take-in Quantity from Outside of the Province": "inflow",
    "Take-out Quantity from Native Province(-)": "outflow",
    "6.其他行业": "other",
    # Shandong Statistical Yearbook 2008 in English, table 6-8, misprints as printed
    "Input-Output of Engergy Conversion": "transformation",
    "Stock at the Year-beginning": "stock_opening",
    "Allocation over Other Province(-)": "outflow",
    "Coke Re-input(-)": "gas_works_coke",
    "Non-Production Consumption": "residential",
    # as reported of official tables
    "2.进口量": "import",
    "4.出口量(-)": "export",
    "4.交通运输、仓储及邮电通迅业": "transport",
    "Input (-) & Output (+) of Transformation": "transformation",
    "Farming, Forestry, Animal Husbandry, Fishery & Water Conservancy": "agriculture",
}


@pytest.mark.parametrize(("text", "item"), EDITIONS.items())
def test_rows_of_the_editions(text: str, item: str) -> None:
    assert identify_item(text) == item


@pytest.mark.parametrize(
    ("text", "fuel"),
    [
        ("原 煤", "raw_coal"),
        ("其它洗煤", "washed_coal"),
        ("其它石油制品", "other_petroleum"),
        ("Other\nPertroleum\nProducts", "other_petroleum"),
        ("Crude\nCoal", "raw_coal"),
        ("煤合计 Coal Total", "coal"),
        ("能源合计", ""),
        ("神奇燃料", None),
        ("", None),
    ],
)
def test_columns_of_the_editions(text: str, fuel: str | None) -> None:
    assert identify_fuel(text) == fuel


def test_every_name_of_the_shelf_is_known_and_none_twice() -> None:
    for row in shelf("balance_name").to_dicts():
        assert identify_label(row["shelf"], row["name"]) == row["id"]
    known = {name: set(shelf(name)[name]) | {""} for name in ("balance_item", "product")}
    assert all(row["id"] in known[row["shelf"]] for row in shelf("balance_name").to_dicts())


NUMBERS = st.sampled_from(["", "1.", "12、", "三、", "(四)", "（5）", "#", "其中：", "# ", "7 "])


@given(
    NUMBERS, st.sampled_from(shelf("balance_item").to_dicts()), st.sampled_from(["", "(-)", "（＋）", " "])
)
def test_numbering_and_signs_change_nothing(number: str, row: dict[str, str], sign: str) -> None:
    if row["balance_item"] != "recovery":
        bare = row["title_zh"].lstrip("一二三四五六七八九十、0123456789.#") if number else row["title_zh"]
        if row["balance_item"] != "production":
            assert identify_item(number + bare + sign) == row["balance_item"]


@given(st.text(max_size=12))
def test_any_text_is_an_item_or_none(text: str) -> None:
    found = identify_item(text)
    assert found is None or found == "" or found in set(shelf("balance_item")["balance_item"])
