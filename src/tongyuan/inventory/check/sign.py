"""The sign of emissions: no pollutant is emitted below zero; only carbon may be taken up."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.coding import plain
from tongyuan.ledger.finding import Finding, finding

TAKEN_UP = ("CO2", "CO2_biogenic", "CO2e")
"""Species that may be negative: growing stocks take up CO2, and carbon leaves with products."""

ROUNDING = 1e-9
"""Below zero by less than this share of what was generated is rounding."""


def below_zero(emission: pl.DataFrame) -> list[Finding]:
    """Return an error for every source and species other than CO2 that comes out below zero.

    Parameters
    ----------
    emission
        Table ``emission``.
    """
    size = pl.col("uncontrolled").abs().fill_null(0.0) * ROUNDING
    below = emission.select(
        (pl.col("value") < -size) & ~pl.col("species").is_in(TAKEN_UP) & (pl.col("medium") != "resource")
    ).to_series()
    if not below.any():
        return []
    wrong = plain(emission.filter(below))
    named = {
        alias: pl.col(column)
        .explode()
        .drop_nulls()
        .unique(maintain_order=True)
        .head(3)
        .str.join(", ")
        .replace("", "–")
        for alias, column in (("records", "factor_id"), ("controls", "control"))
    }
    sums = wrong.group_by("species", "region", "process", "product", maintain_order=True).agg(
        pl.col("value").sum().round_sig_figs(4), pl.col("unit").first(), pl.col("year").min(), **named
    )
    return [finding("inventory", "below_zero", **row) for row in sums.to_dicts()]
