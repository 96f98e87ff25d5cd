"""Outlines: rims of areas and points among them, in degrees, without any map beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tongyuan.report.base.format import shorten
from tongyuan.report.chart.base import Option, framed, grid, legend_rows, value_axis

Ring = Sequence[tuple[float, float]]
MARGIN = 0.04
"""Room around the outlines, as a share of their extent."""


def outline(
    areas: Mapping[str, tuple[str, Sequence[Ring]]],
    points: Mapping[str, tuple[str, Sequence[tuple[float, float, str]]]],
    *, x_title: str, y_title: str,
) -> Option:  # fmt: skip
    """Return rims and points on two axes of degrees, one colour for each class of either.

    Parameters
    ----------
    areas
        Class → colour and its closed rings of longitude and latitude.
    points
        Class → colour and its points: longitude, latitude, name.
    """
    drawn: list[Option] = []
    for name, (colour, rings) in areas.items():
        data: list[list[float | None]] = []
        for ring in rings:
            data += [*([shorten(x, 8), shorten(y, 8)] for x, y in ring), [None, None]]
        one: Option = {
            "type": "line",
            "name": name,
            "data": data[:-1],
            "symbol": "none",
            "connectNulls": False,
        }
        drawn.append(one | {"lineStyle": {"color": colour, "width": 1.6}, "itemStyle": {"color": colour}})
    for name, (colour, placed) in points.items():
        data_points = [{"value": [shorten(x, 8), shorten(y, 8)], "name": text} for x, y, text in placed]
        drawn.append(
            {"type": "scatter", "name": name, "symbolSize": 9, "data": data_points, "z": 3}
            | {"itemStyle": {"color": colour}, "tooltip": {"formatter": "{b}"}}
        )
    every = [p for _, rings in areas.values() for ring in rings for p in ring]
    every += [(x, y) for _, placed in points.values() for x, y, _ in placed]
    ends = [(min(v), max(v)) for v in zip(*every, strict=True)]
    spans: list[Option] = [
        {"min": _round(a - (b - a) * MARGIN), "max": _round(b + (b - a) * MARGIN)} for a, b in ends
    ]
    legend = [*areas, *points]
    axes = value_axis(x_title, True, **spans[0]), value_axis(y_title, **spans[1])
    for axis in axes:  # the ends are no round numbers and would touch their neighbours
        axis["axisLabel"] |= {"showMinLabel": False, "showMaxLabel": False}
    return framed(
        {
            "grid": grid(24 * legend_rows(legend) + 34, bottom=14, right=30),
            "xAxis": axes[0],
            "yAxis": axes[1],
            "series": drawn,
        },
        legend,
    )


def _round(value: float) -> float:
    return round(value, 3)
