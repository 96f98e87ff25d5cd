import openpyxl
import pytest

from tongyuan.report.base.block import Column, Note, Section, TableBlock
from tongyuan.report.base.totals import sector_totals, value_of
from tongyuan.report.excel.workbook import SHEETS, grouped, tables_of, write_excel


@pytest.fixture(scope="module")
def book(tables, planned, tmp_path_factory):
    held = {**tables, **planned}
    path = write_excel(held, tmp_path_factory.mktemp("excel") / "report.xlsx", "zh")
    return openpyxl.load_workbook(path)


def lines(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_a_reader_meets_twenty_sheets_at_most_and_contents_link_to_each(book):
    seen = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    assert 5 < len(seen) <= SHEETS
    contents = book.worksheets[0]
    linked = [row[0].hyperlink.location for row in contents.iter_rows(min_row=5, max_col=1)]
    assert [place.split("!")[0].strip("'") for place in linked] == seen[1:]
    assert contents["A1"].value == "山东省减污降碳融合排放清单"


def test_sector_sheet_adds_up_to_the_totals(book, tables):
    sheet = book["分部门汇总"]
    head, *rows = lines(sheet)
    totals = sector_totals(tables)
    row = next(r for r in rows if r[1] == "二氧化硫 SO₂" and r[3] == 2021)
    assert row[2] == "万吨"
    assert row[-1] == pytest.approx(value_of(totals, 2021, "SO2") / 1e4, rel=1e-12)
    assert sum(v for v in row[4:-1] if v is not None) == pytest.approx(row[-1], rel=1e-12)
    assert head[-1] == "合计"


def test_native_charts_point_at_their_figures(book):
    charts = book["图表"]._charts
    assert len(charts) == 4
    series = charts[0].series[0]
    assert "图表数据" in series.val.numRef.f


def table(*rows, caption="t"):
    return TableBlock(caption, (Column("名称"), Column("值", numeric=True)), rows, strong=frozenset({1}))


def test_numbers_stay_numbers_as_they_are_read(tmp_path):
    made = Section("a", "章", (table(["甲", "1,234.5"], ["乙", "−6.94%"], ["丙", "<0.01"], ["丁", "–"]),))
    sheet = openpyxl.load_workbook(write_excel({}, tmp_path / "x.xlsx", "zh", sections=[made]))["章"]
    cells = [row[1] for row in sheet.iter_rows(min_row=6, max_row=9)]
    assert [c.value for c in cells] == [1234.5, pytest.approx(-0.0694), "<0.01", "–"]
    assert [c.number_format for c in cells[:2]] == ["#,##0.0", "#,##0.00%"]
    assert cells[1].font.bold


def test_many_chapters_share_the_last_sheet_and_empty_ones_have_none():
    many = [Section(f"k{i}", f"章{i}", (table(["a", str(i)]),)) for i in range(9)]
    made = grouped([*many, Section("n", "空", (Note("x"),))], 4)
    assert [(name, len(part)) for name, part in made] == [("章0", 1), ("章1", 1), ("章2", 1), ("章3", 6)]


def test_the_same_table_behind_two_charts_stands_once():
    one = table(["a", "1"])
    assert len(tables_of(Section("k", "t", (one, table(["a", "1"], caption="u"), table(["a", "2"]))))) == 2


def test_the_same_tables_give_the_same_bytes(lone_year, tmp_path):
    first = write_excel(lone_year, tmp_path / "a.xlsx", "en")
    again = write_excel(lone_year, tmp_path / "b.xlsx", "en")
    assert first.read_bytes() == again.read_bytes()


def test_nothing_gives_contents_alone(no_tables, tmp_path):
    assert openpyxl.load_workbook(write_excel(no_tables, tmp_path / "x.xlsx", "zh")).sheetnames == ["目录"]
