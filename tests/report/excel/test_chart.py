import openpyxl

from tongyuan.report.excel.workbook import write_excel


def test_one_year_without_intervals_has_one_chart(lone_year, tmp_path):
    path = write_excel(lone_year, tmp_path / "x.xlsx", "en")
    book = openpyxl.load_workbook(path)
    assert len(book["Charts"]._charts) == 1
    figures = [[cell.value for cell in row] for row in book["Chart data"].iter_rows(min_row=7)]
    shares = [row[1:] for row in figures if row[0]]
    assert all(abs(sum(v for v in row if v is not None) - 1) < 1e-9 for row in shares)
