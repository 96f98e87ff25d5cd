"""Declared emissions against accounted ones: understated, overstated, forgotten."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform

TOLERANCE = 0.2
"""Share by which both may differ and still agree; a round number of ours."""


def compare(declared: pl.DataFrame, accounted: pl.DataFrame, tolerance: float = TOLERANCE) -> pl.DataFrame:
    """Return table ``declared_state``: every substance that is declared or accounted.

    Parameters
    ----------
    declared, accounted
        ``project, species, value`` [t].
    tolerance : float [1]
        Declared below ``1 − tolerance`` of the accounted is understated, above ``1 + tolerance`` overstated.
    """
    keys = ["project", "species"]
    both = declared.select(*keys, declared="value").join(
        accounted.select(*keys, accounted="value"),
        on=keys,
        how="full",
        coalesce=True,
        maintain_order="left_right",
    )
    share = pl.when(pl.col("accounted") > 0).then(pl.col("declared") / pl.col("accounted"))
    state = (
        pl.when(pl.col("accounted").is_null())
        .then(pl.lit("not_accounted"))
        .when(pl.col("declared").is_null())
        .then(pl.lit("not_declared"))
        .when(pl.col("declared") < (1 - tolerance) * pl.col("accounted"))
        .then(pl.lit("understated"))
        .when(pl.col("declared") > (1 + tolerance) * pl.col("accounted"))
        .then(pl.lit("overstated"))
        .otherwise(pl.lit("agrees"))
    )
    return conform("declared_state", both.with_columns(share=share, state=state))
