"""Figures for publications: blocks of the report as vector drawings or pictures, one panel each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from tongyuan.ledger.write.atomic import replacing
from tongyuan.report.base.block import ChartBlock
from tongyuan.report.picture.figure import draw, drawable, settings

FORMATS = (".svg", ".pdf", ".png")
PANEL = (8.6, 2.2, 0.55)
"""Width of a column of a journal, height of a panel without bars, and of each bar [cm]."""


def save(blocks: Sequence[ChartBlock], path: str | Path, *, dots: int = 300) -> Path:
    """Draw `blocks` as panels a, b, c … of one figure and write it; the ending of `path` says how.

    Parameters
    ----------
    blocks : sequence of ChartBlock
        Charts with a pair of axes (coordinates, rank bands, scores, waterfalls); others are left out.
    path : str or Path
        ``.svg`` or ``.pdf`` (vector, text as outlines and as fonts) or ``.png``.
    dots : int
        Resolution of a PNG [dots per inch].

    Returns
    -------
    Path
        The file written; the same blocks give the same bytes.

    Raises
    ------
    ValueError
        If the ending is none of :data:`FORMATS`, or if no block can be drawn.
    """
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    target = Path(path)
    drawn = [block for block in blocks if drawable(block.option)]
    if target.suffix.lower() not in FORMATS or not drawn:
        raise ValueError(f"a figure is one of {', '.join(FORMATS)} and has at least one chart with axes")
    columns = 1 if len(drawn) == 1 else 2
    lines = math.ceil(len(drawn) / columns)
    wide = PANEL[0] * (1.8 if columns == 1 else columns)
    high = sum(max(map(_height, drawn[k * columns : (k + 1) * columns])) for k in range(lines))
    with rc_context(settings()):
        figure = Figure(figsize=(wide / 2.54, high / 2.54), layout="constrained")
        FigureCanvasAgg(figure)
        panels = figure.subplots(lines, columns, squeeze=False).reshape(-1)
        for place, axes in enumerate(panels):
            if place >= len(drawn):
                axes.set_axis_off()
                continue
            block = drawn[place]
            draw(axes, block.option)
            letter = f"{chr(ord('a') + place)}  " if len(drawn) > 1 else ""
            axes.set_title(letter + block.caption, loc="left", fontsize=9)
            if block.option.get("legend"):
                axes.legend(fontsize=7, frameon=False, loc="best")
        empty = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {"Software": None}}
        with replacing(target) as temporary:
            figure.savefig(temporary, dpi=dots, metadata=empty[target.suffix.lower()])
    return target


def _height(block: ChartBlock) -> float:
    laid = block.option["yAxis"].get("data")
    return PANEL[1] + PANEL[2] * len(laid) if laid else PANEL[1] + 6.0
