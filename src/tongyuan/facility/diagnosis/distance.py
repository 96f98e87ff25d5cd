"""Distances: how far concentrations, tonnes and intensities are from what they are held against."""

from __future__ import annotations

import polars as pl

COLUMNS = ("facility", "outlet", "aspect", "indicator", "value", "unit", "reference", "distance", "source")


def distance(value: pl.Expr, reference: pl.Expr) -> pl.Expr:
    """Return how far `value` lies above `reference`, as a share of it; negative is below."""
    return pl.when(reference > 0).then(value / reference - 1)


def to_limits(months: pl.DataFrame) -> pl.DataFrame:
    """Return the distance of the mean concentration of a year to the limit of each outlet and species.

    Parameters
    ----------
    months
        Table ``outlet_month``; the mean is weighted by valid hours.
    """
    weight = pl.col("hours_valid")
    known = months.filter(pl.col("mean").is_not_null())
    year = known.group_by("facility", "outlet", "species", "unit", maintain_order=True).agg(
        ((pl.col("mean") * weight).sum() / weight.sum()).alias("value"),
        pl.col("limit").last().alias("reference"),
    )
    rows = year.with_columns(
        aspect=pl.lit("limit_of_concentration"),
        indicator=pl.col("species"),
        distance=distance(pl.col("value"), pl.col("reference")),
        source=pl.lit("permit_limit"),
    )
    return rows.select(COLUMNS)


EARLIER = {"pig_iron": 1, "coke": 2, "sinter": 3, "pellet": 3}
"""What a works of steel makes on the way, by how many steps before steel: more tonnes of it are made."""


def intensities(emission: pl.DataFrame, output: pl.DataFrame) -> pl.DataFrame:
    """Return tonnes of each species per unit of the main product of an enterprise and year.

    Parameters
    ----------
    emission
        `facility, year, species, mass` [t].
    output
        `facility, year, product, value, unit`; the main product is the one made last in the chain of steel
        (:data:`EARLIER`), of others the one with the greatest output, else the first by name.
    """
    chain = pl.col("product").replace_strict(EARLIER, default=0, return_dtype=pl.Int8)
    main = (
        output.group_by("facility", "year", "product", "unit")
        .agg(pl.col("value").sum())
        .filter(pl.col("value") > 0)
        .sort("facility", "year", chain, pl.col("value").neg(), "product")
        .unique(["facility", "year"], keep="first", maintain_order=True)
    )
    summed = emission.group_by("facility", "year", "species", maintain_order=True).agg(pl.col("mass").sum())
    joined = summed.join(main, on=["facility", "year"], how="inner", maintain_order="left")
    return joined.select(
        "facility",
        "year",
        "species",
        "product",
        (pl.col("mass") / pl.col("value")).alias("value"),
        pl.concat_str(pl.lit("t/"), "unit").alias("unit"),
    )
