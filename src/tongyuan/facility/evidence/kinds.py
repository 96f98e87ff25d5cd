"""Measurements by month of gas units, kilns, steel works, aluminium pots and sewage works, as variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import polars as pl

from tongyuan.facility.check.evaluate import Relations
from tongyuan.facility.evidence.balance import Array, Balances, balances
from tongyuan.facility.evidence.months import (
    KEYS,
    coal_of,
    median_of,
    stack_of,
    stock_of,
    unit_months,
)
from tongyuan.facility.evidence.months import variables as coal_variables

WORKS = ["facility", "month"]
GAS_KINDS = ("power_unit", "own_power", "heat_boiler", "boiler")
NATURAL = ("natural_gas", "lng")
PELLETS = ("pellet", "iron_ore", "lump_ore")


def _joined(frame: pl.DataFrame, *parts: tuple[pl.DataFrame, list[str]]) -> pl.DataFrame:
    for part, keys in parts:
        if part.width:
            frame = frame.join(part, on=keys, how="left")
    return frame


def _alone(frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with ``alone``: what is booked for the works belongs to its only unit."""
    return frame.with_columns((pl.len().over(WORKS) == 1).alias("alone"))


def _made(
    frame: pl.DataFrame, kind: str, columns: Mapping[str, str], shared: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Return keys and ``v_`` columns of every variable; what is not there or not above zero is null."""
    known = set(frame.columns)
    chosen = []
    for variable in balances(kind).variables:
        source = columns.get(variable)
        value = pl.col(source) if source in known else pl.lit(None, dtype=pl.Float64)
        if variable in shared:
            value = pl.when(pl.col("alone")).then(value)
        chosen.append(pl.when(value > 0).then(value).cast(pl.Float64).alias(f"v_{variable}"))
    return frame.select(*KEYS, *chosen).sort(KEYS)


def _bought(relations: Relations) -> pl.DataFrame:
    """Return gas [10^4 m3] and electricity [MWh] bought by the works in a month."""
    gas = (
        relations("purchase")
        .filter(pl.col("product").is_in(NATURAL))
        .group_by("facility", pl.col("day").dt.strftime("%Y-%m").alias("month"))
        .agg(pl.col("e4m3").sum().alias("gas_bought"))
    )
    power = (
        relations("energy_trade")
        .filter(pl.col("kind") == "power_buy")
        .group_by(WORKS)
        .agg(pl.col("mwh").sum().alias("power_bought"))
    )
    return gas.join(power, on=WORKS, how="full", coalesce=True)


def _material(relations: Relations, **named: tuple[str, ...]) -> pl.DataFrame:
    """Return what the works took of each group of materials in a month [t]."""
    material = pl.col("material")
    return (
        relations("material_use")
        .filter(pl.col("direction").fill_null("in") != "out")
        .group_by(WORKS)
        .agg(pl.col("value").filter(material.is_in(words)).sum().alias(name) for name, words in named.items())
    )


def gas_months(relations: Relations) -> pl.DataFrame:
    """Return units that burn natural gas alone."""
    units = relations("unit_month").filter(
        pl.col("kind").is_in(GAS_KINDS), pl.col("gas_gj") > 0.95 * pl.col("fuel_gj"), pl.col("coal_t") == 0
    )
    fuel = (
        relations("fuel_use")
        .filter(pl.col("state").is_in(["fired", "received"]), pl.col("product").is_in(NATURAL))
        .group_by(KEYS)
        .agg(pl.col("e4m3").sum().alias("gas"), pl.col("gj").sum().alias("gas_heat_in"))
    )
    frame = _joined(units, (fuel, KEYS), (stack_of(relations), KEYS), (_bought(relations), WORKS))
    frame = frame.filter(pl.col("gas") > 0)
    if frame.is_empty():
        return pl.DataFrame()
    frame = _alone(frame).with_columns((pl.col("gas_heat_in") / pl.col("gas")).alias("gas_ncv"))
    columns = {
        "gas_fuel": "gas",
        "gas_bought": "gas_bought",
        "gas_ncv": "gas_ncv",
        "gas_volume": "volume",
        "gas_co2": "co2_share",
        "gas_air": "air",
        "gas_nox": "nox",
        "gas_ammonia": "ammonia_t",
        "gas_power": "power_mwh",
        "gas_heat": "heat_gj",
    }
    made = _made(frame, "gas", columns, ("gas_bought",))
    nothing = pl.col("v_gas_fuel").is_not_null()
    return made.with_columns(
        pl.when(nothing).then(pl.col(f"v_{n}").fill_null(0.0)).alias(f"v_{n}")
        for n in ("gas_power", "gas_heat")
    ).filter((pl.col("v_gas_power") > 0) | (pl.col("v_gas_heat") > 0))


def kiln_months(relations: Relations) -> pl.DataFrame:
    """Return cement kilns."""
    units = relations("unit_month").filter(pl.col("kind") == "kiln_line", pl.col("clinker_t") > 0)
    if units.is_empty():
        return pl.DataFrame()
    frame = _alone(
        _joined(
            units,
            (coal_of(relations), KEYS),
            (stack_of(relations), KEYS),
            (stock_of(relations), WORKS),
            (_bought(relations), WORKS),
        )
    )
    columns = {
        "kiln_coal": "coal_t",
        "kiln_ncv": "ncv",
        "kiln_carbon": "carbon",
        "kiln_ash": "ash",
        "kiln_clinker": "clinker_t",
        "kiln_meal": "raw_meal_t",
        "kiln_volume": "volume",
        "kiln_co2": "co2_share",
        "kiln_air": "air",
        "kiln_power": "power_bought",
        "kiln_ammonia": "ammonia_t",
        "kiln_opening": "opening",
        "kiln_received": "received",
        "kiln_closing": "closing",
    }
    shared = ("kiln_power", "kiln_opening", "kiln_received", "kiln_closing")
    return _made(frame, "kiln", columns, shared)


def steel_months(relations: Relations) -> pl.DataFrame:
    """Return steel works with a blast furnace, each as a whole (installation ``works``)."""
    works = relations("works_month").filter(pl.col("iron_t") > 0)
    if works.is_empty():
        return pl.DataFrame()
    kinds = relations("installation").select("facility", "installation", pl.col("kind").alias("process"))
    fuel = (
        relations("fuel_use")
        .filter(pl.col("state").is_in(["fired", "received"]))
        .join(kinds, on=["facility", "installation"])
    )
    t, family, process = pl.col("t"), pl.col("family"), pl.col("process")
    furnace = process == "blast_furnace"
    coal, coke = furnace & (family == "coal"), furnace & (family == "coke")
    burnt = fuel.group_by(WORKS).agg(
        t.filter(coke).sum().alias("coke"),
        t.filter((process == "sinter") & (family == "coke")).sum().alias("breeze"),
        t.filter(coal).sum().alias("coal"),
        (pl.col("gj").filter(coal).sum() / t.filter(coal).sum()).alias("coal_ncv"),
        ((pl.col("carbon_ar") * t).filter(coke).sum() / t.filter(coke).sum() / 100).alias("coke_carbon"),
        ((pl.col("carbon_ar") * t).filter(coal).sum() / t.filter(coal).sum() / 100).alias("coal_carbon"),
    )
    gas = relations("gas_balance").filter(pl.col("product") == "blast_furnace_gas")
    slag = (
        relations("waste_transfer")
        .filter(pl.col("waste").str.contains("高炉渣|水渣|slag"))
        .group_by(WORKS)
        .agg(pl.col("generated").sum().alias("slag"))
    )
    material = _material(
        relations,
        ore=PELLETS,
        burden_told=("iron_burden", "入炉含铁料"),
        scrap=("steel_scrap", "scrap"),
        flux=("limestone", "dolomite"),
    )
    frame = _joined(
        works.with_columns(pl.lit("works").alias("installation")),
        (burnt, WORKS),
        (gas.select(*WORKS, "produced", pl.col("ncv").alias("gas_ncv")), WORKS),
        (slag, WORKS),
        (material, WORKS),
        (stock_of(relations, "coke"), WORKS),
    )
    columns = {
        "steel_pig": "iron_t",
        "steel_sinter": "sinter_t",
        "steel_crude": "steel_t",
        "steel_coke": "coke",
        "steel_breeze": "breeze",
        "steel_coal": "coal",
        "steel_coal_ncv": "coal_ncv",
        "steel_coke_carbon": "coke_carbon",
        "steel_coal_carbon": "coal_carbon",
        "steel_gas": "produced",
        "steel_gas_ncv": "gas_ncv",
        "steel_burden": "burden_told",
        "steel_ore": "ore",
        "steel_scrap": "scrap",
        "steel_slag": "slag",
        "steel_limestone": "flux",
        "steel_opening": "opening",
        "steel_received": "received",
        "steel_closing": "closing",
    }
    return _made(frame, "steel", columns)


def cell_months(relations: Relations) -> pl.DataFrame:
    """Return series of aluminium pots."""
    series = relations("cell_series").filter(pl.col("liquid") > 0)
    if series.is_empty():
        return pl.DataFrame()
    about = relations("installation").select("facility", "installation", "cells", "current")
    made = (
        relations("output")
        .filter(pl.col("product") == "aluminium")
        .group_by(KEYS)
        .agg(pl.col("t").sum().alias("made"))
    )
    material = _material(
        relations,
        alumina=("alumina",),
        anodes=("anode",),
        fluoride=("aluminium_fluoride", "cryolite", "氟化盐"),
    )
    frame = _alone(
        _joined(
            series,
            (about, KEYS[:2]),
            (made, KEYS),
            (material, WORKS),
            (_bought(relations), WORKS),
        )
    ).with_columns((pl.col("cells") * 24 * pl.col("days")).alias("cell_hours"))
    columns = {
        "cell_liquid": "liquid",
        "cell_made": "made",
        "cell_current": "current",
        "cell_count": "cell_hours",
        "cell_alumina": "alumina",
        "cell_dc": "dc_power",
        "cell_ac": "ac_power",
        "cell_bought": "power_bought",
        "cell_anode": "anode_net",
        "cell_anodes": "anodes",
        "cell_fluoride_salt": "fluoride",
    }
    return _made(frame, "cell", columns, ("cell_alumina", "cell_bought", "cell_anodes", "cell_fluoride_salt"))


def sewage_months(relations: Relations) -> pl.DataFrame:
    """Return sewage works; what their outlets' monitors say belongs to the only works of an enterprise."""
    works = relations("sewage_month").filter(pl.col("flow") > 0)
    if works.is_empty():
        return pl.DataFrame()
    code, value, flow = pl.col("parameter"), pl.col("value"), pl.col("flow")
    hours = (
        relations("reading")
        .filter(code.is_in(["w00000", "w01018", "w21003"]))
        .group_by("facility", "outlet", "hour")
        .agg(
            value.filter(code == c).first().alias(n)
            for n, c in (("flow", "w00000"), ("cod", "w01018"), ("nh3n", "w21003"))
        )
        .with_columns(pl.col("hour").dt.strftime("%Y-%m").alias("month"))
    )

    def mean(name: str) -> pl.Expr:
        there = pl.col(name).is_not_null() & flow.is_not_null()
        return (pl.col(name) * flow).filter(there).sum() / flow.filter(there).sum()

    monitor = hours.group_by(WORKS).agg(
        (flow.sum() / flow.is_not_null().sum() * pl.len()).alias("flow_monitor"),
        mean("cod").alias("cod_monitor"),
        mean("nh3n").alias("nh3n_monitor"),
    )
    water = relations("water_use").select(*WORKS, pl.col("discharged").alias("out"))
    material = _material(relations, coagulant=("pac",))
    frame = _alone(_joined(works, (monitor, WORKS), (water, WORKS), (material, WORKS)))
    same = ("cod_in", "cod_out", "nh3n_in", "nh3n_out", "tn_in", "tn_out", "tp_in", "tp_out")
    columns = {f"sewage_{n}": n for n in same} | {
        "sewage_in": "flow",
        "sewage_out": "out",
        "sewage_flow_monitor": "flow_monitor",
        "sewage_cod_monitor": "cod_monitor",
        "sewage_nh3n_monitor": "nh3n_monitor",
        "sewage_sludge": "sludge_dry",
        "sewage_power": "power",
        "sewage_coagulant": "coagulant",
    }
    shared = tuple(f"sewage_{n}" for n in ("out", "flow_monitor", "cod_monitor", "nh3n_monitor", "coagulant"))
    return _made(frame, "sewage", columns, shared)


def variables(frame: pl.DataFrame, kind: str) -> Array:
    """Return the variables of every row of a kind, shape (rows, n), with its parameters put in.

    A parameter of the plant's own is the median over its months of the value that closes its balance; with
    fewer than six months one that differs from plant to plant is nan, without weight, another is typical.
    """
    system = balances(kind)
    if kind == "coal":
        return coal_variables(frame, system)
    x = frame.select(f"v_{name}" for name in system.variables).to_numpy().astype(np.float64).copy()
    owner = frame.select(pl.struct("facility", "installation").rank("dense")).to_series().to_numpy()
    parameters = np.flatnonzero(~system.measured)
    for k in parameters[system.own[parameters] < 0]:
        x[:, k] = system.typical[k]
    own = {k: _own(system, x, k, owner) for k in parameters[system.own[parameters] >= 0]}
    for k, value in own.items():
        x[:, k] = value
    return x


def _own(system: Balances, x: Array, k: int, owner: Array) -> Array:
    usual = float(system.typical[k])
    missing = None if system.general[k] else np.nan
    return median_of(system.closing(x, k), owner, usual, missing=missing)


MONTHS: Mapping[str, Callable[[Relations], pl.DataFrame]] = {
    "coal": unit_months,
    "gas": gas_months,
    "kiln": kiln_months,
    "steel": steel_months,
    "cell": cell_months,
    "sewage": sewage_months,
}
"""How the months of each kind are taken from the tables."""
