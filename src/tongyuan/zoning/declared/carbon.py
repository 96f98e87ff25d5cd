"""The carbon of a project by part: fuel, process, net power and heat."""

from __future__ import annotations

import polars as pl

FUEL, PROCESS, POWER = "fuel_carbon", "process_carbon", "power_heat_carbon"
BOUGHT = ("electricity", "heat")


def carbon_parts(emission: pl.DataFrame) -> pl.DataFrame:
    """Return ``project, part, value`` [t CO2] of emission rows: ``AE = fuel + process + net power and heat``.

    Parameters
    ----------
    emission
        ``project, species, scope, origin, product, value`` [t]; what is avoided does not count.
    """
    carbon = emission.filter(pl.col("species") == "CO2", pl.col("scope").fill_null("direct") != "avoided")
    part = (
        pl.when(pl.col("product").is_in(BOUGHT) | (pl.col("scope") == "indirect"))
        .then(pl.lit(POWER))
        .when(pl.col("origin") == "combustion")
        .then(pl.lit(FUEL))
        .otherwise(pl.lit(PROCESS))
    )
    return (
        carbon.with_columns(part=part)
        .group_by("project", "part", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("project", "part")
    )
