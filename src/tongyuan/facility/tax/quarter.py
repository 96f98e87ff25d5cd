"""The return of a quarter: the lines as they are printed, and their sum."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from tongyuan.facility.rounding import half_up

DUE_DAYS = 15
"""Days after the quarter within which the return is due [d] (Article 19)."""
LINE = ("facility", "quarter", "number", "month", "medium", "outlet", "item", "title_zh", "title_en")


def quarter_of(month: str) -> str:
    """Return the quarter of a month.

    Examples
    --------
    >>> quarter_of("2025-06")
    '2025Q2'
    """
    return f"{month[:4]}Q{(int(month[5:7]) - 1) // 3 + 1}"


def due(quarter: str) -> date:
    """Return the day by which the return of `quarter` is due.

    Examples
    --------
    >>> due("2025Q4")
    datetime.date(2026, 1, 15)
    """
    year, number = int(quarter[:4]), int(quarter[-1])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return after + timedelta(days=DUE_DAYS - 1)


def tax_return(account: pl.DataFrame) -> pl.DataFrame:
    """Return the lines of the return: taxed pollutants by month, outlet and order, rounded as printed.

    Parameters
    ----------
    account
        What :func:`~tongyuan.facility.tax.account.tax_account` returns.

    Returns
    -------
    polars.DataFrame
        `facility, quarter, number, month, medium, outlet, item, title_zh, title_en, mass` [kg, 2 decimals],
        `equivalent_kg, equivalent` [2 decimals], `rate, due_before, relief, tax` [yuan, 2 decimals, half up].
        A line without a rate has no tax.
    """
    taxed = account.filter("taxed").with_columns(
        pl.col("month").map_elements(quarter_of, pl.String).alias("quarter")
    )
    full = pl.col("equivalent") * pl.col("rate")

    def printed(value: pl.Expr) -> pl.Expr:
        return value.map_elements(lambda x: half_up(x, 2), pl.Float64)

    ordered = taxed.sort("facility", "month", "medium", "outlet", "rank").with_columns(
        pl.int_range(1, pl.len() + 1).over("facility", "quarter").alias("number"),
        printed(full).alias("due_before"),
        printed(pl.col("tax")).alias("tax"),
        printed(pl.col("mass")).alias("mass"),
        printed(pl.col("equivalent")).alias("equivalent"),
    )
    relief = printed(pl.col("due_before") - pl.col("tax"))
    return ordered.with_columns(relief.alias("relief")).select(
        *LINE, "mass", "equivalent_kg", "equivalent", "rate", "due_before", "relief", "tax"
    )


def totals(lines: pl.DataFrame) -> pl.DataFrame:
    """Return the tax of each enterprise and quarter, the sum of printed lines, and when it is due.

    A quarter with a line without a rate has no sum: `lines_without_rate` tells how many there are.
    """
    lacking = pl.col("tax").is_null().sum()
    summed = lines.group_by("facility", "quarter", maintain_order=True).agg(
        lacking.alias("lines_without_rate"),
        pl.col("due_before").sum(),
        pl.col("relief").sum(),
        pl.when(lacking == 0).then(pl.col("tax").sum()).alias("tax"),
    )
    return summed.with_columns(pl.col("quarter").map_elements(due, pl.Date).alias("due_day"))
