"""Measurements of coal-fired units and boilers by month, taken from the tables into the variables of the
balances."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.check.prepare import family as family_of
from tongyuan.facility.evidence.balance import Array, Balances, balances
from tongyuan.reference.shelf import shelf

TYPICAL = {
    "heat_model": 1.0,
    "burnout": 0.985,
    "limestone_purity": 0.92,
    "gypsum_purity": 0.93,
    "calcium_ratio": 1.03,
    "boiler_efficiency": 0.90,
    "release": 0.90,
    "ammonia_use": 0.95,
    "turbine": 2.45,
    "carbon_per_heat": 0.0262,
}
"""Where a plant's own history says nothing; proposals."""
OWN = ("carbon_per_heat", "turbine", "release", "calcium_ratio", "ammonia_use", "burnout")
"""Parameters that are taken from the plant's own year, each from the balance it is the only unknown of."""
CO2_MG = 1.9772e6
BOILERS = ("heat_boiler", "boiler")
COAL_KINDS = ("power_unit", "own_power", *BOILERS)
KEYS = ["facility", "installation", "month"]


def unit_months(relations: Relations) -> pl.DataFrame:
    """Return a row per coal-fired unit and month with the variables of the balances, null where not measured.

    What is booked for the works as a whole (stocks, ash) belongs to a unit only where it is the only one that
    fires the fuel; what a stack measures only where no other unit discharges by it.
    """
    units = relations("unit_month").filter(pl.col("coal_t") > 0, burns(COAL_KINDS))
    if units.is_empty():
        return pl.DataFrame()
    alone = units.group_by("facility", "month").agg(pl.len().alias("units"))
    frame = units.join(alone, on=["facility", "month"]).with_columns((pl.col("units") == 1).alias("alone"))
    for part, keys in (
        (coal_of(relations), KEYS),
        (_samples(relations), KEYS),
        (stack_of(relations), KEYS),
        (stock_of(relations), ["facility", "month"]),
        (_ash(relations), ["facility", "month"]),
    ):
        if part.height:
            frame = frame.join(part, on=keys, how="left")
    named = {
        "coal": "coal_t",
        "power": "power_mwh",
        "heat": "heat_gj",
        "limestone": "limestone_t",
        "gypsum": "gypsum_t",
        "ammonia": "ammonia_t",
    }
    known = set(frame.columns)
    whole = pl.col("alone")
    columns = []
    for variable in balances("coal").variables:
        source = named.get(variable, variable)
        value = pl.col(source) if source in known else pl.lit(None, dtype=pl.Float64)
        if variable in ("opening", "received", "closing", "ash_out"):
            value = pl.when(whole).then(value)
        if variable not in ("heat",):
            value = pl.when(value > 0).then(value)
        if variable == "power":
            value = pl.when(pl.col("kind").is_in(BOILERS) & value.is_null()).then(0.0).otherwise(value)
        columns.append(value.cast(pl.Float64).alias(f"v_{variable}"))
    return frame.select(*KEYS, *columns).sort(KEYS)


def burns(kinds: tuple[str, ...]) -> pl.Expr:
    """Return whether a unit is of one of `kinds`; one whose kind is not known counts as one that burns."""
    return pl.col("kind").is_null() | pl.col("kind").is_in(kinds)


def coal_of(relations: Relations) -> pl.DataFrame:
    """Return carbon, sulphur, ash, moisture [t/t] and heating value [GJ/t] of the coal of every unit and
    month, weighted by mass."""
    fuel = relations("fuel_use").filter(
        pl.col("state").is_in(["fired", "received"])
        & (pl.col("family") == "coal")
        & pl.col("t").is_not_null()
    )
    t = pl.col("t")
    return fuel.group_by(KEYS).agg(
        ((pl.col("carbon_ar") * t).sum() / t.sum() / 100).alias("carbon"),
        ((pl.col("sulphur") * t).sum() / t.sum() / 100).alias("sulphur"),
        ((pl.col("ash") * t).sum() / t.sum() / 100).alias("ash"),
        ((pl.col("moisture_ar") * t).sum() / t.sum() / 100).alias("moisture"),
        ((pl.col("ncv") * t).sum() / t.sum()).alias("ncv"),
    )


def _samples(relations: Relations) -> pl.DataFrame:
    """Return hydrogen as received from the samples."""
    wet = (100 - pl.col("moisture_ar")) / (100 - pl.col("moisture_ad"))
    own = pl.when(pl.col("basis") == "ar").then(pl.col("hydrogen")).otherwise(pl.col("hydrogen") * wet)
    mass = pl.col("mass").fill_null(1.0)
    return (
        relations("fuel_sample")
        .filter((pl.col("family") == "coal") & pl.col("hydrogen").is_not_null())
        .with_columns(pl.col("covers_to").dt.strftime("%Y-%m").alias("month"), own.alias("own"))
        .group_by(KEYS)
        .agg(((pl.col("own") * mass).sum() / mass.sum() / 100).alias("hydrogen"))
    )


def stack_of(relations: Relations) -> pl.DataFrame:
    """Return flow and flow-weighted concentrations of the stacks that belong to one unit only."""
    reading = relations("reading")
    if reading.is_empty():
        return pl.DataFrame()
    link = relations("outlet_link").select("facility", "installation", "outlet").unique()
    single = link.filter(pl.len().over("facility", "outlet") == 1)
    code = pl.col("parameter")
    hour = reading.group_by("facility", "outlet", "hour").agg(
        *(
            pl.col("value").filter(code == c).first().alias(n)
            for n, c in (
                ("flow", "a00000"),
                ("o2", "a19001"),
                ("so2", "a21026"),
                ("nox", "a21002"),
                ("co2", "a05001"),
            )
        )
    )
    flow = pl.col("flow")

    def mean(name: str) -> pl.Expr:
        there = pl.col(name).is_not_null() & flow.is_not_null()
        return (pl.col(name) * flow).filter(there).sum() / flow.filter(there).sum()

    measured = flow.is_not_null().sum()
    return (
        hour.join(single, on=["facility", "outlet"])
        .with_columns(
            pl.col("hour").dt.strftime("%Y-%m").alias("month"), (21 / (21 - pl.col("o2"))).alias("air")
        )
        .group_by(KEYS)
        .agg(
            (flow.sum() / measured * pl.len() / 1000).alias("volume"),
            mean("so2").alias("so2"),
            mean("nox").alias("nox"),
            (mean("co2") / CO2_MG).alias("co2_share"),
            (flow.sum() / (flow / pl.col("air")).filter(pl.col("air").is_finite()).sum()).alias("air"),
        )
    )


def stock_of(relations: Relations, family: str = "coal") -> pl.DataFrame:
    """Return the stocks of a fuel as they were surveyed at the end of this month and of the one before."""
    fuel = pl.col("product").is_in([p for p in shelf("product")["product"] if family_of(p) == family])
    return (
        relations("fuel_stock")
        .filter(fuel)
        .filter(pl.col("surveyed").is_not_null() & (pl.len().over("facility", "month") == 1))
        .sort("facility", "month")
        .select(
            "facility",
            "month",
            pl.coalesce(pl.col("surveyed").shift(1).over("facility"), "opening").alias("opening"),
            "received",
            pl.col("surveyed").alias("closing"),
        )
    )


def _ash(relations: Relations) -> pl.DataFrame:
    return (
        relations("waste_transfer")
        .filter(pl.col("waste").str.contains("灰|渣|ash"))
        .group_by("facility", "month")
        .agg(pl.col("generated").sum().alias("ash_out"))
    )


def variables(frame: pl.DataFrame, system: Balances | None = None) -> Array:
    """Return the variables of every row, shape (rows, n), with the parameters put in.

    A parameter is the median over the plant's own months of the value that closes its balance; where
    that cannot
    be had it is typical. So what a plant does wrong in every month alike is not seen in the balances
    that carry
    such a parameter.
    """
    s = system or balances("coal")
    x = frame.select(f"v_{name}" for name in s.variables).to_numpy().astype(np.float64).copy()
    column = {name: i for i, name in enumerate(s.variables)}
    for name, usual in TYPICAL.items():
        x[:, column[name]] = usual
    owner = frame.select(pl.struct("facility", "installation").rank("dense")).to_series().to_numpy()
    solved = {name: _solved(x, column, name) for name in OWN}
    for name, value in solved.items():
        x[:, column[name]] = median_of(value, owner, TYPICAL[name])
    boiler = x[:, column["power"]] == 0
    if boiler.any():
        rate = np.where(boiler, x[:, column["heat"]] / (x[:, column["coal"]] * x[:, column["ncv"]]), np.nan)
        own = median_of(rate, owner, TYPICAL["boiler_efficiency"])
        x[:, column["boiler_efficiency"]] = np.where(boiler, own, x[:, column["boiler_efficiency"]])
    return x


def _solved(x: Array, column: Mapping[str, int], name: str) -> Array:
    """Return, row by row, the value of a parameter that closes its balance."""
    v = {key: x[:, at] for key, at in column.items()}
    with np.errstate(divide="ignore", invalid="ignore"):
        gypsum = 0.37209 * v["gypsum"] * v["gypsum_purity"]
        if name == "carbon_per_heat":
            return np.asarray(v["carbon"] / v["ncv"])
        if name == "turbine":
            heat = np.nan_to_num(v["heat"])
            return np.asarray((v["coal"] * v["ncv"] * v["boiler_efficiency"] - heat) / (3.6 * v["power"]))
        if name == "release":
            so2 = np.nan_to_num(v["volume"] * v["so2"] * 1e-6)
            return np.asarray((gypsum + so2) / (1.9979 * v["coal"] * v["sulphur"]))
        if name == "calcium_ratio":
            return np.asarray(0.64003 * v["limestone"] * v["limestone_purity"] / gypsum)
        if name == "ammonia_use":
            return np.asarray(v["volume"] * (v["nox_in"] - v["nox"]) * 1e-6 / (2.70122 * v["ammonia"]))
        return np.asarray(1 + (v["coal"] * v["ash"] - v["ash_out"]) / (v["coal"] * v["carbon"]))


def median_of(value: Array, owner: Array, typical: float, *, missing: float | None = None) -> Array:
    """Return the median of each owner's values; `missing`, else the typical one, for fewer than six or an
    implausible median."""
    own = pl.DataFrame({"owner": owner, "value": value}).with_columns(pl.col("value").fill_nan(None))
    middle = pl.col("value").median().over("owner")
    enough = pl.col("value").count().over("owner") >= 6
    near = middle.is_between(0.5 * typical, 1.6 * typical)
    usual = typical if missing is None else missing
    return own.select(pl.when(enough & near).then(middle).otherwise(usual)).to_series().to_numpy()
