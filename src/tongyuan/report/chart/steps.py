"""Waterfalls: from one level to another, or from nothing to a change, step by step."""

from __future__ import annotations

import polars as pl

from tongyuan.report.base.format import number, shorten
from tongyuan.report.chart.bars import bars
from tongyuan.report.chart.base import (
    CLEAR,
    DOWN,
    INK,
    TOTAL,
    UP,
    Option,
    category_axis,
    framed,
    grid,
    value_axis,
)


def waterfall(
    frame: pl.DataFrame,
    category: str,
    value: str,
    *,
    unit: str,
    start: tuple[str, float],
    end: tuple[str, float],
    more_is_better: bool = False,
) -> Option:
    """Return a waterfall from `start` over the changes in `frame` to `end` (each a name and a value).

    Changes are drawn from the running level; rises and falls have their own colours, those of a thing of
    which less is better unless `more_is_better`. Where the running
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
        return bars(frame, category, value, unit=unit, horizontal=True)
    rise, fall = (DOWN, UP) if more_is_better else (UP, DOWN)
    shown = [(start[1], TOTAL), *((step, rise if step > 0 else fall) for _, step in steps), (end[1], TOTAL)]
    bars_data = []
    for index, (amount, colour) in enumerate(shown):
        sign = "+" if amount > 0 and 0 < index < len(shown) - 1 else ""
        text: Option = {"show": True, "formatter": sign + number(amount), "color": INK, "position": "right"}
        bars_data.append({"value": shorten(abs(amount)), "itemStyle": {"color": colour}, "label": text})
    shared: Option = {"type": "bar", "stack": "all", "barMaxWidth": 26}
    ghost: Option = {"silent": True, "itemStyle": {"color": CLEAR}, "tooltip": {"show": False}}
    series = [shared | ghost | {"data": [shorten(b) for b in base]}, shared | {"data": bars_data}]
    axes = {"xAxis": value_axis(unit, True), "yAxis": category_axis(names, inverse=True)}
    return framed({"grid": grid(8, right=64), **axes, "series": series})


def contributions(
    frame: pl.DataFrame, category: str, value: str, *, unit: str, total: str, digits: int = 3
) -> Option:
    """Return a waterfall of what a change is made of: signed steps from zero, then their sum.

    Steps may cross zero: the part above and the part below are stacked apart, so that the bar of every step
    runs from the level before it to the level after it. Each bar is labelled with its step.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per step, in order: its name in `category`, its signed amount in `value`.
    total : str
        Name of the last bar, the sum of the steps.
    digits : int
        Significant digits of the labels.
    """
    steps = [(str(name), float(step)) for name, step in frame.select(category, value).iter_rows()]
    names = [*(name for name, _ in steps), total]
    reach = sum(step for _, step in steps)
    hidden: list[float | None] = []
    above: list[Option] = []
    below: list[Option] = []
    for index, (before, after) in enumerate(_levels(steps, reach)):
        low, high = sorted((before, after))
        step = after - before
        colour = TOTAL if index == len(steps) else UP if step > 0 else DOWN
        hidden.append(shorten(low if low > 0 else high if high < 0 else 0.0))
        up, down = max(0.0, high) - max(0.0, low), min(0.0, low) - min(0.0, high)
        text = ("+" if step > 0 else "") + number(step, digits)
        rightmost = above if up > 0 else below
        for side, amount in ((above, up), (below, down)):
            item: Option = {"value": shorten(amount), "itemStyle": {"color": colour}}
            if side is rightmost:
                item["label"] = {"show": True, "formatter": text, "color": INK, "position": "right"}
            side.append(item)
    shared: Option = {"type": "bar", "stack": "all", "barMaxWidth": 26}
    ghost: Option = {"silent": True, "itemStyle": {"color": CLEAR}, "tooltip": {"show": False}}
    series = [shared | ghost | {"data": hidden}, shared | {"data": above}, shared | {"data": below}]
    axes = {
        "xAxis": value_axis(unit, True),
        "yAxis": category_axis(names, inverse=True, axisLine={"onZero": False}),
    }
    return framed({"grid": grid(8, left=16, right=64), **axes, "series": series})


def _levels(steps: list[tuple[str, float]], reach: float) -> list[tuple[float, float]]:
    """Return the level before and after every step, and at last zero and the whole change."""
    found, level = [], 0.0
    for _, step in steps:
        found.append((level, level + step))
        level += step
    return [*found, (0.0, reach)]
