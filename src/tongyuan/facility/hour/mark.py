"""Marks of times: chains of marks that count from a quarter of an hour, and times out of control."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

CHAIN_MINUTES = 15
"""Least length of a chain of marks that counts [min]."""
MINUTE = timedelta(minutes=1)


def chains(marks: pl.DataFrame, least: int = CHAIN_MINUTES) -> pl.DataFrame:
    """Number the chains of segments that follow without a gap, and leave out those too short to count.

    Parameters
    ----------
    marks
        `facility, outlet, time_from, time_to, mark`; both ends are minutes that belong to the segment.
    least
        Least length of a chain [min].

    Returns
    -------
    polars.DataFrame
        The segments kept, with `minutes` of their own, `chain` and `chain_minutes`.

    References
    ----------
    As observed on a national platform (2026-10); the text of the marking rule of 2022 was not read.
    """
    outlet = ["facility", "outlet"]
    ordered = marks.sort(*outlet, "time_from")
    reach = pl.col("time_to").cum_max().shift().over(outlet)
    begins = pl.col("time_from") > reach + MINUTE
    numbered = ordered.with_columns(begins.fill_null(True).cum_sum().alias("chain"))
    length = (pl.col("time_to").max() - pl.col("time_from").min() + MINUTE).over("chain").dt.total_minutes()
    own = (pl.col("time_to") - pl.col("time_from") + MINUTE).dt.total_minutes()
    kept = numbered.with_columns(own.alias("minutes"), length.alias("chain_minutes"))
    return kept.filter(pl.col("chain_minutes") >= least)


def out_of_control(calibrations: pl.DataFrame) -> pl.DataFrame:
    """Return the times out of control: from the last passed test before a failure to the next passed.

    Parameters
    ----------
    calibrations
        `facility, outlet, parameter, time, passed`.

    Returns
    -------
    polars.DataFrame
        `facility, outlet, parameter, time_from, time_to, mark` with mark ``X``; `time_to` is null while no
        later test was passed, and `time_from` where none was passed before.

    References
    ----------
    HJ 75-2017, data out of control.
    """
    key = ["facility", "outlet", "parameter"]
    ordered = calibrations.sort(*key, "time")
    passed = pl.when(pl.col("passed")).then("time")
    spans = ordered.with_columns(
        passed.forward_fill().over(key).alias("time_from"),
        passed.backward_fill().over(key).alias("time_to"),
    )
    failed = spans.filter(~pl.col("passed")).select(*key, "time_from", "time_to").unique(maintain_order=True)
    return failed.with_columns(pl.lit("X").alias("mark"))
