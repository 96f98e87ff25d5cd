"""A picture of a table, for a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from tongyuan.reference.shelf import Language

if TYPE_CHECKING:
    from tongyuan.report.picture.plot import Kind


def picture(
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
    """Draw a table as :func:`tongyuan.report.picture.plot.plot` does; return the axes of matplotlib."""
    from tongyuan.report.picture.plot import plot

    return plot(name, frame, kind, x, y, by, unit, language, top=top, axes=axes)
