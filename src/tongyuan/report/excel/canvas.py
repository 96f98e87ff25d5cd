"""The sheets that native charts stand on, and our chart options drawn by Excel itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tongyuan.report.base.block import ChartBlock
from tongyuan.report.chart import CLEAR, PALETTE

TOP = 4
_WIDTH, _HEIGHT = 760, 420


@dataclass
class Canvas:
    """The sheet of charts and the sheet of their figures, with the rows to go on from."""

    book: Any
    sheet: Any
    data: Any
    head: Any
    share: Any
    number: Any
    at: int = TOP
    row: int = TOP
    count: int = 0

    def figures(self, title: str, heads: list[str], lines: list[list[Any]], share: bool) -> tuple[int, int]:
        """Write the figures of a chart; return their first and last row."""
        self.data.write_string(self.row, 0, title, self.number)
        for index, text in enumerate(heads):
            self.data.write_string(self.row + 1, index, text, self.head)
        first = self.row + 2
        for offset, line in enumerate(lines):
            self.data.write_string(first + offset, 0, line[0], self.number)
            for index, value in enumerate(line[1:], start=1):
                if value is not None:
                    self.data.write_number(first + offset, index, value, self.share if share else self.number)
        self.row = first + len(lines) + 1
        return first, first + len(lines) - 1

    def place(self, chart: Any, title: str, height: int = _HEIGHT) -> None:
        """Put the chart under the last one."""
        chart.set_title({"name": title, "name_font": {"size": 12}, "overlay": False})
        chart.set_size({"width": _WIDTH, "height": height})
        self.sheet.insert_chart(self.at, 0, chart)
        self.at += height // 20 + 2
        self.count += 1


def native(canvas: Canvas, block: ChartBlock) -> None:
    """Draw a block as a chart of Excel, its figures beside it.

    Knows radars, laid bars with spans (drawn as points with error bars) and waterfalls (stacked bars of which
    the first is invisible); anything else is left out.
    """
    option = block.option
    if "radar" in option:
        _radar(canvas, block)
    elif len(option["series"]) == 3 and option["series"][0].get("itemStyle", {}).get("color") == CLEAR:
        (_spans if option["series"][2]["type"] == "scatter" else _steps)(canvas, block)
    elif len(option["series"]) == 2 and option["series"][0].get("itemStyle", {}).get("color") == CLEAR:
        _steps(canvas, block)


def _value(item: Any) -> Any:
    return item["value"] if isinstance(item, dict) else item


def _radar(canvas: Canvas, block: ChartBlock) -> None:
    axes = [axis["name"] for axis in block.option["radar"]["indicator"]]
    outlines = block.option["series"][0]["data"]
    lines = [[axis, *(one["value"][k] for one in outlines)] for k, axis in enumerate(axes)]
    start, end = canvas.figures(block.caption, ["", *(one["name"] for one in outlines)], lines, share=False)
    name = canvas.data.get_name()
    chart = canvas.book.add_chart({"type": "radar", "subtype": "with_markers"})
    for k, one in enumerate(outlines, start=1):
        colour = PALETTE[(k - 1) % len(PALETTE)]
        chart.add_series(
            {
                "name": one["name"],
                "categories": [name, start, 0, end, 0],
                "values": [name, start, k, end, k],
                "line": {"color": colour, "width": 2},
                "marker": {"type": "circle", "size": 5, "fill": {"color": colour}},
            }
        )
    chart.set_y_axis({"min": 0, "max": 1, "major_gridlines": {"visible": True}})
    chart.set_legend({"position": "bottom"})
    canvas.place(chart, block.caption)


def _spans(canvas: Canvas, block: ChartBlock) -> None:
    hidden, span, points = block.option["series"]
    axis, category = block.option["xAxis"], block.option["yAxis"]["data"]
    held = {name: value for value, name in points["data"]}
    lines = []
    for name, low, width in zip(category, hidden["data"], span["data"], strict=True):
        middle = held.get(name)
        known = None not in (low, width, middle)
        lines.append([name, middle, middle - low if known else None, low + width - middle if known else None])
    start, end = canvas.figures(block.caption, ["", points["name"], "−", "+"], lines, share=False)
    name = canvas.data.get_name()
    chart = canvas.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": points["name"],
            "categories": [name, start, 0, end, 0],
            "values": [name, start, 1, end, 1],
            "fill": {"color": "#A9C1DD"},
            "gap": 60,
            "x_error_bars": {
                "type": "custom",
                "plus_values": f"='{name}'!$D${start + 1}:$D${end + 1}",
                "minus_values": f"='{name}'!$C${start + 1}:$C${end + 1}",
                "line": {"color": "#3B5B92", "width": 1.5},
            },
        }
    )
    chart.set_x_axis({"name": axis["name"], "min": axis["min"], "max": axis.get("max")})
    chart.set_y_axis({"reverse": True, "interval_unit": 1, "num_font": {"size": 8}})
    chart.set_legend({"none": True})
    canvas.place(chart, block.caption, 160 + 20 * len(lines))


def _steps(canvas: Canvas, block: ChartBlock) -> None:
    option = block.option
    laid = option["yAxis"]["type"] == "category"
    category, axis = (option["yAxis"], option["xAxis"]) if laid else (option["xAxis"], option["yAxis"])
    columns = [[_value(item) for item in one["data"]] for one in option["series"]]
    lines = [[name, *row] for name, *row in zip(category["data"], *columns, strict=True)]
    heads = ["", *([""] * len(columns))]
    start, end = canvas.figures(f"{block.caption} ({axis['name']})", heads, lines, share=False)
    name = canvas.data.get_name()
    chart = canvas.book.add_chart({"type": "bar" if laid else "column", "subtype": "stacked"})
    for k, one in enumerate(option["series"], start=1):
        ghost = one.get("itemStyle", {}).get("color") == CLEAR
        chart.add_series(
            {
                "categories": [name, start, 0, end, 0],
                "values": [name, start, k, end, k],
                "gap": 40,
                "fill": {"none": True},
            }
            if ghost
            else {
                "categories": [name, start, 0, end, 0],
                "values": [name, start, k, end, k],
                "gap": 40,
                "points": [
                    {"fill": {"color": (item if "itemStyle" in item else one)["itemStyle"]["color"]}}
                    for item in one["data"]
                ],
            }
        )
    values: dict[str, Any] = {"name": axis["name"]}
    names: dict[str, Any] = {"interval_unit": 1, "num_font": {"size": 9}, "label_position": "low"}
    if laid:
        chart.set_x_axis(values)
        chart.set_y_axis(names | {"reverse": True})
    else:
        chart.set_y_axis(values)
        chart.set_x_axis(names)
    chart.set_legend({"none": True})
    canvas.place(chart, block.caption, 160 + 24 * len(lines) if laid else _HEIGHT)
