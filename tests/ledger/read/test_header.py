"""Headers are matched by id and title, with or without unit, in either language."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tongyuan.ledger.read.header import find_header, match, table_called, table_of, values_in
from tongyuan.ledger.read.read import read
from tongyuan.ledger.read.sheet import grid_of
from tongyuan.ledger.table import read_resource


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


def test_a_laboratory_writes_symbols_and_they_are_read(tmp_path: Path) -> None:
    """Mt, Mad, Cad in per cent; the heating value in MJ/kg comes to kJ/kg."""
    head = '企业,样品编号,煤种,代表起,代表止,代表煤量,Mt(%),Mad(%),Cad(%),"St,ad(%)","Qnet,ar(MJ/kg)"'
    file = tmp_path / "燃料样品.csv"
    file.write_text(f"{head}\nE1,S1,烟煤,2026-01-01,2026-01-31,60000,9.0,3.0,58.0,0.8,21.5\n", "utf-8")
    reading = read(file)
    assert [f.check for f in reading.findings if f.severity == "error"] == []
    row = reading.tables["fuel_sample"].row(0, named=True)
    assert [row[c] for c in ("moisture_ar", "moisture_ad", "carbon", "sulphur")] == [9.0, 3.0, 58.0, 0.8]
    assert (row["heat_net"], row["basis"], row["heat_basis"]) == (21500.0, "ad", "ar")
    assert row["product"] == "bituminous"


def test_every_alias_names_a_column_of_its_table() -> None:
    for name, header, column in read_resource("header_alias.csv").iter_rows():
        found = match(name, header)
        assert found is not None, header
        assert found[0].name == column, header
