"""What is left of budgets: limit less what is used, promised and asked for, for every substance at once."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.table import conform


def headroom(budget: pl.DataFrame, asked: pl.DataFrame, used: pl.DataFrame | None = None) -> pl.DataFrame:
    """Return table ``headroom``; it falls below nought where more is asked for than is left.

    Parameters
    ----------
    budget
        Table ``zone_budget``; what is not said to be used is that of `used`.
    asked
        ``zone, item, value``: what projects under review would add, in the unit of the budget.
    used
        ``zone, item, value``: emissions of the inventory, in the unit of the budget.
    """
    keys = ["zone", "item"]
    wanted = asked.group_by(keys).agg(pl.col("value").sum().alias("asked"))
    held = budget.join(wanted, on=keys, how="left", maintain_order="left")
    if used is not None:
        known = used.group_by(keys).agg(pl.col("value").sum().alias("accounted"))
        held = held.join(known, on=keys, how="left", maintain_order="left")
    else:
        held = held.with_columns(accounted=pl.lit(None, dtype=pl.Float64))
    held = held.with_columns(
        pl.col("used").fill_null(pl.col("accounted")), pl.col("asked", "reserved").fill_null(0.0)
    ).filter(pl.col("used").is_not_null())
    left = pl.col("limit") - pl.col("used") - pl.col("reserved") - pl.col("asked")
    return conform(
        "headroom",
        held.with_columns(left=left).select(*keys, "limit", "used", "reserved", "asked", "left", "unit"),
    )
