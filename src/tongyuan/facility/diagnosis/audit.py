"""双超双有高耗能: who must have a clean-production audit, and why."""

from __future__ import annotations

import polars as pl

REASONS = ("over_limit", "over_total", "toxic_used", "toxic_emitted", "energy_over")
"""Reasons of Article 27 of the law on clean production.

Above the standard, above the permitted total, toxic matter used or emitted, above the energy limit.
"""
TOXIC = ("Hg", "Pb", "Cd", "As", "Cr", "Cr6", "Ni", "Be", "cyanide", "BaP", "benzene", "PCDD/F")
"""Species counted as toxic where they are emitted; the official list of priority pollutants is longer."""
CYCLE_YEARS = 5
"""Longest time between two audits [a]."""


def audits_due(
    hours_over: pl.DataFrame,
    totals: pl.DataFrame,
    emitted: pl.DataFrame,
    levels: pl.DataFrame,
    used: pl.DataFrame,
) -> pl.DataFrame:
    """Return the enterprises on the list with their reasons.

    Parameters
    ----------
    hours_over
        `facility, hours_over` above the standard.
    totals
        `facility, share` of permitted tonnes used in a year.
    emitted
        `facility, species`.
    levels
        `facility, level`: ``above`` is above the limit of energy.
    used
        `facility` of those that use toxic raw material.

    Returns
    -------
    polars.DataFrame
        `facility, reasons` (a list, in the order of :data:`REASONS`).
    """
    plain = pl.col("species").str.strip_suffix("_water").is_in(TOXIC)
    found = {
        "over_limit": hours_over.filter(pl.col("hours_over") > 0),
        "over_total": totals.filter(pl.col("share") > 1),
        "toxic_used": used,
        "toxic_emitted": emitted.filter(plain),
        "energy_over": levels.filter(pl.col("level") == "above"),
    }
    rows = pl.concat(
        [
            frame.select(pl.col("facility").cast(pl.String))
            .unique()
            .with_columns(pl.lit(name).alias("reason"), pl.lit(k).alias("order"))
            for k, (name, frame) in enumerate(found.items())
        ]
    )
    return (
        rows.sort("facility", "order")
        .group_by("facility", maintain_order=True)
        .agg(pl.col("reason").alias("reasons"))
    )
