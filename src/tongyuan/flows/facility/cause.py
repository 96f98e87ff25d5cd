"""What causes the pollutants of an enterprise: fuel that burns, products of processes, devices in between."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.carbon.account import Carbon
from tongyuan.facility.carbon.works import WHOLE
from tongyuan.ledger.table import conform, empty
from tongyuan.reference.language import say

BY_PRODUCT = (
    "kiln_line", "coke_oven", "sinter", "pellet", "blast_furnace", "converter", "electric_furnace",
    "cell_series",
)  # fmt: skip
"""Installations whose pollutants follow their product: the factors of the product hold their fuel too."""
COLUMNS = ("facility", "month", "region", "installation", "process", "product", "amount", "unit", "acts")


def causes(made: Carbon) -> pl.DataFrame:
    """Return fuel and products of every month, each unit of fuel once.

    Parameters
    ----------
    made
        The carbon of the enterprises.

    Returns
    -------
    DataFrame
        :data:`COLUMNS`; `acts` says whether a row yields pollutants. Fuel of an installation whose pollutants
        follow its product does not: it is known as fuel of the enterprise all the same. Where a works reports
        its fuel as a whole and by process, the whole keeps what the processes leave of it.
    """
    burnt = made.fuel.filter("counted", pl.col("state") != "given_out").with_columns(
        pl.when(pl.col("per") == "t").then(pl.lit("t")).otherwise(pl.lit("10^4 m3")).alias("unit")
    )
    at = ["facility", "month", "product", "unit"]
    whole = pl.col("installation_kind") == WHOLE
    inside = burnt.filter(~whole).group_by(at).agg(pl.col("amount").sum().alias("inside"))
    burnt = burnt.join(inside, on=at, how="left", maintain_order="left").with_columns(
        pl.when(whole)
        .then((pl.col("amount") - pl.col("inside").fill_null(0.0)).clip(0.0))
        .otherwise("amount")
        .alias("amount"),
        (~pl.col("installation_kind").is_in(BY_PRODUCT)).alias("acts"),
    )
    products = made.outputs.filter(
        pl.col("installation_kind").is_in(BY_PRODUCT), pl.col("per") == "t"
    ).with_columns(pl.lit("t").alias("unit"), pl.lit(True).alias("acts"))
    rows = pl.concat([burnt.select(COLUMNS), products.select(COLUMNS)])
    return rows.filter(pl.col("amount") > 0).with_columns(pl.col("product").fill_null(""))


def running(runs: pl.DataFrame) -> pl.DataFrame:
    """Return the share of the hours of production each device ran in each month (`operation`)."""
    known = runs.filter(pl.col("production_hours") > 0)
    share = (pl.col("hours").sum() / pl.col("production_hours").sum()).clip(0, 1)
    return known.group_by("facility", "device", "month").agg(share.alias("operation"))


def controls(
    rows: pl.DataFrame, devices: pl.DataFrame, runs: pl.DataFrame, given: pl.DataFrame
) -> pl.DataFrame:
    """Return devices of enterprises as table ``control``.

    A device acts on the share of its source that its installation has; its operation is its hours over those
    of the production, month by month. A source for which the area's own table names devices keeps those.

    Parameters
    ----------
    rows
        Causes with `month`, `year` and the region of the area.
    devices, runs
        Tables ``device`` and ``device_run``.
    given
        Table ``control`` of the area.
    """
    at = ["region", "year", "process", "product"]
    total = rows.group_by(at).agg(pl.col("amount").sum().alias("total"))
    hours = running(runs)
    fitted = (
        rows.join(
            devices.select("facility", "installation", "device", "control"), on=["facility", "installation"]
        )
        .join(hours, on=["facility", "device", "month"], how="left")
        .group_by(*at, "control")
        .agg(
            pl.col("amount").sum().alias("fitted"),
            ((pl.col("operation").fill_null(1.0) * pl.col("amount")).sum() / pl.col("amount").sum()).alias(
                "operation"
            ),
        )
        .join(total, on=at)
        .join(given.select("region", "year", "process").unique(), on=at[:3], how="anti")
    )
    if fitted.is_empty():
        return empty("control")
    made = fitted.sort(*at, "control").with_columns(
        (pl.col("fitted") / pl.col("total")).clip(0, 1).alias("applied"),
        pl.lit("").alias("technology"),
        pl.lit(say("flows", "facility_source", "zh")).alias("source"),
    )
    return conform("control", made.drop("fitted", "total"))
