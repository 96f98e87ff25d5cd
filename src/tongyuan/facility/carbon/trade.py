"""Electricity bought and sold: an indirect emission where the guide accounts it, else shown beside."""

from __future__ import annotations

from functools import cache

import polars as pl

from tongyuan.reference import units
from tongyuan.reference.energy.grid import MissingGridFactorError, grid_factor, table

NATIONAL = "100000"
SIGN = {"power_buy": 1.0, "power_sell": -1.0}


@cache
def _grid(year: int) -> tuple[float | None, str]:
    """Return the factor of the carbon market for `year` [t/MWh], else the latest national mean before it."""
    for variant in ("ets", "average"):
        try:
            found = grid_factor(NATIONAL, year, variant)
        except MissingGridFactorError:
            continue
        return units.convert(found.value, found.unit, "t/MWh"), f"grid:{found.id}"
    means = table().filter(pl.col("area") == NATIONAL, pl.col("variant") == "average")
    earlier = means.filter(pl.col("year_to").cast(pl.Int64, strict=False) < year).sort("year_to")
    if earlier.is_empty():
        return None, ""
    row = earlier.row(-1, named=True)
    return units.convert(float(row["value"]), row["unit"], "t/MWh"), f"grid:{row['id']}"


def trade_lines(trade: pl.DataFrame) -> pl.DataFrame:
    """Return the CO2 of electricity bought (sold: below zero), with the grid factor of the country.

    Parameters
    ----------
    trade
        Table ``energy_trade`` with ``purchased_power`` of the guide; `kind` of the enterprise stands in
        ``kind`` and that of the row in ``trade_kind``.

    Returns
    -------
    DataFrame
        Rows with ``emission`` [t CO2], ``factor_id``, ``method``, ``counted`` (only where the guide accounts
        purchased power) and ``problem`` (``unit``, ``grid`` or empty). Rows of heat and certificates are left
        out.
    """
    rows = trade.filter(pl.col("trade_kind").is_in(list(SIGN)))
    years = rows["month"].str.slice(0, 4).cast(pl.Int64).to_list()
    factors = [_grid(year) for year in years]
    scales: list[float | None] = []
    for unit in rows["unit"].to_list():
        energy = units.known(unit) and units.dimension(unit) == "energy"
        scales.append(units.factor(unit, "MWh") if energy else None)
    rows = rows.with_columns(
        pl.Series("scale", scales, dtype=pl.Float64),
        pl.Series("grid", [value for value, _ in factors], dtype=pl.Float64),
        pl.Series("factor_id", [name for _, name in factors], dtype=pl.String),
        pl.col("trade_kind").replace_strict(SIGN, return_dtype=pl.Float64).alias("sign"),
    )
    problem = (
        pl.when(pl.col("scale").is_null()).then(pl.lit("unit"))
        .when(pl.col("grid").is_null()).then(pl.lit("grid"))
        .otherwise(pl.lit(""))
    )  # fmt: skip
    return rows.with_columns(
        (pl.col("value") * pl.col("scale") * pl.col("grid") * pl.col("sign")).alias("emission"),
        problem.alias("problem"),
        pl.lit("guide_default").alias("method"),
        pl.lit("CO2").alias("species"),
        pl.lit("energy.purchased_electricity").alias("process"),
        pl.lit("electricity").alias("product"),
        pl.lit("energy_use").alias("origin"),
        ((pl.col("purchased_power") == "account") & (problem == "")).alias("counted"),
        pl.col("grid").alias("factor_used"),
    ).drop("scale", "grid", "sign")
