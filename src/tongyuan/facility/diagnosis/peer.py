"""Peers as bands: where an enterprise stands among its like, without naming any of them."""

from __future__ import annotations

import polars as pl

LEAST = 5
"""Fewer peers would give a neighbour away, and are no band."""


def bands(values: pl.DataFrame, group: str = "kind") -> pl.DataFrame:
    """Return for each figure the band of its peers and its place in it.

    Parameters
    ----------
    values
        `facility`, `group`, `indicator`, `value`; lower is better.

    Returns
    -------
    polars.DataFrame
        The rows with `peers` (others of its group), `low, middle, high` (10 %, 50 %, 90 % of the others) and
        `place`: share of the others that are better. Without enough peers all of them are null.
    """
    key = [group, "indicator"]
    known = values.filter(pl.col("value").is_not_null())
    others = known.select("facility", *key, "value").rename({"facility": "_other", "value": "_value"})
    pairs = known.join(others, on=key, how="left").filter(pl.col("_other") != pl.col("facility"))
    summed = pairs.group_by("facility", *key).agg(
        pl.len().alias("peers"),
        pl.col("_value").quantile(0.1, "linear").alias("low"),
        pl.col("_value").median().alias("middle"),
        pl.col("_value").quantile(0.9, "linear").alias("high"),
        (pl.col("_value") < pl.col("value")).mean().alias("place"),
    )
    joined = values.join(summed, on=["facility", *key], how="left", maintain_order="left")
    enough = pl.col("peers") >= LEAST
    return joined.with_columns(
        pl.when(enough).then(pl.col(n)).alias(n) for n in ("low", "middle", "high", "place")
    )
