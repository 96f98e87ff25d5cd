from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from tongyuan.report import chart
from tongyuan.report.base.block import ChartBlock
from tongyuan.report.excel.canvas import Canvas, native

FRAME = pl.DataFrame({"n": ["a", "b"], "v": [3.0, -5.0], "low": [1.0, None], "high": [4.0, None]})
RADAR = pl.DataFrame({"axis": ["x", "y", "z"], "year": ["2014"] * 3, "v": [0.1, 0.5, 1.0]})


@pytest.mark.parametrize(
    ("option", "kind", "figures"),
    [
        (chart.radar(RADAR, "axis", "v", "year"), "RadarChart", [["x", 0.1], ["y", 0.5], ["z", 1.0]]),
        (
            chart.spans(FRAME, "n", "low", "v", "high", unit="", names=("95 %", "score"), maximum=6.0),
            "BarChart",
            [["a", 3, 2, 1], ["b", -5, None, None]],
        ),
        (
            chart.contributions(FRAME, "n", "v", unit="t", total="sum"),
            "BarChart",
            [["a", 0, 3, 0], ["b", 0, 3, -2], ["sum", 0, 0, -2]],
        ),
        (
            chart.waterfall(FRAME, "n", "v", unit="t", start=("2014", 4.0), end=("2021", 2.0)),
            "BarChart",
            [["2014", 0, 4], ["a", 4, 3], ["b", 2, 5], ["2021", 0, 2]],
        ),
    ],
)
def test_our_options_become_charts_of_excel(
    option: chart.Option, kind: str, figures: list[list[object]], tmp_path: Path
) -> None:
    path = tmp_path / "x.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheets = [book.add_worksheet(name) for name in ("charts", "data")]
        canvas = Canvas(book, *sheets, *[book.add_format() for _ in range(3)])
        native(canvas, ChartBlock("caption", option, ""))
        assert canvas.count == 1
    book = openpyxl.load_workbook(path)
    assert [type(one).__name__ for one in book["charts"]._charts] == [kind]
    cells = [
        [cell.value for cell in row] for row in book["data"].iter_rows(min_row=canvas.row - len(figures))
    ]
    assert [row[: len(figures[0])] for row in cells if row[0]][-len(figures) :] == figures


def test_a_chart_excel_cannot_draw_is_left_out(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "x.xlsx") as book:
        canvas = Canvas(book, *[book.add_worksheet() for _ in range(2)], *[book.add_format()] * 3)
        native(canvas, ChartBlock("c", chart.bars(FRAME, "n", "v", unit="t"), ""))
        assert canvas.count == 0
