"""Green power: certificates issued month by month, and claims on one plant that never exceed what it made."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

import polars as pl

CERTIFICATE = Decimal(1000)
"""Power behind one certificate [kWh]."""


class Issue(NamedTuple):
    """Certificates of a month, and the power carried to the next [MWh]."""

    certificates: int
    carried: Decimal


def issue_certificates(settled: Sequence[Decimal]) -> list[Issue]:
    """Return the certificates of each month's settled power; what is short of one is carried on.

    Parameters
    ----------
    settled : sequence of Decimal [MWh]

    Raises
    ------
    ValueError
        If a month is negative.
    """
    carried, made = Decimal(0), []
    for month in settled:
        if month < 0:
            raise ValueError("settled power is not negative")
        whole = carried + month
        count = (whole * 1000 / CERTIFICATE).to_integral_value(ROUND_DOWN)
        carried = whole - count * CERTIFICATE / 1000
        made.append(Issue(int(count), carried))
    return made


def allow_claims(claim: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """Return what of each claim on green power stands: the same kWh is never claimed twice.

    Claims on a plant and year are served in the order of their dates, then of their names, until what it
    made is used up.

    Parameters
    ----------
    claim : DataFrame
        ``claim, plant, year, day, amount`` [MWh].
    made : DataFrame
        ``plant, year, amount`` [MWh].

    Returns
    -------
    DataFrame
        The claims with ``allowed`` and ``refused`` [MWh]; allowed sums to no more than what was made.
    """
    supply = made.group_by("plant", "year").agg(pl.col("amount").sum().alias("made"))
    ordered = claim.sort("plant", "year", "day", "claim", maintain_order=True)
    before = pl.col("amount").cum_sum().over("plant", "year") - pl.col("amount")
    left = (pl.col("made").fill_null(0.0) - before).clip(0.0)
    shown = ordered.join(supply, on=["plant", "year"], how="left", maintain_order="left")
    shown = shown.with_columns(pl.min_horizontal("amount", left).alias("allowed"))
    return shown.with_columns((pl.col("amount") - pl.col("allowed")).alias("refused")).drop("made")


def metered_export(exported: float, imported: float, error: float, *, calibrated: bool) -> float:
    """Return the power a wind or sun project may count, its meter checked or not (CCER-01-002, 7.3.4).

    Without a valid calibration what was sent out is lowered, and what was taken in raised, by the greatest
    error of the meter's class.

    Parameters
    ----------
    exported, imported : float [MWh]
    error : float [1]
        Greatest error of the class, 0.002 for class 0.2S.
    """
    wrong = 0.0 if calibrated else error
    return exported * (1 - wrong) - imported * (1 + wrong)
