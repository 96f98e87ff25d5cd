"""Bars, lines and areas over categories or years."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.report.base.format import number
from tongyuan.report.chart.base import (
    INK,
    PALETTE,
    TOTAL,
    UP,
    Option,
    category_axis,
    framed,
    grid,
    ink_on,
    legend_rows,
    ordered,
    series_values,
    text_width,
    value_axis,
)

NAME_WIDTH = 170
"""Pixels of a name beside a bar; a longer one is broken, so that half a narrow screen is left for bars."""
LABELLED = 24
"""Bars of one series up to which every one carries its value."""


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
    written: float | None = None,
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
    written : float, optional
        Values of this size and more are written into their bars. Bars of one series alone carry their
        values at their ends.
    """
    names = ordered(frame, category)
    groups: list[tuple[str, pl.DataFrame]] = (
        [(str(key[0]), part) for key, part in frame.group_by(series, maintain_order=True)]
        if series
        else [("", frame)]
    )
    drawn = []
    for index, (name, part) in enumerate(groups):
        one: Option = {"type": "bar", "data": series_values(part, category, value, names)}
        one |= {"barMaxWidth": 26, "itemStyle": {"color": PALETTE[index % len(PALETTE)]}}
        if name:
            one["name"] = name
        if colours and name in colours:
            one["itemStyle"] = {"color": colours[name]}
        if stack:
            one["stack"] = "all"
        if written is not None:
            one["data"] = [_written(v, written, one["itemStyle"]["color"]) for v in one["data"]]
        elif series is None and len(names) <= LABELLED:
            one["data"] = [_ended(v, horizontal) for v in one["data"]]
        drawn.append(one)
    legend = [name for name, _ in groups if name]
    top = 24 * legend_rows(legend, legend_width) + 10 if legend else 8
    limit: Option = {} if maximum is None else {"max": maximum}
    if horizontal:
        axes = {"xAxis": value_axis(unit, True, **limit), "yAxis": category_axis(names, inverse=True)}
        axes["yAxis"]["axisLabel"] |= {"width": NAME_WIDTH, "overflow": "break"}
    else:
        axes = {"xAxis": category_axis(names), "yAxis": value_axis(unit, **limit)}
        if all(name.isdigit() for name in names):
            axes["xAxis"]["axisLabel"] |= {"interval": "auto", "hideOverlap": True}
        if sum(text_width(name) + 12 for name in names) > legend_width:
            axes["xAxis"]["axisLabel"] |= {"rotate": 35}
    return framed({"grid": grid(top), **axes, "series": drawn}, legend)


def _ended(value: float | None, horizontal: bool) -> float | Option | None:
    """Return a datum that carries its number at the end of its bar."""
    if value is None:
        return None
    ends = ("right", "left") if horizontal else ("top", "bottom")
    text = {"show": True, "formatter": number(value, 3), "position": ends[value < 0], "color": INK}
    return {"value": value, "label": text | {"fontSize": 11}}


def _written(value: float | None, least: float, colour: str) -> float | Option | None:
    """Return a datum that carries its number where it is large enough to stand in its bar."""
    if value is None or abs(value) < least:
        return value
    text = {"show": True, "formatter": f"{value:.0f}", "position": "inside", "color": ink_on(colour)}
    return {"value": value, "label": text | {"fontSize": 11}}


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
    option = bars(frame, x, value, series, unit=unit, stack=area, colours=colours)
    for one in option["series"]:
        one["data"] = [d["value"] if isinstance(d, dict) else d for d in one["data"]]
        colour = one.pop("itemStyle")["color"]
        one.pop("barMaxWidth")
        one |= {"type": "line", "itemStyle": {"color": colour}, "lineStyle": {"color": colour, "width": 2}}
        one |= {"symbolSize": 6}
        if area:
            one["areaStyle"] = {"color": colour, "opacity": 0.75}
    option["xAxis"] |= {"boundaryGap": not area}
    return option


def intervals(
    frame: pl.DataFrame, category: str, lower: str, upper: str, *, unit: str, names: tuple[str, str]
) -> Option:
    """Return horizontal spans from `lower` (≤ 0) to `upper` (≥ 0); `names` are the two sides."""
    categories = ordered(frame, category)
    drawn = []
    for side, name, colour in ((lower, names[0], "#7fa3c7"), (upper, names[1], "#3b5b92")):
        drawn.append(
            {
                "type": "bar",
                "name": name,
                "stack": "all",
                "barMaxWidth": 16,
                "itemStyle": {"color": colour},
                "data": series_values(frame, category, side, categories),
            }
        )
    return framed(
        {
            "grid": grid(34),
            "xAxis": value_axis(unit, True),
            "yAxis": category_axis(categories, inverse=True, axisLine={"onZero": True}, z=3)
            | {"axisLabel": {"color": INK, "interval": 0, "margin": 8}, "axisLine": {"onZero": False}},
            "series": drawn,
        },
        names,
    )


def pareto(
    frame: pl.DataFrame, category: str, share: str, cumulative: str, *, unit: str, names: tuple[str, str]
) -> Option:
    """Return bars of `share` with a line of their `cumulative` sum, both in per cent, laid down."""
    categories = ordered(frame, category)
    drawn: list[Option] = [
        {
            "type": "bar",
            "name": names[0],
            "barMaxWidth": 18,
            "itemStyle": {"color": TOTAL},
            "data": series_values(frame, category, share, categories),
        },
        {
            "type": "line",
            "name": names[1],
            "symbolSize": 6,
            "itemStyle": {"color": UP},
            "lineStyle": {"color": UP, "width": 2},
            "data": series_values(frame, category, cumulative, categories),
        },
    ]
    axes = {"xAxis": value_axis(unit, True, max=100), "yAxis": category_axis(categories, inverse=True)}
    return framed({"grid": grid(34), **axes, "series": drawn}, names)
