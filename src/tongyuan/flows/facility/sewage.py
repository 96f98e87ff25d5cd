"""Months of sewage works as the yearly plants of the inventory: the published methods are applied there."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference.language import say

WEIGHTED = ("cod_in", "cod_out", "tn_in", "tn_out", "tp_out", "nh3n_out")
"""Concentrations that are weighted by the water of their month."""


def plants(tables: Mapping[str, pl.DataFrame], years: tuple[int, ...] = ()) -> pl.DataFrame:
    """Return table ``wastewater_plant`` of the sewage works that report by month.

    Parameters
    ----------
    tables
        Tables ``sewage_month`` and ``facility``.
    years
        Years wanted; all when empty.

    Returns
    -------
    DataFrame
        One row for each works, line and year: water, sludge and methane summed, concentrations weighted by
        the water of the months that have them. Missing months are not filled in.
    """
    months, who = (tables.get(n, empty(n)) for n in ("sewage_month", "facility"))
    region = who.select("facility", "region").unique("facility", keep="first")
    rows = months.join(region, on="facility").with_columns(
        pl.col("month").str.slice(0, 4).cast(pl.Int64).alias("year"),
        pl.format("{} {}", "facility", "installation").alias("plant"),
    )
    rows = rows.filter(pl.col("year").is_in(years)) if years else rows

    def mean(name: str) -> pl.Expr:
        known = pl.col(name).is_not_null()
        water = pl.col("flow").filter(known).sum()
        return (
            pl.when(water > 0).then((pl.col(name) * pl.col("flow")).filter(known).sum() / water).alias(name)
        )

    made = rows.group_by("region", "year", "plant", "kind", "treatment", maintain_order=True).agg(
        pl.col("flow").sum().alias("volume"),
        *(mean(name) for name in WEIGHTED),
        pl.col("sludge_dry").sum(),
        pl.col("methane_recovered").sum(),
        pl.col("sludge_organic").mean().fill_null(0.0).alias("sludge_volatile"),
    )
    source = pl.lit(say("flows", "facility_source", "zh")).alias("source")
    return conform("wastewater_plant", made.with_columns(source))
