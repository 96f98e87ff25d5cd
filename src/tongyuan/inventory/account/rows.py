"""Activity by source key: row by row, summed here, or summed on a cluster; and the species a row yields."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.inventory.account.algebra import KEY, codes
from tongyuan.ledger.table import LIST, ONLY

_LEFT_OUT = "excluded"


def each(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the keys of `frame` and its rows.

    Parameters
    ----------
    frame
        Activity as :func:`tongyuan.inventory.account.account.prepare` makes it.

    Returns
    -------
    keys, rows
        ``key`` and the columns of the source key; ``key, value, uncertainty [%], activity_id, excluded``.
    """
    key, keys = codes(frame, KEY)
    rows = pl.DataFrame({"key": key}).with_columns(
        pl.col("key").cast(pl.UInt32), *(frame[c] for c in ("value", "uncertainty", "activity_id", _LEFT_OUT))
    )
    return keys.with_row_index("key"), rows


def summed(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return keys and rows as :func:`each`, with one row for each key and what it leaves out.

    Sums of the same rows in the same order are the same. The uncertainty of a sum is the root of the sum of
    squares over its rows, none where no row has any.
    """
    if frame["uncertainty"].null_count() == frame.height and not (frame[_LEFT_OUT].list.len() > 0).any():
        return _plain_sums(frame)
    group, groups = codes(frame, [_LEFT_OUT])
    key, key_table = codes(frame, KEY)
    keys = key_table.height
    place, of = np.unique(group.astype(np.int64) * keys + key, return_inverse=True)

    def total(weight: pl.Series) -> npt.NDArray[np.float64]:
        whole = np.bincount(of, weights=weight.to_numpy(), minlength=len(place))
        return whole.astype(np.float64)

    parts = spread_parts(frame)
    rows = pl.DataFrame(
        {
            "key": (place % max(keys, 1)).astype(np.uint32),
            _LEFT_OUT: groups[_LEFT_OUT].gather((place // max(keys, 1)).tolist()),
            "value": total(parts["value"]),
            "square": total(parts["square"]),
            "known": total(parts["known"]),
        }
    )
    return key_table.with_row_index("key"), _with_uncertainty(rows)


def _plain_sums(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return what :func:`summed` does where no row has an uncertainty or leaves a species out."""
    key, key_table = codes(frame, KEY)
    keys = key_table.with_row_index("key")
    total = np.bincount(key, weights=frame["value"].to_numpy(), minlength=keys.height)
    rows = keys.select(
        "key",
        pl.Series("value", total, dtype=pl.Float64),
        uncertainty=pl.lit(None, dtype=pl.Float64),
        activity_id=pl.lit(""),
        excluded=pl.lit([], dtype=LIST),
    )
    return keys, rows


def on_cluster(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return keys and rows as :func:`summed`, with the sums made on Spark."""
    from tongyuan.inventory.account.spark import sums
    from tongyuan.ledger.read.cluster import session

    parts = spread_parts(frame).to_arrow(compat_level=pl.CompatLevel.oldest())
    names = ("value", "square", "known")
    table = sums(session().createDataFrame(parts), [_LEFT_OUT], values=names).sort(_LEFT_OUT, *KEY)
    keys = codes(table, KEY)[1].with_row_index("key")
    rows = table.join(keys, on=list(KEY), maintain_order="left").sort(_LEFT_OUT, "key")
    return keys, _with_uncertainty(rows.select("key", _LEFT_OUT, *names))


def spread_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what is summed: value, the square of its half width, and whether it has one."""
    half = pl.col("value") * pl.col("uncertainty").fill_null(0.0)
    return frame.select(
        *KEY,
        _LEFT_OUT,
        pl.col("value").cast(pl.Float64),
        (half**2).alias("square"),
        pl.col("uncertainty").is_not_null().cast(pl.Float64).alias("known"),
    )


def _with_uncertainty(rows: pl.DataFrame) -> pl.DataFrame:
    known = (pl.col("known") > 0) & (pl.col("value") != 0)
    return rows.select(
        pl.col("key").cast(pl.UInt32),
        "value",
        pl.when(known).then(pl.col("square").sqrt() / pl.col("value").abs()).alias("uncertainty"),
        pl.lit("").alias("activity_id"),
        _LEFT_OUT,
    ).sort("key", _LEFT_OUT)


def yielded(values: pl.DataFrame) -> pl.DataFrame:
    """Return emission rows without the species their activity row leaves out (column ``excluded``)."""
    pairs = values.select(_LEFT_OUT, "species").filter(pl.col(_LEFT_OUT).list.len() > 0).unique()
    if pairs.is_empty():
        return values
    named = pl.col(_LEFT_OUT).list.contains(pl.col("species"))
    dropped = pairs.filter(named != (pl.col(_LEFT_OUT).list.first() == ONLY))
    return values.join(dropped, on=[_LEFT_OUT, "species"], how="anti", maintain_order="left")
