"""Tax of solid waste and of noise."""

from __future__ import annotations

import math

import polars as pl

from tongyuan.reference.shelf import shelf

WASTE_RATES = {
    "gangue_waste": "solid.coal_gangue",
    "tailings": "solid.tailings",
    "hazardous": "solid.hazardous_waste",
    "other_solid": "solid.other",
}
"""Row of the shelf ``tax_rate`` of each class of waste."""
SHORT_DAYS = 15
"""Days of noise in a month below which half the amount is due [d]."""


def _value(identifier: str) -> float:
    return float(shelf("tax_rate").filter(pl.col("id") == identifier)["minimum"][0])


def waste_tax(waste: pl.DataFrame) -> pl.DataFrame:
    """Return the tax of solid waste: (generated − used − stored − disposed, all in compliance) · rate.

    Parameters
    ----------
    waste
        `facility, month, waste, tax_class, generated` [t]; `used, stored, disposed` [t] where there are any.

    Returns
    -------
    polars.DataFrame
        The rows with `discharged` [t], `rate` and `tax` [yuan]. More taken away than generated comes from
        stock and is no discharge.

    References
    ----------
    Environmental Protection Tax Law, Annex 1; implementing rules, Article 5.
    """
    kept = [pl.col(n).fill_null(0.0) for n in ("used", "stored", "disposed") if n in waste.columns]
    away = pl.sum_horizontal(pl.lit(0.0), *kept)
    rates = {key: _value(row) for key, row in WASTE_RATES.items()}
    return waste.with_columns(
        (pl.col("generated") - away).clip(lower_bound=0.0).alias("discharged"),
        pl.col("tax_class").replace_strict(rates, return_dtype=pl.Float64).alias("rate"),
    ).with_columns((pl.col("discharged") * pl.col("rate")).alias("tax"))


def noise_step(excess: float) -> float:
    """Return the monthly amount [yuan] of noise `excess` dB above the limit; whole decibels, rounded up.

    Examples
    --------
    >>> noise_step(7), noise_step(5), noise_step(0)
    (1400.0, 700.0, 0.0)
    """
    above = math.ceil(round(excess, 9))
    if above <= 0:
        return 0.0
    for row in ("noise.1-3", "noise.4-6", "noise.7-9", "noise.10-12", "noise.13-15"):
        if above <= int(row.rpartition("-")[2]):
            return _value(row)
    return _value("noise.16+")


def noise_tax(day_excess: float, night_excess: float, days: float) -> float:
    """Return the tax [yuan] of one place and month: day and night added, half of it below 15 days.

    Parameters
    ----------
    day_excess, night_excess
        Noise above the limit by day and by night [dB].
    days
        Days of the month with noise above the limit [d].

    References
    ----------
    Environmental Protection Tax Law, Annex 1, notes on noise.

    Examples
    --------
    >>> noise_tax(72 - 65, 60 - 55, 10)
    1050.0
    """
    whole = noise_step(day_excess) + noise_step(night_excess)
    return whole * 0.5 if days < SHORT_DAYS else whole
