"""Chart builders: a tidy table in, an ECharts option (plain JSON values, no functions) out.

The builders know nothing of emissions: they take a frame and the names of its columns, already in words and
in display units. Categories and series keep the order of their first appearance. `tongyuan.report.figure`
draws the same options with matplotlib where a document needs a picture.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from tongyuan.report.format import shorten

Option = dict[str, Any]

INK = "#24292f"
GRID = "#d8dee4"
UP = "#b5432f"
DOWN = "#2a7f62"
TOTAL = "#3b5b92"
CLEAR = "rgba(0,0,0,0)"
PALETTE = ("#3b5b92", "#c8553d", "#2a9d8f", "#e09f3e", "#7a5195", "#5fa8d3", "#8d6e63", "#6a994e", "#d782ba")


def text_width(text: str) -> int:
    """Return the width of `text` at 12 px in pixels, wide characters counting double."""
    return sum(12 if unicodedata.east_asian_width(c) in "WF" else 7 for c in text)


def _legend_rows(names: Sequence[str], width: int = 900) -> int:
    used, rows = 0, 1
    for name in names:
        need = text_width(name) + 34
        if used and used + need > width:
            rows, used = rows + 1, 0
        used += need
    return rows


def _frame(option: Option, legend: Sequence[str] = (), width: int = 900) -> Option:
    """Return `option` with the parts all our charts share."""
    base: Option = {
        "animation": False,
        "textStyle": {"color": INK},
        "tooltip": {"trigger": "item", "confine": True},
    }
    if legend:
        base["legend"] = {"data": list(legend), "top": 0, "left": 0, "itemWidth": 14, "itemHeight": 10}
        base["legend"]["textStyle"] = {"color": INK}
    return base | option


def _grid(top: int, **more: Any) -> Option:
    box = {"left": 8, "right": 24, "top": top, "bottom": 8, "outerBoundsMode": "same"}
    return box | {"outerBoundsContain": "all"} | more


def _category(names: Sequence[str], **more: Any) -> Option:
    return {
        "type": "category",
        "data": list(names),
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": "#8c959f"}},
        "axisLabel": {"color": INK, "interval": 0, "hideOverlap": False},
    } | more


def _value(unit: str, horizontal: bool = False, **more: Any) -> Option:
    place: Option = (
        {"nameLocation": "middle", "nameGap": 28}
        if horizontal
        else {"nameLocation": "end", "nameTextStyle": {"align": "left", "color": INK}}
    )
    axis: Option = {"type": "value", "name": unit, "nameTextStyle": {"color": INK}}
    axis |= {"axisLabel": {"color": INK}, "splitLine": {"lineStyle": {"color": GRID}}}
    return axis | place | more


def _ordered(frame: pl.DataFrame, column: str) -> list[str]:
    return [str(v) for v in frame[column].unique(maintain_order=True).to_list()]


def _series_values(
    frame: pl.DataFrame, category: str, value: str, names: Sequence[str]
) -> list[float | None]:
    held: dict[str, float | None] = {}
    for name, number in frame.select(category, value).iter_rows():
        if number is not None:
            held[str(name)] = (held.get(str(name)) or 0.0) + float(number)
    return [shorten(held.get(name)) for name in names]


def bars(
    frame: pl.DataFrame,
    category: str,
    value: str,
    series: str | None = None,
    *,
    unit: str,
    horizontal: bool = False,
    stack: bool = False,
    colours: Mapping[str, str] | None = None,
    maximum: float | None = None,
    legend_width: int = 900,
) -> Option:
    """Return bars of `value` by `category`, one colour per `series`, side by side or stacked.

    Parameters
    ----------
    frame : polars.DataFrame
        Tidy: one row per category and series, values in display `unit`.
    horizontal : bool
        Lay the bars down; the first category is then on top.
    colours : mapping, optional
        Series name → colour.
    maximum : float, optional
        End of the value axis (100 for shares).
    """
    names = _ordered(frame, category)
    groups: list[tuple[str, pl.DataFrame]] = (
        [(str(key[0]), part) for key, part in frame.group_by(series, maintain_order=True)]
        if series
        else [("", frame)]
    )
    drawn = []
    for index, (name, part) in enumerate(groups):
        one: Option = {"type": "bar", "data": _series_values(part, category, value, names)}
        one |= {"barMaxWidth": 26, "itemStyle": {"color": PALETTE[index % len(PALETTE)]}}
        if name:
            one["name"] = name
        if colours and name in colours:
            one["itemStyle"] = {"color": colours[name]}
        if stack:
            one["stack"] = "all"
        drawn.append(one)
    legend = [name for name, _ in groups if name]
    top = 24 * _legend_rows(legend, legend_width) + 10 if legend else 8
    limit: Option = {} if maximum is None else {"max": maximum}
    if horizontal:
        axes = {"xAxis": _value(unit, True, **limit), "yAxis": _category(names, inverse=True)}
    else:
        axes = {"xAxis": _category(names), "yAxis": _value(unit, **limit)}
        if sum(text_width(name) + 12 for name in names) > legend_width:
            axes["xAxis"]["axisLabel"] |= {"rotate": 35}
    return _frame({"grid": _grid(top), **axes, "series": drawn}, legend)


def lines(
    frame: pl.DataFrame,
    x: str,
    value: str,
    series: str | None = None,
    *,
    unit: str,
    area: bool = False,
    colours: Mapping[str, str] | None = None,
) -> Option:
    """Return lines of `value` over `x` (years), one per `series`; stacked areas when `area` is set."""
    names = _ordered(frame, x)
    option = bars(frame, x, value, series, unit=unit, stack=area, colours=colours)
    for one in option["series"]:
        colour = one.pop("itemStyle")["color"]
        one.pop("barMaxWidth")
        one |= {"type": "line", "itemStyle": {"color": colour}, "lineStyle": {"color": colour, "width": 2}}
        one |= {"symbolSize": 6}
        if area:
            one["areaStyle"] = {"color": colour, "opacity": 0.75}
    option["xAxis"] = _category(names, boundaryGap=not area)
    return option


def waterfall(
    frame: pl.DataFrame,
    category: str,
    value: str,
    *,
    unit: str,
    start: tuple[str, float],
    end: tuple[str, float],
) -> Option:
    """Return a waterfall from `start` over the changes in `frame` to `end` (each a name and a value).

    Changes are drawn from the running level; rises and falls have their own colours. Where the running
    level falls below zero a waterfall cannot be read, and plain bars of the changes are returned.
    """
    steps = [(str(name), float(step)) for name, step in frame.select(category, value).iter_rows()]
    names = [start[0], *(name for name, _ in steps), end[0]]
    base, level = [0.0], start[1]
    for _, step in steps:
        base.append(min(level, level + step))
        level += step
    base.append(0.0)
    if min(base) < 0 or min(start[1], end[1]) < 0:
        return bars(frame, category, value, unit=unit)
    shown = [(start[1], TOTAL), *((step, UP if step > 0 else DOWN) for _, step in steps), (end[1], TOTAL)]
    bars_data = [{"value": shorten(abs(v)), "itemStyle": {"color": colour}} for v, colour in shown]
    hidden = {"type": "bar", "stack": "all", "data": [shorten(b) for b in base], "silent": True}
    hidden |= {"itemStyle": {"color": CLEAR}, "tooltip": {"show": False}, "barMaxWidth": 26}
    visible = {"type": "bar", "stack": "all", "data": bars_data, "barMaxWidth": 26}
    axis = _category(names)
    axis["axisLabel"] |= {"rotate": 40}
    return _frame(
        {"grid": _grid(10), "xAxis": axis, "yAxis": _value(unit), "series": [hidden, visible]},
    )


def intervals(
    frame: pl.DataFrame, category: str, lower: str, upper: str, *, unit: str, names: tuple[str, str]
) -> Option:
    """Return horizontal spans from `lower` (≤ 0) to `upper` (≥ 0); `names` are the two sides."""
    categories = _ordered(frame, category)
    drawn = []
    for side, name, colour in ((lower, names[0], "#7fa3c7"), (upper, names[1], "#3b5b92")):
        drawn.append(
            {
                "type": "bar",
                "name": name,
                "stack": "all",
                "barMaxWidth": 16,
                "itemStyle": {"color": colour},
                "data": _series_values(frame, category, side, categories),
            }
        )
    return _frame(
        {
            "grid": _grid(34),
            "xAxis": _value(unit, True),
            "yAxis": _category(categories, inverse=True, axisLine={"onZero": True}, z=3)
            | {"axisLabel": {"color": INK, "interval": 0, "margin": 8}, "axisLine": {"onZero": False}},
            "series": drawn,
        },
        names,
    )


def pareto(
    frame: pl.DataFrame, category: str, share: str, cumulative: str, *, unit: str, names: tuple[str, str]
) -> Option:
    """Return bars of `share` with a line of their `cumulative` sum, both in per cent, laid down."""
    categories = _ordered(frame, category)
    drawn: list[Option] = [
        {
            "type": "bar",
            "name": names[0],
            "barMaxWidth": 18,
            "itemStyle": {"color": TOTAL},
            "data": _series_values(frame, category, share, categories),
        },
        {
            "type": "line",
            "name": names[1],
            "symbolSize": 6,
            "itemStyle": {"color": UP},
            "lineStyle": {"color": UP, "width": 2},
            "data": _series_values(frame, category, cumulative, categories),
        },
    ]
    axes = {"xAxis": _value(unit, True, max=100), "yAxis": _category(categories, inverse=True)}
    return _frame({"grid": _grid(34), **axes, "series": drawn}, names)


def ratios(frame: pl.DataFrame, category: str, value: str, *, unit: str, mark: str) -> Option:
    """Return points of positive ratios on a logarithmic axis with a line at one, labelled `mark`."""
    categories = _ordered(frame, category)
    points = [[shorten(v, 3), str(c)] for c, v in frame.select(category, value).iter_rows() if v and v > 0]
    numbers = [float(p[0]) for p in points if isinstance(p[0], float)] or [1.0]
    ends = (0.1, 0.2, 0.5, 2.0, 5.0, 10.0)
    low = next((e for e in reversed(ends[:3]) if e <= min(numbers)), min(*numbers, 0.1))
    high = next((e for e in ends[3:] if e >= max(numbers)), max(*numbers, 10.0))
    line: Option = {"silent": True, "symbol": "none", "lineStyle": {"color": UP, "type": "dashed"}}
    line |= {"label": {"formatter": mark, "color": INK, "position": "start"}, "data": [{"xAxis": 1}]}
    return _frame(
        {
            "grid": _grid(30, right=40),
            "xAxis": _value(unit, True)
            | {"type": "log", "logBase": 10, "min": shorten(low), "max": shorten(high)},
            "yAxis": _category(categories, inverse=True)
            | {"splitLine": {"show": True, "lineStyle": {"color": GRID}}},
            "series": [
                {
                    "type": "scatter",
                    "symbolSize": 11,
                    "itemStyle": {"color": TOTAL},
                    "label": {"show": True, "formatter": "{@[0]}", "position": "right", "color": INK},
                    "data": points,
                    "markLine": line,
                }
            ],
        }
    )


def points(
    frame: pl.DataFrame, x: str, y: str, label: str, *, x_title: str, y_title: str, series: str | None = None
) -> Option:
    """Return labelled points on two value axes that cross at zero (co-control coordinates, trade-offs)."""
    groups: list[tuple[str, pl.DataFrame]] = (
        [(str(key[0]), part) for key, part in frame.group_by(series, maintain_order=True)]
        if series
        else [("", frame)]
    )
    drawn = []
    for index, (name, part) in enumerate(groups):
        data = [
            {"value": [shorten(a), shorten(b)], "name": str(text)}
            for a, b, text in part.select(x, y, label).iter_rows()
            if a is not None and b is not None
        ]
        one: Option = {"type": "scatter", "symbolSize": 10, "data": data}
        one |= {"itemStyle": {"color": PALETTE[index % len(PALETTE)]}}
        one |= {"label": {"show": True, "formatter": "{b}", "position": "right", "color": INK}}
        one |= {"labelLayout": {"hideOverlap": True}}
        if name:
            one["name"] = name
        drawn.append(one)
    legend = [name for name, _ in groups if name]
    top = 24 * _legend_rows(legend) + 34 if legend else 34
    return _frame(
        {
            "grid": _grid(top, bottom=14, right=90),
            "xAxis": _value(x_title, True),
            "yAxis": _value(y_title),
            "series": drawn,
        },
        legend,
    )


def sankey(
    nodes: Sequence[tuple[str, int, str]], links: pl.DataFrame, *, source: str, target: str, value: str
) -> Option:
    """Return flows between layers of nodes.

    Parameters
    ----------
    nodes : sequence of (name, layer, colour)
        Every node with its layer, 0 on the left; names are unique.
    links : polars.DataFrame
        Flows by `source` and `target` node with a positive `value`.
    """
    last = max((layer for _, layer, _ in nodes), default=0)
    drawn = [
        {
            "name": name,
            "depth": layer,
            "itemStyle": {"color": colour, "borderWidth": 0},
            "label": {"position": "left" if layer == last else "right"} if layer == last else {},
        }
        for name, layer, colour in nodes
    ]
    flows = [
        {"source": a, "target": b, "value": shorten(v, 4)}
        for a, b, v in links.select(source, target, value).iter_rows()
    ]
    return _frame(
        {
            "series": [
                {
                    "type": "sankey",
                    "left": 4,
                    "right": 4,
                    "top": 8,
                    "bottom": 8,
                    "nodeGap": 12,
                    "nodeWidth": 14,
                    "layoutIterations": 0,
                    "draggable": False,
                    "emphasis": {"focus": "adjacency"},
                    "lineStyle": {"color": "source", "opacity": 0.35, "curveness": 0.5},
                    "label": {"color": INK, "fontSize": 12},
                    "data": drawn,
                    "links": flows,
                }
            ]
        }
    )
