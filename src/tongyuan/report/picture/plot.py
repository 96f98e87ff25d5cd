"""A plain picture of any table, for notebooks: bars, lines, or how often values occur."""

from __future__ import annotations

from typing import Any, Literal

import polars as pl

from tongyuan.ledger.table import names, table
from tongyuan.ledger.write.write import worded
from tongyuan.reference.shelf import Language
from tongyuan.reference.units import text
from tongyuan.report.base.format import scale
from tongyuan.report.chart import PALETTE, bars, lines
from tongyuan.report.picture.figure import draw, settings

Kind = Literal["bar", "line", "hist"]
BINS = 40


def plot(
    name: str,
    frame: pl.DataFrame,
    kind: Kind,
    x: str,
    y: str,
    by: str | None,
    unit: str,
    language: Language,
    *,
    top: int = 15,
    axes: Any = None,
) -> Any:
    """Draw column `y` of a table over column `x` and return the axes of matplotlib.

    Parameters
    ----------
    name
        Table of the ledger that `frame` is of, for its words; any other name draws the ids.
    frame
        Its values are in one `unit`; rows of one place of the picture are added up.
    kind
        ``bar``: the `top` largest places as horizontal bars; ``line``: in the order of `x`; ``hist``: how
        often values of `y` occur.
    by
        Column whose values are series of their own, None for one series.
    axes
        Axes to draw on; new ones when None.
    """
    from matplotlib import pyplot, rc_context

    keys = [column for column in (x, by) if column is not None and kind != "hist"]
    shown = worded(name, frame, language) if name in names() else frame
    with rc_context(settings()):
        drawn = pyplot.subplots(layout="constrained")[1] if axes is None else axes
        if kind == "hist":
            _frequency(drawn, shown, y, by, unit, language)
            return drawn
        sums = shown.group_by(keys, maintain_order=True).agg(pl.col(y).sum())
        step = scale(sums[y].to_list(), unit, language)
        written = step.unit if step.factor != 1.0 else text(step.unit, language)
        sums = sums.with_columns(pl.col(y) / step.factor, pl.col(*keys).cast(pl.String).fill_null("–"))
        if kind == "bar":
            size = sums.group_by(x).agg(pl.col(y).sum().abs().alias("size")).sort("size", descending=True)
            kept = size.head(top)
            ordered = kept.join(sums, on=x, how="left", maintain_order="left")
            draw(drawn, bars(ordered, x, y, by, unit=written, horizontal=True, stack=by is not None))
        else:
            draw(drawn, lines(sums.sort(*keys), x, y, by, unit=written))
        drawn.set_title(title(name, y, language), fontsize=10)
        if by is not None:
            drawn.legend(frameon=False, fontsize=8)
    return drawn


def _frequency(axes: Any, frame: pl.DataFrame, y: str, by: str | None, unit: str, language: Language) -> None:
    step = scale(frame[y].to_list(), unit, language)
    parts = (
        [("", frame)] if by is None else [(str(k[0]), f) for k, f in frame.group_by(by, maintain_order=True)]
    )
    for place, (named, part) in enumerate(parts):
        colour = PALETTE[place % len(PALETTE)]
        axes.hist(part[y] / step.factor, BINS, color=colour, alpha=0.7, label=named or None)
    axes.set_xlabel(step.unit if step.factor != 1.0 else text(step.unit, language))
    if by is not None:
        axes.legend(frameon=False, fontsize=8)


def title(name: str, column: str, language: Language) -> str:
    """Return titles of a table and of one of its columns; a name that the ledger does not know is kept."""
    if name not in names():
        return name
    known = table(name)
    head = known.title_en if language == "en" else known.title_zh
    found = next((c for c in known.columns if c.name == column), None)
    if found is None:
        return head
    return f"{head} · {found.title_en if language == 'en' else found.title_zh}"
