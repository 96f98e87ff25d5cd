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


def to_ultra_low(months: pl.DataFrame, bounds: pl.DataFrame, share: float = 0.95) -> pl.DataFrame:
    """Return whether each outlet keeps the ultra-low bounds, and the distance of its mean.

    Parameters
    ----------
    bounds
        `facility, outlet, species, value` [mg/m3] and `source`: what the works is held to.
    share
        Least share of hours within the bound; only hours above the *limit* are known from a month, so
        the share is asked of months whose limit is the bound.
    """
    at = to_limits(months).drop("reference", "distance", "source", "aspect")
    joined = at.join(
        bounds.select(
            "facility",
            "outlet",
            pl.col("species").alias("indicator"),
            pl.col("value").alias("reference"),
            "source",
        ),
        on=["facility", "outlet", "indicator"],
        how="inner",
        maintain_order="left",
    )
    hours = months.group_by("facility", "outlet", pl.col("species").alias("indicator")).agg(
        (1 - pl.col("hours_over").sum() / pl.col("hours_valid").sum()).alias("_within"),
        pl.col("limit").max().alias("_limit"),
    )
    both = joined.join(hours, on=["facility", "outlet", "indicator"], how="left", maintain_order="left")
    asked = pl.when(pl.col("_limit") <= pl.col("reference")).then(pl.col("_within") >= share)
    return both.with_columns(
        aspect=pl.lit("ultra_low"), distance=distance(pl.col("value"), pl.col("reference")), kept=asked
    ).select(*COLUMNS, "kept")


def intensities(emission: pl.DataFrame, output: pl.DataFrame) -> pl.DataFrame:
    """Return tonnes of each species per unit of the main product of an enterprise and year.

    Parameters
    ----------
    emission
        `facility, year, species, mass` [t].
    output
        `facility, year, product, value, unit`; the product with the greatest output in its unit is the
        main one where several share a unit, else the first by name.
    """
    main = (
        output.group_by("facility", "year", "product", "unit")
        .agg(pl.col("value").sum())
        .filter(pl.col("value") > 0)
        .sort("facility", "year", pl.col("value").neg(), "product")
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
