"""Cost curves: blocks as wide as what they abate and as high as what a unit costs."""

from __future__ import annotations

import polars as pl

from tongyuan.report.base.format import shorten
from tongyuan.report.chart.base import PALETTE, TOTAL, Option, framed, grid, legend_rows, value_axis


def cost_curve(
    frame: pl.DataFrame, name: str, width: str, height: str, *, x_title: str, y_title: str
) -> Option:
    """Return blocks as wide as `width` and as high as `height`, side by side on two value axes.

    Rows with a name get a colour and a place in the legend of their own; the others share one.
    """
    drawn, start = [], 0.0
    names: list[str] = []
    for text, wide, high in frame.select(name, width, height).iter_rows():
        if wide is None or high is None:
            continue
        end = start + float(wide)
        label = str(text)
        colour = PALETTE[len(names) % len(PALETTE)] if label else TOTAL
        corners = [(start, 0.0), (start, float(high)), (end, float(high)), (end, 0.0)]
        one: Option = {"type": "line", "data": [[shorten(x), shorten(y)] for x, y in corners]}
        one |= {"symbol": "none", "lineStyle": {"color": colour, "width": 1}, "itemStyle": {"color": colour}}
        one |= {"areaStyle": {"color": colour, "opacity": 0.75}, "triggerLineEvent": True}
        if label:
            one["name"] = label
            names.append(label)
        drawn.append(one)
        start = end
    top = 24 * legend_rows(names, 420) + 34 if names else 34
    across = value_axis(x_title, True, min=0, max=shorten(start))
    across["axisLabel"] |= {"showMaxLabel": False}
    axes = {"xAxis": across, "yAxis": value_axis(y_title)}
    option = framed({"grid": grid(top, bottom=14, right=30), **axes, "series": drawn}, names)
    if names:
        option["legend"] |= {"icon": "roundRect"}
    return option
