import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.report.base.block import Column, TableBlock
from tongyuan.report.word.table import EMPTY, TEXT_WIDTH, WIDE_WIDTH, table, widths

CELL = st.text("甲乙丙 abcdef0123–", max_size=60)


def block(rows, **more):
    return TableBlock("表", (Column("名称"), Column("数量", numeric=True), Column("来源")), rows, **more)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6), st.booleans())
def test_columns_fill_the_type_area_and_none_vanishes(rows, wide):
    total = WIDE_WIDTH if wide else TEXT_WIDTH
    made = widths(block(rows), total)
    assert sum(made) == pytest.approx(total)
    assert min(made) > 0.8


def test_a_long_column_takes_what_short_ones_leave():
    short, number, long = widths(block([["甲", "1", "山东省人民政府文件" * 12]]))
    assert long > short + number


def test_a_word_is_not_divided():
    made = widths(block([["Electrification", "1", "word " * 60]]))
    assert made[0] > 15 * 0.2


def texts(element):
    return ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in element.iter(qn("w:tc"))]


def test_head_repeats_rows_stay_whole_and_empty_cells_are_dashes():
    made = table(block([["a < b", "–", ""], ["甲", "2", "乙"]], strong=frozenset({1})))
    rows = list(made.iter(qn("w:tr")))
    assert rows[0].find(f".//{qn('w:tblHeader')}") is not None
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in rows)
    assert texts(made) == ["名称", "数量", "来源", "a < b", EMPTY, EMPTY, "甲", "2", "乙"]
    assert rows[2].find(f".//{qn('w:b')}") is not None
    assert rows[1].find(f".//{qn('w:b')}") is None
    right = [cell for cell in made.iter(qn("w:jc")) if cell.get(qn("w:val")) == "right"]
    assert len(right) == 3


def test_a_short_table_is_kept_on_one_page_and_a_long_one_is_not():
    short, long = (table(block([["a", "1", "b"]] * count)) for count in (3, 40))
    assert sum(1 for _ in short.iter(qn("w:keepNext"))) == 3 * 3
    assert sum(1 for _ in long.iter(qn("w:keepNext"))) == 4 * 3
