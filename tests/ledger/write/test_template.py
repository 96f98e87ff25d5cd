"""Templates are made from the schema, are read back, and check what is typed into them."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tongyuan.ledger.read.read import read
from tongyuan.ledger.table import table
from tongyuan.ledger.write.excel import TEMPLATE_VERSION
from tongyuan.ledger.write.template import DICTIONARY, input_tables, options, write_template
from tongyuan.reference.shelf import Language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_template_is_read_without_complaint(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, language=language)
    reading = read(path)
    assert set(reading.tables) == set(input_tables())
    assert {f.check for f in reading.findings} == {"no_rows"}
    assert all(frame.is_empty() for frame in reading.tables.values())


def test_a_template_has_headers_comments_dropdowns_and_a_hidden_dictionary(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, ["activity", "factor"])
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["填写说明", "活动水平", "本地因子", DICTIONARY]
    assert book[DICTIONARY].sheet_state == "hidden"
    assert [c.value for c in book[DICTIONARY][1]][:4] == [
        "template_version",
        TEMPLATE_VERSION,
        "language",
        "zh",
    ]
    page = book["活动水平"]
    heads = [cell.value for cell in page[1]]
    assert "数值*" in heads
    assert "不确定度（%）" in heads
    assert page.freeze_panes == "A2"
    assert all(cell.comment is not None for cell in page[1])
    assert page["A2"].value.startswith("示例：")
    rules = {str(rule.sqref).partition("2")[0]: rule for rule in page.data_validations.dataValidation}
    letter = page.cell(1, heads.index("燃料或产品") + 1).column_letter
    assert rules[letter].type == "list"
    assert rules[letter].formula1.startswith(DICTIONARY)
    number = page.cell(1, heads.index("数值*") + 1).column_letter
    assert (rules[number].type, rules[number].operator) == ("decimal", "greaterThanOrEqual")


def test_what_a_dropdown_offers_is_what_the_reader_accepts() -> None:
    from tongyuan.ledger.read.lookup import lookup

    for name in input_tables():
        for column in table(name).columns:
            names = lookup(column)
            if names is None:
                continue
            for language in ("zh", "en"):
                offered = options(column, language)  # type: ignore[arg-type]
                assert all(names.resolve(text) is not None for text in offered), (name, column.name)


def test_rows_typed_below_the_example_are_read(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, ["activity"])
    book = openpyxl.load_workbook(path)
    page = book["活动水平"]
    heads = {str(cell.value).strip("*"): cell.column for cell in page[1]}
    typed = {
        "地区": "山东省",
        "年份": 2021,
        "工艺过程": "火力发电",
        "燃料或产品": "原煤",
        "数值": 3,
        "单位": "万吨",
        "来源": "x",
    }
    for head, value in typed.items():
        page.cell(3, heads[head], value)
    book.save(path)
    reading = read(path)
    assert reading.tables["activity"]["value"].to_list() == [3.0]
    assert {f.check for f in reading.findings} <= {"example_row", "unknown_region"}


def test_the_same_template_has_the_same_bytes(tmp_path: Path) -> None:
    write_template(tmp_path / "a.xlsx", ["control"])
    write_template(tmp_path / "b.xlsx", ["control"])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_an_unknown_table_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_template(tmp_path / "a.xlsx", ["nonsense"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("kind", "left"), [("park", True), ("enterprise", True), ("city", False), ("", False)]
)
def test_lists_of_a_park_hold_what_occurs_there(tmp_path: Path, kind: str, left: bool) -> None:
    path = tmp_path / "template.xlsx"
    write_template(path, ["activity"], kind=kind)
    sheet = openpyxl.load_workbook(path)[DICTIONARY]
    lists = {
        column[0].value: {cell.value for cell in column[1:] if cell.value}
        for column in sheet.iter_cols(min_col=9)
    }
    for name, here, not_here in (
        (
            "reference.process",
            {"火力发电", "水泥熟料", "工业废水", "制冷"},
            {"肠道发酵", "水稻种植", "居民生活", "林地"},
        ),
        ("reference.product", {"原煤", "水泥熟料"}, {"奶牛", "水稻"}),
    ):
        assert here <= lists[name]
        assert not not_here & lists[name] if left else not_here <= lists[name]
    assert {f.check for f in read(path).findings} == {"no_rows"}
