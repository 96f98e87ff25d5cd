"""Radar: several indicators of one scale at once."""

from __future__ import annotations

import polars as pl

from tongyuan.report.base.format import shorten
from tongyuan.report.chart.base import GRID, INK, PALETTE, Option, framed, legend_rows, ordered

LEAST_AXES = 3


def radar(frame: pl.DataFrame, axis: str, value: str, series: str, *, maximum: float = 1.0) -> Option:
    """Return a radar of `value` on every `axis`, one outline per `series`; the rim is `maximum`.

    Parameters
    ----------
    frame : polars.DataFrame
        One row per axis and series. All values known: an axis that one series lacks cannot be drawn without
        passing for zero and has to be left out by the caller.

    Raises
    ------
    ValueError
        With fewer than three axes, or with a value missing.
    """
    axes, names = ordered(frame, axis), ordered(frame, series)
    held = {(str(a), str(s)): v for a, s, v in frame.select(axis, series, value).iter_rows()}
    rows = [[held.get((a, s)) for a in axes] for s in names]
    if len(axes) < LEAST_AXES or any(v is None for row in rows for v in row):
        raise ValueError("a radar takes three axes or more, with a value on each")
    drawn = [
        {
            "name": name,
            "value": [shorten(v) for v in row],
            "lineStyle": {"color": PALETTE[k % len(PALETTE)], "width": 2},
            "itemStyle": {"color": PALETTE[k % len(PALETTE)]},
            "areaStyle": {"color": PALETTE[k % len(PALETTE)], "opacity": 0.12},
        }
        for k, (name, row) in enumerate(zip(names, rows, strict=True))
    ]
    top = 24 * legend_rows(names)
    shape = {
        "indicator": [{"name": a, "max": maximum, "min": 0} for a in axes],
        "axisName": {"color": INK, "fontSize": 12, "width": 120, "overflow": "break"},
        "splitArea": {"show": False},
        "splitLine": {"lineStyle": {"color": GRID}},
        "axisLine": {"lineStyle": {"color": GRID}},
        "center": ["50%", "54%"],
        "radius": "62%",
    }
    return framed(
        {"radar": shape, "series": [{"type": "radar", "symbolSize": 6, "data": drawn}], "grid": {"top": top}},
        names,
    )
