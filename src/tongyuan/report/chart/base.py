"""What all charts share: colours, axes, the box they stand in."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

import polars as pl

from tongyuan.report.base.format import shorten

Option = dict[str, Any]

INK = "#24292f"
GRID = "#d8dee4"
UP = "#b5432f"
DOWN = "#2a7f62"
TOTAL = "#3b5b92"
CLEAR = "rgba(0,0,0,0)"
PALETTE = ("#3b5b92", "#e09f3e", "#5fa8d3", "#7a5195", "#8d6e63", "#d782ba", "#2b8a9e", "#a3a847", "#4a4e69")
"""Colours of things that are merely different; red and green are kept for rises and falls."""


def ink_on(colour: str) -> str:
    """Return the ink that is read best on `colour` (WCAG 2 relative luminance): white or dark."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#ffffff" if 1.05 / (light + 0.05) > (light + 0.05) / 0.0662 else INK


def text_width(text: str) -> int:
    """Return the width of `text` at 12 px in pixels, wide characters counting double."""
    return sum(12 if unicodedata.east_asian_width(c) in "WF" else 7 for c in text)


def legend_rows(names: Sequence[str], width: int = 900) -> int:
    """Return how many rows a legend of `names` takes at `width` pixels."""
    used, rows = 0, 1
    for name in names:
        need = text_width(name) + 34
        if used and used + need > width:
            rows, used = rows + 1, 0
        used += need
    return rows


def framed(option: Option, legend: Sequence[str] = (), width: int = 900) -> Option:
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


def grid(top: int, **more: Any) -> Option:
    """Return the box of a pair of axes, its labels inside the drawing."""
    box = {"left": 8, "right": 24, "top": top, "bottom": 8, "outerBoundsMode": "same"}
    return box | {"outerBoundsContain": "all"} | more


def category_axis(names: Sequence[str], **more: Any) -> Option:
    """Return an axis of `names`, every one written."""
    return {
        "type": "category",
        "data": list(names),
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": "#8c959f"}},
        "axisLabel": {"color": INK, "interval": 0, "hideOverlap": False},
    } | more


def value_axis(unit: str, horizontal: bool = False, **more: Any) -> Option:
    """Return an axis of numbers with its `unit`, at its end or, laid down, below its middle."""
    place: Option = (
        {"nameLocation": "middle", "nameGap": 28}
        if horizontal
        else {"nameLocation": "end", "nameTextStyle": {"align": "left", "color": INK}}
    )
    axis: Option = {"type": "value", "name": unit, "nameTextStyle": {"color": INK}}
    axis |= {"axisLabel": {"color": INK}, "splitLine": {"lineStyle": {"color": GRID}}}
    if horizontal:
        # on a narrow screen numbers side by side would touch
        axis |= {"axisLabel": {"color": INK, "hideOverlap": True}, "splitNumber": 4}
    return axis | place | more


def ordered(frame: pl.DataFrame, column: str) -> list[str]:
    """Return the distinct texts of `column` in the order of their first appearance."""
    return [str(v) for v in frame[column].unique(maintain_order=True).to_list()]


def series_values(frame: pl.DataFrame, category: str, value: str, names: Sequence[str]) -> list[float | None]:
    """Return the sum of `value` for each of `names`, None where there is none."""
    held: dict[str, float | None] = {}
    for name, number in frame.select(category, value).iter_rows():
        if number is not None:
            held[str(name)] = (held.get(str(name)) or 0.0) + float(number)
    return [shorten(held.get(name)) for name in names]
