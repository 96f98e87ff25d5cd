"""Pollutant equivalents and which of them are taxed: the first three or five of each outlet."""

from __future__ import annotations

from functools import cache

import polars as pl

from tongyuan.reference.shelf import shelf

FIRST = {"air": 3, "water_1": 5, "water_2": 3}
"""Pollutants taxed at one outlet by class (Environmental Protection Tax Law, Article 9)."""
DUST = "air.dust"
"""General dust: particulate matter of processes; that of combustion is soot."""
PLACE = ["facility", "month", "outlet"]


@cache
def items() -> pl.DataFrame:
    """Return the taxed pollutants: `item, class, equivalent_kg, one_of, title_zh, title_en, species`."""
    frame = shelf("tax_equivalent").filter(pl.col("unit") == "kg")
    group = pl.when(pl.col("class") == "water_other").then(pl.lit("water_2")).otherwise("class")
    return frame.select(
        pl.col("id").alias("item"),
        group.alias("class"),
        pl.col("value").cast(pl.Float64).alias("equivalent_kg"),
        "one_of",
        "title_zh",
        "title_en",
        "species",
    )


def with_items(emission: pl.DataFrame) -> pl.DataFrame:
    """Give every emission its taxed pollutant; species the law does not tax are left out.

    Parameters
    ----------
    emission
        `facility, month, outlet, species, mass` [kg]; `origin` (``process`` makes particulate matter general
        dust) and `item` (own choice of the taxed pollutant) where they are known.
    """
    known = items().filter(pl.col("species") != "").select("species", pl.col("item").alias("_item"))
    frame = emission.join(known, on="species", how="left", maintain_order="left")
    chosen = pl.col("_item")
    if "origin" in emission.columns:
        dust = (pl.col("species") == "TSP") & (pl.col("origin") == "process")
        chosen = pl.when(dust).then(pl.lit(DUST)).otherwise(chosen)
    if "item" in emission.columns:
        chosen = pl.coalesce(pl.col("item"), chosen)
    frame = frame.with_columns(chosen.alias("item")).drop("_item").filter(pl.col("item").is_not_null())
    return frame.join(items().drop("species"), on="item", how="inner", maintain_order="left")


def ranked(emission: pl.DataFrame) -> pl.DataFrame:
    """Return equivalents, their order and whether they are taxed.

    Parameters
    ----------
    emission
        As in :func:`with_items`; one row for each outlet, month and taxed pollutant.

    Returns
    -------
    polars.DataFrame
        The rows with `item, class, equivalent, rank, taxed, why`; `why` says of those not taxed ``order`` or
        ``counted_once``: oxygen demand of water is taxed once, by the greatest.

    References
    ----------
    Environmental Protection Tax Law, Articles 8 and 9, Annex 2.
    """
    frame = with_items(emission).with_columns((pl.col("mass") / pl.col("equivalent_kg")).alias("equivalent"))
    frame = frame.sort(*PLACE, "class", pl.col("equivalent").neg(), "item")
    group = [*PLACE, "class", "one_of"]
    twin = (pl.col("one_of") != "") & (pl.int_range(pl.len()).over(group) > 0)
    frame = frame.with_columns(twin.alias("_twin"))
    order = (~pl.col("_twin")).cast(pl.Int64).cum_sum().over(*PLACE, "class")
    rank = pl.when(~pl.col("_twin")).then(order)
    first = pl.col("class").replace_strict(FIRST, return_dtype=pl.Int64)
    return frame.with_columns(
        rank.alias("rank"),
        (rank <= first).fill_null(False).alias("taxed"),
        pl.when("_twin")
        .then(pl.lit("counted_once"))
        .when(rank > first)
        .then(pl.lit("order"))
        .otherwise(pl.lit(""))
        .alias("why"),
    ).drop("_twin")
