"""A fleet is an installation: fuel of its vehicles as fuel of the enterprise, and fuel against distance."""

from __future__ import annotations

from typing import Literal

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.reference import units
from tongyuan.reference.method.parameter import ParameterError, parameter

FLEET = "车队"
"""Installation of vehicles that name none."""
LOW, HIGH = 0.7, 1.3
"""Consumption against what is expected, within which fuel and distance agree (a proposal)."""
State = Literal["consistent", "too_much_fuel", "too_little_fuel", "no_distance", "not_comparable"]


def _scale(unit: str, product: str, density: float | None, unverified: bool) -> tuple[float, str] | None:
    """Return what brings fuel in `unit` to t or 10^4 m3; None where a liquid lacks its density."""
    factor, canonical = units.canonical(unit) if units.known(unit) else (0.0, "")
    if canonical == "t":
        return factor, "t"
    if canonical != "m3":
        return 0.0, unit
    try:
        known = parameter("fleet", "density", edition="fleet", item=product, include_unverified=True)
    except ParameterError:
        return factor / 1e4, "10^4 m3"
    if density is None and not unverified:
        return None
    per_litre = density if density is not None else known.value
    return factor * per_litre, "t"


def fleet_fuel(runs: pl.DataFrame, vehicles: pl.DataFrame, *, unverified: bool = False) -> pl.DataFrame:
    """Return the fuel of vehicles as rows of ``fuel_use``.

    Parameters
    ----------
    runs
        Table ``vehicle_run``.
    vehicles
        Table ``vehicle``.
    unverified
        Whether densities that were not read in print act.

    Returns
    -------
    DataFrame
        ``facility, month, installation, product, state, value, unit`` and ``process`` (the kind of vehicle),
        with `trouble`: ``vehicle`` where it is in no table, ``density`` where a liquid fuel is given by
        volume without one. Rows without fuel are left out.
    """
    who = vehicles.select(
        "facility", "vehicle", "product", "installation", pl.col("kind").alias("process")
    ).unique(["facility", "vehicle"], keep="first", maintain_order=True)
    rows = runs.filter(pl.col("value").is_not_null()).join(
        who, on=["facility", "vehicle"], how="left", maintain_order="left"
    )
    scales = [
        _scale(unit or "", product or "", density, unverified)
        for unit, product, density in rows.select("unit", "product", "density").iter_rows()
    ]
    trouble = (
        pl.when(pl.col("product").is_null())
        .then(pl.lit("vehicle"))
        .when(pl.Series([scale is None for scale in scales], dtype=pl.Boolean))
        .then(pl.lit("density"))
        .otherwise(pl.lit(""))
    )
    return rows.with_columns(
        pl.Series([scale[0] if scale else 0.0 for scale in scales], dtype=pl.Float64).alias("scale"),
        pl.Series([scale[1] if scale else "" for scale in scales], dtype=pl.String).alias("unit"),
        pl.coalesce(pl.when(pl.col("installation") != "").then("installation"), pl.lit(FLEET)).alias(
            "installation"
        ),
        trouble.alias("trouble"),
        pl.lit("fired").alias("state"),
    ).with_columns((pl.col("value") * pl.col("scale")).alias("value"))


def fleet_check(runs: pl.DataFrame, vehicles: pl.DataFrame, inspections: pl.DataFrame) -> pl.DataFrame:
    """Return table ``fleet_check``: litres a hundred kilometres of every vehicle and month.

    What is expected is the rated consumption, else the median of vehicles of the same kind, fuel and stage
    (three at least). Fuel by mass or of gases is not compared.

    Parameters
    ----------
    runs, vehicles, inspections
        Tables ``vehicle_run``, ``vehicle`` and ``vehicle_inspection``.
    """
    if runs.is_empty():
        return empty("fleet_check")
    who = vehicles.select("facility", "vehicle", "kind", "product", "standard", "consumption_rated").unique(
        ["facility", "vehicle"], keep="first"
    )
    litre = [
        units.factor(unit, "L") if unit and units.known(unit) and units.dimension(unit) == "volume" else None
        for unit in runs["unit"].to_list()
    ]
    rows = runs.with_columns((pl.col("value") * pl.Series(litre, dtype=pl.Float64)).alias("fuel")).join(
        who, on=["facility", "vehicle"], how="left", maintain_order="left"
    )
    alike = ["kind", "product", "standard"]
    each = pl.when(pl.col("distance") > 0).then(pl.col("fuel") / pl.col("distance") * 100)
    rows = rows.with_columns(each.alias("consumption"))
    peers = pl.when(pl.col("consumption").is_not_null().sum().over(alike) >= 3).then(
        pl.col("consumption").median().over(alike)
    )
    rows = rows.with_columns(pl.coalesce("consumption_rated", peers).alias("expected"))
    ratio = pl.col("consumption") / pl.col("expected")
    burnt = pl.col("fuel").fill_null(0) > 0
    state = (
        pl.when(burnt & (pl.col("distance").fill_null(0) <= 0) & pl.col("hours").is_null())
        .then(pl.lit("no_distance"))
        .when(ratio.is_null() | ratio.is_nan())
        .then(pl.lit("not_comparable"))
        .when(ratio > HIGH)
        .then(pl.lit("too_much_fuel"))
        .when(ratio < LOW)
        .then(pl.lit("too_little_fuel"))
        .otherwise(pl.lit("consistent"))
    )
    last = (
        inspections.sort("day")
        .group_by("facility", "vehicle", "day", maintain_order=True)
        .agg(pl.col("passed").fill_null(True).all().alias("inspection_passed"))
        .group_by("facility", "vehicle", maintain_order=True)
        .agg(pl.col("day").last().alias("inspected"), pl.col("inspection_passed").last())
    )
    rows = rows.with_columns(ratio.alias("ratio"), state.alias("state")).join(
        last, on=["facility", "vehicle"], how="left", maintain_order="left"
    )
    known = set(empty("fleet_check").columns)
    return conform("fleet_check", rows.select(c for c in rows.columns if c in known))
