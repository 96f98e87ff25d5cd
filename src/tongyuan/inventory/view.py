"""Views of an emission table: sums, CO2 equivalents, pollution equivalents."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.reference import gwp
from tongyuan.reference.shelf import shelf


def total(
    emission: pl.DataFrame, by: Sequence[str] = ("region", "year", "species"), scope: str | None = "direct"
) -> pl.DataFrame:
    """Return emission summed by columns `by`; ``value`` and ``uncontrolled`` add up, limits do not.

    Parameters
    ----------
    emission
        Table ``emission``.
    by
        Columns kept; ``species`` and ``unit`` are always among them, for unlike things are not added.
    scope
        Scope that counts; None counts all.
    """
    chosen = emission if scope is None else emission.filter(pl.col("scope") == scope)
    columns = list(dict.fromkeys([*by, "species", "unit"]))
    return (
        chosen.group_by(columns)
        .agg(pl.col("value").sum(), pl.col("uncontrolled").sum(), pl.len().cast(pl.Int64).alias("row_count"))
        .sort(columns)
    )


def co2e(emission: pl.DataFrame, name: str = "AR5", horizon: gwp.Horizon = 100) -> pl.DataFrame:
    """Return the greenhouse-gas rows of `emission` as CO2 equivalents: species ``CO2e``, value × GWP.

    Column ``gas`` keeps the gas each row is from. Biogenic CO2 counts zero and stays visible.
    """
    rows = gwp.co2e(emission.filter(pl.col("medium") == "ghg"), name, horizon)
    scaled = [(pl.col(c) * pl.col("gwp")).alias(c) for c in ("value", "uncontrolled", "lower", "upper")]
    return rows.with_columns(*scaled, pl.col("species").alias("gas"), pl.lit("CO2e").alias("species")).drop(
        "gwp", "co2e"
    )


def pollution_equivalent(emission: pl.DataFrame) -> pl.DataFrame:
    """Return rows that have a legal equivalent value (污染当量值) as pollution equivalents.

    Species becomes ``APeq`` or ``WPeq``; column ``substance`` keeps what it was. The value is the mass [kg]
    over the equivalent value [kg].
    """
    values = (
        shelf("species")
        .filter(pl.col("equivalent_kg") != "")
        .select("species", pl.col("equivalent_kg").cast(pl.Float64), "equivalent_medium")
    )
    rows = emission.join(values, on="species", maintain_order="left")
    scale = 1000.0 / pl.col("equivalent_kg")
    name = pl.when(pl.col("equivalent_medium") == "water").then(pl.lit("WPeq")).otherwise(pl.lit("APeq"))
    return rows.with_columns(
        *((pl.col(c) * scale).alias(c) for c in ("value", "uncontrolled", "lower", "upper")),
        pl.col("species").alias("substance"),
        name.alias("species"),
        pl.lit("pollutant_equivalent").alias("unit"),
    ).drop("equivalent_kg", "equivalent_medium")
