"""The head of a balance: title, region, year, fuels and units wherever the yearbook puts them."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.balance.balance_layout import (
    Layout,
    bare_unit,
    counting,
    filled,
    layout_of,
    with_numbers,
    year_in,
)
from tongyuan.ledger.read.sheet import grid_of

FUELS = ["原煤", "焦炭", "天然气", "电力"]
BODY = [
    ["1.一次能源生产量", "1", "2", "3", "4"],
    ["四、终端消费量", "1", "2", "3", "4"],
    ["2.工业", "1", "1", "1", "1"],
]


def layout(*head: list[str | None]) -> Layout:
    rows = [*head, *BODY]
    width = max(map(len, rows))
    full = [[*row, *[None] * (width - len(row))] for row in rows]
    frame = pl.DataFrame(full, schema=[str(i) for i in range(width)], orient="row", infer_schema_length=None)
    found = layout_of(grid_of(frame, header=False))
    assert found is not None
    return found


ROW_OF_UNITS = [None, "万吨", "10^4 t", "亿立方米", "亿千瓦时"]
NAMED = {"B": "万吨", "C": "10^4 t", "D": "亿立方米", "E": "亿千瓦时"}


@pytest.mark.parametrize(
    "head",
    [
        (["项目", *FUELS], ROW_OF_UNITS),
        (ROW_OF_UNITS, ["项目", *FUELS]),
        (["标题"], ROW_OF_UNITS, [None], ["项目", *FUELS]),
        (["项目", *FUELS], ["Item", "Raw Coal", "Coke", "Natural Gas", "Electricity"], ROW_OF_UNITS),
        (["项目", "原煤（万吨）", "焦炭(10^4 t)", "天然气\n（亿立方米）", "电力（亿千瓦时）"],),
    ],
)
def test_units_stand_anywhere_in_the_head(head: tuple[list[str | None], ...]) -> None:
    assert layout(*head).units == NAMED


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        (["5-4 平衡表", None, None, "单位：万吨标准煤"], "万吨标准煤"),
        (["计量单位: 万吨标准煤"], "万吨标准煤"),
        (["单 位：万吨标准煤"], "万吨标准煤"),
        ([None, None, None, None, "(10 000 tons of SCE)"], "10 000 tons of SCE"),
        (["Unit: 10^4 tce"], "10^4 tce"),
    ],
)
def test_one_unit_for_the_sheet(line: list[str | None], unit: str) -> None:
    for head in ((line, ["项目", *FUELS]), (["项目", *FUELS], line)):
        assert layout(*head).units == dict.fromkeys("BCDE", unit)


@pytest.mark.parametrize(
    ("title", "region", "year"),
    [
        ("5-4 河北能源平衡表（实物量）- 2019", "130000", 2019),
        ("全国能源平衡表2019", "100000", 2019),
        ("6-9 能源平衡表(标准量)（2005年）", "", 2005),
        ("Energy Balance of Hebei, 2015", "130000", 2015),
        ("《中国能源统计年鉴2021》 内蒙古能源平衡表（2020年）", "150000", 2020),
    ],
)
def test_region_and_year_stand_anywhere_in_the_title(title: str, region: str, year: int) -> None:
    found = layout([title], ["项目", *FUELS], ROW_OF_UNITS)
    assert (found.region, found.year, found.title) == (region, year, title)


def test_the_year_of_an_edition_is_not_that_of_its_data() -> None:
    assert year_in("中国能源统计年鉴2021") is None
    assert year_in("2021年中国能源统计年鉴") is None
    assert year_in("China Energy Statistical Yearbook 2021, balance of 2020") == 2020
    assert year_in("12020") is None


def test_what_is_no_fuel_is_told_apart() -> None:
    found = layout(["项目", "原煤", "焦炭", "天然气", "电力", "神奇燃料", "电力", "能源合计"])
    assert found.unknown == {"F": "神奇燃料"}
    assert found.twice == {"G": "electricity"}
    assert list(found.products) == ["B", "C", "D", "E"]


def test_bare_units() -> None:
    assert bare_unit("原煤（万吨）") == "万吨"
    assert bare_unit("万吨") == "万吨"
    assert bare_unit("原煤") == ""


def test_rows_that_number_the_columns_hold_no_values() -> None:
    frame = pl.DataFrame(
        {"A": ["甲", "工业", None, None], "B": ["1", "1", "0", "5"], "C": ["2", "2", None, "7"]}
    )
    assert counting(frame, "A", ["B", "C"]) == [True, False, False, False]
    assert filled(frame, ["B", "C"]) == [True, True, False, True]
    units = pl.DataFrame({"B": ["10^4 t", "0.00", "5①", None], "C": ["108 m3", "-", None, "1,5"]})
    assert filled(units, ["B", "C"]) == [False, False, True, True]
    assert filled(pl.DataFrame({"B": ["1", "0", " 1.0 "]}), ["B"]) == [True, False, True]  # 1 is a unit, too
    assert with_numbers(units, "C")
    assert not with_numbers(pl.DataFrame({"C": ["2019年调整", "0", None, "-"]}), "C")
