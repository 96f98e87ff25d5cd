"""Tiles: the cells of a grid coloured by class, without any map beneath."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from tongyuan.report.base.format import number, shorten
from tongyuan.report.chart.base import INK, Option, category_axis, framed, grid

CLASSES = ("#deebf7", "#9ecae1", "#6baed6", "#3182bd", "#08519c")
"""From little to much."""

EDGE = {"borderColor": "#24292f", "borderWidth": 1.5}
TICKS = 6


def classes(values: Sequence[float]) -> list[tuple[float, float]]:
    """Return the bounds of classes of about as many values each, from little to much."""
    marks = np.unique(np.quantile(np.asarray(values, dtype=float), np.linspace(0, 1, len(CLASSES) + 1)))
    if marks.size == 1:
        return [(float(marks[0]), float(marks[0]))]
    return [(float(low), float(high)) for low, high in pairwise(marks)]


def tiles(
    cells: Sequence[tuple[int, int, float]], across: Sequence[str], along: Sequence[str], *, unit: str,
    marked: Sequence[tuple[int, int]] = (),
) -> Option:  # fmt: skip
    """Return coloured tiles, one for each cell.

    Parameters
    ----------
    cells
        Column and row from the lower left corner, and value.
    across, along
        Names of the columns, and of the rows from below.
    unit
        Unit of the values.
    marked
        Cells with an edge: what a boundary crosses.
    """
    bounds = classes([value for _, _, value in cells])
    colours = CLASSES if len(bounds) == len(CLASSES) else CLASSES[-len(bounds) :]
    pieces = [
        {
            "gt": shorten(low),
            "lte": shorten(high),
            "color": colour,
            "label": f"{number(low, 3)}–{number(high, 3)}",
        }
        for (low, high), colour in zip(bounds, colours, strict=True)
    ]
    pieces[0] = {("gte" if k == "gt" else k): v for k, v in pieces[0].items()}
    edged = set(marked)
    top = len(along) - 1
    data = [
        {"value": [column, top - row, shorten(value)]}
        | ({"itemStyle": EDGE} if (column, row) in edged else {})
        for column, row, value in cells
    ]
    filled = {(column, row) for column, row, _ in cells}
    data += [{"value": [c, top - r, None], "itemStyle": EDGE} for c, r in sorted(edged - filled)]
    step = len(across) // TICKS, len(along) // TICKS
    below: Option = {"orient": "vertical", "bottom": 0, "left": 0, "itemWidth": 14, "itemHeight": 10}
    label = {"color": INK, "hideOverlap": True}
    return framed(
        {
            "grid": grid(10, bottom=150),
            "xAxis": category_axis(across, axisLabel=label | {"interval": step[0]}, name=""),
            "yAxis": category_axis(list(reversed(along)), axisLabel=label | {"interval": step[1]}, name="",
                                   inverse=True),
            "visualMap": {"type": "piecewise", "pieces": pieces, "text": [unit, ""], "showLabel": True,
                          "textStyle": {"color": INK}} | below,
            "series": [{"type": "heatmap", "data": data}],
        }
    )  # fmt: skip
