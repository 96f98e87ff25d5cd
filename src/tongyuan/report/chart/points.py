"""Points: ratios about one, coordinates, values with their spans."""

from __future__ import annotations

from itertools import count

import polars as pl

from tongyuan.report.base.format import shorten
from tongyuan.report.chart.base import (
    CLEAR,
    GRID,
    INK,
    PALETTE,
    TOTAL,
    UP,
    Option,
    category_axis,
    framed,
    grid,
    legend_rows,
    ordered,
    text_width,
    value_axis,
)

SPAN = "#a9c1dd"
LANE = 14
"""Height of a line of labels [px]."""

WIDE, HIGH = 620.0, 260.0
"""About how large the drawing is [px]."""


def ratios(frame: pl.DataFrame, category: str, value: str, *, unit: str, mark: str) -> Option:
    """Return points of positive ratios on a logarithmic axis with a line at one, labelled `mark`."""
    categories = ordered(frame, category)
    points = [[shorten(v, 3), str(c)] for c, v in frame.select(category, value).iter_rows() if v and v > 0]
    numbers = [float(p[0]) for p in points if isinstance(p[0], float)] or [1.0]
    ends = (0.1, 0.2, 0.5, 2.0, 5.0, 10.0)
    low = next((e for e in reversed(ends[:3]) if e <= min(numbers)), min(*numbers, 0.1))
    high = next((e for e in ends[3:] if e >= max(numbers)), max(*numbers, 10.0))
    line: Option = {"silent": True, "symbol": "none", "lineStyle": {"color": UP, "type": "dashed"}}
    line |= {"label": {"formatter": mark, "color": INK, "position": "start"}, "data": [{"xAxis": 1}]}
    return framed(
        {
            "grid": grid(30, right=40),
            "xAxis": value_axis(unit, True)
            | {"type": "log", "logBase": 10, "min": shorten(low), "max": shorten(high)},
            "yAxis": category_axis(categories, inverse=True)
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
    lanes = _lanes(frame, x, y, label)
    for index, (name, part) in enumerate(groups):
        data = [
            {"value": [shorten(a), shorten(b)], "name": str(text)}
            | {"label": {"offset": [0, -LANE * lanes[a, b, str(text)]]}}
            for a, b, text in part.select(x, y, label).iter_rows()
            if a is not None and b is not None
        ]
        one: Option = {"type": "scatter", "symbolSize": 10, "data": data}
        one |= {"itemStyle": {"color": PALETTE[index % len(PALETTE)]}}
        one |= {"label": {"show": True, "formatter": "{b}", "position": "top", "color": INK}}
        if name:
            one["name"] = name
        drawn.append(one)
    legend = [name for name, _ in groups if name]
    top = 24 * legend_rows(legend) + 34 if legend else 34
    return framed(
        {
            "grid": grid(top, bottom=14, right=60),
            "xAxis": value_axis(x_title, True),
            "yAxis": value_axis(y_title),
            "series": drawn,
        },
        legend,
    )


def _lanes(frame: pl.DataFrame, x: str, y: str, label: str) -> dict[tuple[float, float, str], int]:
    """Return how many lines each label is lifted so that labels of neighbours do not cover each other."""
    rows = [
        (a, b, str(t)) for a, b, t in frame.select(x, y, label).iter_rows() if a is not None and b is not None
    ]
    if not rows:
        return {}
    wide = (max(0.0, *(r[0] for r in rows)) - min(0.0, *(r[0] for r in rows))) or 1.0
    high = (max(0.0, *(r[1] for r in rows)) - min(0.0, *(r[1] for r in rows))) or 1.0
    placed: list[tuple[float, float, float]] = []
    found: dict[tuple[float, float, str], int] = {}
    for row in sorted(rows):
        at, level, half = row[0] / wide * WIDE, row[1] / high * HIGH, text_width(row[2]) / 2 + 4
        near = [
            other_level for other, other_level, other_half in placed if abs(at - other) < half + other_half
        ]
        lane = next(n for n in count() if all(abs(level + LANE * n - other) >= LANE for other in near))
        found[row] = lane
        placed.append((at, level + LANE * lane, half))
    return found


def spans(
    frame: pl.DataFrame,
    category: str,
    lower: str,
    value: str,
    upper: str,
    *,
    unit: str,
    names: tuple[str, str],
    minimum: float = 0.0,
    maximum: float | None = None,
) -> Option:
    """Return values with their spans, laid down: rank bands, scores with intervals.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per category; `lower` and `upper` may be missing, `minimum` ≤ `lower` ≤ `upper`.
    names : (str, str)
        What the span is, and what the point is.
    minimum, maximum : float
        Ends of the value axis.
    """
    categories = ordered(frame, category)
    hidden: list[float | None] = []
    shown: list[float | None] = []
    points = []
    for name, low, middle, high in frame.select(category, lower, value, upper).iter_rows():
        known = low is not None and high is not None
        hidden.append(shorten(low) if known else None)
        shown.append(shorten(high - low) if known else None)
        if middle is not None:
            points.append([shorten(middle), str(name)])
    ghost: Option = {"silent": True, "itemStyle": {"color": CLEAR}, "tooltip": {"show": False}}
    bar: Option = {"type": "bar", "stack": "all", "barWidth": 9}
    series = [
        bar | ghost | {"data": hidden},
        bar | {"name": names[0], "itemStyle": {"color": SPAN}, "data": shown},
        {
            "type": "scatter",
            "name": names[1],
            "symbolSize": 9,
            "itemStyle": {"color": TOTAL},
            "z": 5,
            "data": points,
        },
    ]
    ends: Option = {"min": minimum} | ({} if maximum is None else {"max": maximum})
    axes = {"xAxis": value_axis(unit, True, **ends), "yAxis": category_axis(categories, inverse=True)}
    return framed({"grid": grid(34, right=32), **axes, "series": series}, names)
