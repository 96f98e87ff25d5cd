"""The one definition of change: which sources two years can be compared on, like for like."""

from __future__ import annotations

import polars as pl


def incomparable(frame: pl.DataFrame, source: str = "process") -> pl.DataFrame:
    """Return the sources that some year of their region has no data for.

    Parameters
    ----------
    frame
        Rows with ``region, year`` and the column `source`; a column ``scope`` limits them to direct ones.
    source : str
        Column that names a source: ``process`` of emissions, ``sector`` where nothing finer is known.

    Returns
    -------
    DataFrame
        ``region`` and `source`, sorted. A source is missing in a year that has other sources but no row of
        it; a row of zero is data.
    """
    rows = direct(frame)
    years = rows.group_by("region").agg(pl.col("year").n_unique().alias("years"))
    seen = rows.group_by("region", source).agg(pl.col("year").n_unique().alias("seen"))
    part = seen.join(years, on="region").filter(pl.col("seen") < pl.col("years"))
    return part.select("region", source).sort("region", source)


def like_for_like(frame: pl.DataFrame, source: str = "process") -> pl.DataFrame:
    """Return the direct rows of sources that have data in every year of their region.

    A source reported in one year only would show as a change what is a gap of data. Every change that is
    reported (cards, chapters, bulletins, synergy, scores) is one of these rows.
    """
    return direct(frame).join(
        incomparable(frame, source), on=["region", source], how="anti", maintain_order="left"
    )


def direct(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of direct scope; all rows of a table without scopes."""
    if "scope" not in frame.columns:
        return frame
    return frame.filter(pl.col("scope").fill_null("direct") == "direct")
