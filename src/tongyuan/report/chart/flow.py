"""Flows between layers of nodes."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.report.base.format import shorten
from tongyuan.report.chart.base import INK, Option, framed


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
    return framed(
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
