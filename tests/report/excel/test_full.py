import openpyxl
import polars as pl
import pytest

from tongyuan.report.excel.full import write_tables


@pytest.fixture(scope="module")
def book(tables, tmp_path_factory):
    path = write_tables(tables, tmp_path_factory.mktemp("excel") / "report.xlsx", "zh", row_limit=2000)
    return openpyxl.load_workbook(path)


def lines(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]


def test_contents_link_to_every_sheet(book):
    contents = book.worksheets[0]
    linked = [row[0].hyperlink.location for row in contents.iter_rows(min_row=5, max_col=1)]
    assert [place.split("!")[0].strip("'") for place in linked] == book.sheetnames[1:]
    assert contents["A1"].value == "山东省减污降碳融合排放清单"


def test_tables_keep_every_row_and_value(book, tables):
    sheet = book["排放"]
    head, *rows = lines(sheet)
    assert len(rows) == tables["emission"].height
    assert [row[head.index("数值")] for row in rows] == pytest.approx(tables["emission"]["value"].to_list())
    assert sheet.freeze_panes == "C5"
    assert sheet.auto_filter.ref.startswith("A4")
    assert rows[0][head.index("地区")] == "山东省"


def test_codes_are_in_words(book):
    head, *rows = lines(book["数据缺口"])
    kinds = {row[head.index("缺口类型")] for row in rows}
    assert "缺活动数据" in kinds
    assert "no_activity" not in kinds


def test_formulas_from_outside_stay_text(tables, tmp_path):
    hostile = tables["finding"].with_columns(pl.lit("=1+1").alias("message"))
    path = write_tables({"finding": hostile}, tmp_path / "x.xlsx", "en")
    sheet = openpyxl.load_workbook(path).worksheets[1]
    cells = [cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value == "=1+1"]
    assert len(cells) == hostile.height
    assert all(cell.data_type == "s" for cell in cells)


def test_long_tables_say_that_they_are_cut(tables, tmp_path):
    path = write_tables(tables, tmp_path / "x.xlsx", "en", row_limit=10)
    sheet = openpyxl.load_workbook(path)["Emission"]
    rest = [cell.value for cell in sheet["A"] if str(cell.value).startswith("Sum of the other")]
    assert sheet.max_row - len(rest) <= 14
    assert str(tables["emission"].height) in sheet["A2"].value


def test_missing_is_an_empty_cell(tables, tmp_path):
    some = tables["emission"].head(3).with_columns(pl.lit(None, dtype=pl.Float64).alias("lower"))
    sheet = openpyxl.load_workbook(write_tables({"emission": some}, tmp_path / "x.xlsx", "en"))["Emission"]
    head, *rows = lines(sheet)
    assert [row[head.index("Lower")] for row in rows] == [None, None, None]


def test_nothing_gives_a_workbook_with_contents_only(no_tables, tmp_path):
    path = write_tables(no_tables, tmp_path / "x.xlsx", "zh")
    assert openpyxl.load_workbook(path).sheetnames == ["目录"]


def test_the_same_tables_give_the_same_bytes(lone_year, tmp_path):
    first = write_tables(lone_year, tmp_path / "a.xlsx", "en")
    again = write_tables(lone_year, tmp_path / "b.xlsx", "en")
    assert first.read_bytes() == again.read_bytes()
