"""Which outlet the figure of an installation belongs to, so that it meets what is measured there."""

from __future__ import annotations

import polars as pl

AT = ["facility", "installation"]
SLACK = 1e-9


def to_outlets(
    figures: pl.DataFrame, link: pl.DataFrame, outlets: pl.DataFrame, installations: pl.DataFrame
) -> pl.DataFrame:
    """Return figures of installations as figures of outlets.

    Parameters
    ----------
    figures
        `facility, month, installation, mass` and others.
    link
        Table ``outlet_link``. Shares that add up to more than one are taken in proportion: a
        figure is divided, never multiplied.
    outlets
        Table ``outlet``; only those of air receive anything.
    installations
        Table ``installation``: only to tell which have no link.

    Returns
    -------
    DataFrame
        The rows with `outlet`: those of the links in force in the month; the only air outlet of
        the enterprise where an installation has no link; empty where nothing tells.
    """
    air = outlets.filter(pl.col("medium") == "air").select("facility", "outlet").unique()
    served = link.join(air, on=["facility", "outlet"], how="semi").select(
        *AT, "outlet", "month_from", "month_to", pl.col("share").fill_null(1.0)
    )
    alone = air.filter(pl.len().over("facility") == 1)
    without = installations.select(AT).unique().join(served, on=AT, how="anti")
    implied = without.join(alone, on="facility").with_columns(
        pl.lit(None, pl.String).alias("month_from"), pl.lit(None, pl.String).alias("month_to"),
        pl.lit(1.0).alias("share"),
    )  # fmt: skip
    every = pl.concat([served, implied.select(served.columns)])
    months = figures.select(*AT, "month").unique()
    inside = (pl.col("month_from").fill_null("") <= pl.col("month")) & (
        pl.col("month") <= pl.col("month_to").fill_null("9999-12")
    )
    now = (
        months.join(every, on=AT)
        .filter(inside)
        .group_by(*AT, "month", "outlet")
        .agg(pl.col("share").sum())
        .with_columns(pl.col("share").sum().over(*AT, "month").alias("total"))
        .with_columns(pl.col("share") / pl.max_horizontal("total", pl.lit(1.0)))
    )
    rest = (
        now.group_by(*AT, "month")
        .agg((1 - pl.col("share").sum()).alias("share"))
        .filter(pl.col("share") > SLACK)
        .with_columns(pl.lit("").alias("outlet"))
    )
    shares = pl.concat(
        [now.select(*AT, "month", "outlet", "share"), rest.select(*AT, "month", "outlet", "share")]
    )
    return (
        figures.join(shares, on=[*AT, "month"], how="left", maintain_order="left")
        .with_columns(pl.col("mass") * pl.col("share").fill_null(1.0), pl.col("outlet").fill_null(""))
        .drop("share")
    )


def elsewhere(candidates: pl.DataFrame, link: pl.DataFrame) -> pl.DataFrame:
    """Mark figures without an outlet where an outlet without a link measures the same.

    Such a measurement may hold them already: they are kept beside, never added.
    """
    free = candidates.filter(
        pl.col("method").is_in(["monitored", "manual"]), pl.col("fault") == "", pl.col("outlet") != ""
    ).join(link.select("facility", "outlet").unique(), on=["facility", "outlet"], how="anti")
    seen = free.select("facility", "month", "species").unique().with_columns(pl.lit(True).alias("_seen"))
    rows = candidates.join(seen, on=["facility", "month", "species"], how="left", maintain_order="left")
    inside = (pl.col("outlet") == "") & pl.col("_seen").fill_null(False) & (pl.col("fault") == "")
    return rows.with_columns(
        pl.when(inside).then(pl.lit("elsewhere")).otherwise("fault").alias("fault")
    ).drop("_seen")
