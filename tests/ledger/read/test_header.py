"""Headers are matched by id and title, with or without unit, in either language."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.ledger.read.header import find_header, match, table_called, table_of, values_in
from tongyuan.ledger.read.sheet import grid_of


@pytest.mark.parametrize(
    ("text", "name", "unit"),
    [
        ("value", "value", ""),
        ("数值", "value", ""),
        ("Value*", "value", ""),
        ("数值（万吨）*", "value", "万吨"),
        ("数值 (10^4 t)", "value", "10^4 t"),
        ("Uncertainty [%]", "uncertainty", "%"),
        ("数值，万吨", "value", "万吨"),
        ("年　份", "year", ""),
        ("ＹＥＡＲ", "year", ""),
    ],
)
def test_a_header_names_its_column_and_unit(text: str, name: str, unit: str) -> None:
    found = match("activity", text)
    assert found is not None
    assert (found[0].name, found[1]) == (name, unit)


def test_a_title_with_brackets_of_its_own_is_matched_whole() -> None:
    found = match("factor", "下限（95%）")
    assert found is not None
    assert found[0].name == "lower"


def test_other_words_match_nothing() -> None:
    assert match("activity", "负责人") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("活动水平", "activity"),
        ("Activity", "activity"),
        ("activity_2021", "activity"),
        ("能源平衡表 2014", "energy_balance"),
        ("2021-活动水平", "activity"),
        ("活动水平说明", None),
        ("Sheet1", None),
    ],
)
def test_tables_are_called_by_name(text: str, name: str | None) -> None:
    assert table_called(text) == name


def test_a_sheet_is_recognised_by_its_headers_only_when_one_table_fits() -> None:
    columns = ["地区", "年份", "工艺过程", "燃料或产品", "数值", "单位", "来源"]
    sheet = grid_of(pl.DataFrame({c: ["x"] for c in columns}))
    assert table_of(sheet, ["activity", "observation", "control"]) == "activity"
    assert table_of(sheet, ["observation"]) is None
    header = find_header("activity", sheet)
    assert header is not None
    assert header.position == 0
    assert values_in(sheet.grid, "A") == 2


def test_one_column_is_enough_where_it_is_all_the_table_requires() -> None:
    nodes = grid_of(pl.DataFrame({"node": ["SD", "HE"]}))
    header = find_header("node", nodes)
    assert header is not None
    assert {letter: c.name for letter, c in header.columns.items()} == {"A": "node"}
    assert find_header("node", grid_of(pl.DataFrame({"节点": ["SD"]}))) is not None
    # not where more is required, where something unknown stands beside it, or where it is another column
    assert find_header("activity", grid_of(pl.DataFrame({"region": ["SD"]}))) is None
    assert find_header("node", grid_of(pl.DataFrame({"node": ["SD"], "colour": ["red"]}))) is None
    assert find_header("node", grid_of(pl.DataFrame({"title_zh": ["山东"]}))) is None
    # a sheet without a name is not guessed from one word
    assert table_of(nodes, ["node", "period"]) is None
