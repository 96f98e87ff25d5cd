"""Reductions for clean discharge: 75 % and 50 % of the tax (Article 13)."""

from __future__ import annotations

import polars as pl

SHARES = {"no_reduction": 1.0, "reduced_75": 0.75, "reduced_50": 0.5, "exempt": 0.0}
"""Share of the tax that is paid."""
SLACK = 1e-12
"""Relative slack of the comparison: thirty per cent below the limit is thirty per cent below it."""


def reduction(mean: pl.Expr, limit: pl.Expr, over: pl.Expr) -> pl.Expr:
    """Return which reduction a pollutant of an outlet has in a month.

    Parameters
    ----------
    mean
        Mean of the month of the hourly values (water: of the daily means) [mg/m3, mg/L].
    limit
        Limit of the emission standard in the same unit.
    over
        Hours (water: days) and laboratory values of the month above the limit, exempt or not.

    Returns
    -------
    polars.Expr
        ``no_reduction``, ``reduced_75`` or ``reduced_50``; nothing known is no reduction.

    References
    ----------
    Environmental Protection Tax Law, Article 13; implementing rules, Article 10.
    """
    known = mean.is_not_null() & limit.is_not_null() & over.is_not_null()
    clean = known & (over == 0) & (limit > 0)
    half = mean <= 0.5 * limit * (1 + SLACK)
    third = mean <= 0.7 * limit * (1 + SLACK)
    return (
        pl.when(clean & half)
        .then(pl.lit("reduced_50"))
        .when(clean & third)
        .then(pl.lit("reduced_75"))
        .otherwise(pl.lit("no_reduction"))
    )
