"""The execution report of a permit: by month, quarter or year, outlet by outlet."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

COLUMNS = (
    "facility",
    "period",
    "outlet",
    "species",
    "hours_valid",
    "hours_over",
    "over_share",
    "maximum",
    "mean",
    "emission",
    "limit",
    "method",
)


def period_of(month: str, kind: str) -> str:
    """Return the period a month lies in: ``month``, ``quarter`` or ``year``.

    Examples
    --------
    >>> period_of("2025-05", "quarter"), period_of("2025-05", "year")
    ('2025Q2', '2025')
    """
    if kind == "month":
        return month
    if kind == "quarter":
        return f"{month[:4]}Q{(int(month[5:7]) + 2) // 3}"
    if kind == "year":
        return month[:4]
    raise ValueError(kind)


def due(period: str) -> date:
    """Return when a report is due: a month's by the 10th, a quarter's by the 15th, a year's by 31 January.

    References
    ----------
    环办便函〔2025〕436号, read second-hand.

    Examples
    --------
    >>> due("2025-12"), due("2025Q1"), due("2025")
    (datetime.date(2026, 1, 10), datetime.date(2025, 4, 15), datetime.date(2026, 1, 31))
    """
    year = int(period[:4])
    if "-" in period:
        month = int(period[5:7])
        return date(year + month // 12, month % 12 + 1, 10)
    if "Q" in period:
        quarter = int(period[-1])
        return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) + timedelta(days=14)
    return date(year + 1, 1, 31)


def execution_report(emission: pl.DataFrame, hours: pl.DataFrame, kind: str = "quarter") -> pl.DataFrame:
    """Return the lines of the execution report.

    Parameters
    ----------
    emission
        `facility, month, outlet, species, mass` [t], `method` (a list).
    hours
        Table ``outlet_month``: `hours_valid, hours_over, maximum, mean, limit`; the mean of a period is
        that of its valid hours.
    """

    def of(month: pl.Expr) -> pl.Expr:
        return month.map_elements(lambda m: period_of(m, kind), pl.String).alias("period")

    key = ["facility", "period", "outlet", "species"]
    masses = (
        emission.with_columns(of(pl.col("month")))
        .group_by(key, maintain_order=True)
        .agg(pl.col("mass").sum().alias("emission"), pl.col("method").explode().unique().sort())
    )
    weight = pl.col("hours_valid")
    seen = (
        hours.with_columns(of(pl.col("month")))
        .group_by(key, maintain_order=True)
        .agg(
            weight.sum(),
            pl.col("hours_over").sum(),
            pl.col("maximum").max(),
            ((pl.col("mean") * weight).sum() / weight.filter(pl.col("mean").is_not_null()).sum()).alias(
                "mean"
            ),
            pl.col("limit").last(),
        )
    )
    joined = masses.join(seen, on=key, how="full", coalesce=True)
    share = pl.when(pl.col("hours_valid") > 0).then(pl.col("hours_over") / pl.col("hours_valid"))
    return joined.with_columns(share.alias("over_share")).select(COLUMNS).sort(key)
