"""The same inventory on Spark: only the sum of activity by (group, source key) runs on the cluster.

Everything after that sum is as small as the number of keys, so it is the embedded algebra that goes on.
Needs the extra ``tongyuan[spark]``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from tongyuan.inventory.account.algebra import KEY, Encoded, assemble
from tongyuan.ledger.read.cluster import session


def sums(
    frame: Any, by: Sequence[str], *, key: Sequence[str] = KEY, values: Sequence[str] = ("value",)
) -> pl.DataFrame:
    """Return activity of a Spark frame summed by `by` and `key`; this is all the cluster has to do."""
    from pyspark.sql import functions

    columns = list(dict.fromkeys([*by, *key]))
    text = [name for name, dtype in frame.dtypes if name in columns and dtype == "string"]
    summed = (
        frame.fillna("", subset=text)
        .groupBy(*columns)
        .agg(*(functions.sum(value).alias(value) for value in values))
    )
    table: Any = summed.toArrow()
    result = pl.from_arrow(table)
    assert isinstance(result, pl.DataFrame)
    return result


def encode_spark(
    activity: Any,
    by: Sequence[str],
    *,
    key: Sequence[str] = KEY,
    value: str = "value",
    spark: Any = None,
) -> Encoded:
    """Encode activity on Spark as :func:`tongyuan.inventory.account.algebra.encode` does.

    Parameters
    ----------
    activity
        A Spark frame, or a polars frame that is sent to the session.
    by, key, value
        As in :func:`~tongyuan.inventory.account.algebra.encode`.
    spark
        Session to use; the running or a new local one when None.

    Returns
    -------
    Encoded
        Sums only: the codes of single rows stay on the cluster.
    """
    if isinstance(activity, pl.DataFrame):
        columns = list(dict.fromkeys([*by, *key, value]))
        number = activity[value].cast(pl.Float64)
        if number.null_count() or not bool(number.is_finite().all()):
            raise ValueError(f"column {value!r} has missing or non-finite values; missing is not zero")
        arrow = activity.select(columns).to_arrow(compat_level=pl.CompatLevel.oldest())
        activity = (spark or session()).createDataFrame(arrow)
    return assemble(sums(activity, by, key=key, values=[value]), by, key=key, value=value)
