"""What projects emit and use by the inventory's own factors, set beside what they declare."""

from __future__ import annotations

from functools import cache

import polars as pl

from tongyuan.flows.account.gather import account_settings, factor_records, grid_records, own_records
from tongyuan.flows.source import Brought
from tongyuan.flows.zoning.region import home
from tongyuan.inventory.account.account import account as account_factors
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import PLACE, conform, empty, from_rows
from tongyuan.reference.energy import fuels, grid
from tongyuan.reference.shelf import shelf
from tongyuan.reference.units import UnitError, factor
from tongyuan.zoning.declared.carbon import carbon_parts

ROOM = "zoning"
ELECTRICITY = "electricity"
TCE_PER_MWH = 0.1229
"""Electricity at its equivalent value [tce/MWh] (GB/T 2589; Order 31 of 2025, article 8)."""
OLDEST = 2015
_ROWS = {"project": pl.String, "species": pl.String, "value": pl.Float64, "scope": pl.String,
         "origin": pl.String, "product": pl.String}  # fmt: skip


def grid_year(region: str, year: int) -> int:
    """Return the last year up to `year` for which a province has a grid factor of CO2."""
    for one in range(year, OLDEST, -1):
        try:
            grid.grid_factor(region[:2] + "0000", one, "average")
        except KeyError:
            continue
        return one
    return year


def emission_of(inputs: Brought, project: pl.DataFrame) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return ``project, species, value, scope, origin, product`` [t] of the activity of projects.

    Each project is a region of its own that lies in its city, so that its devices act on it alone.
    Electricity counts at the last grid factor published by the year of filing.
    """
    activity = inputs.tables.get("project_activity", empty("project_activity")).drop(PLACE, strict=False)
    known = activity.join(project, on="project", how="semi")
    strange = (
        activity.join(project, on="project", how="anti")["project"].unique(maintain_order=True).to_list()
    )
    found = [finding(ROOM, "activity_of_nobody", name=name) for name in strange]
    if known.is_empty():
        return pl.DataFrame(schema=_ROWS), tuple(found)
    places = {p: home(r) or r for p, r in project.select("project", "region").iter_rows()}
    years = {p: grid_year(places[p], d.year) for p, d in project.select("project", "filed").iter_rows()}
    rows = known.select(
        region=pl.col("project"), year=pl.col("project").replace_strict(years, return_dtype=pl.Int64),
        process="process", product="product", technology="technology", value="value", unit="unit",
        excluded="excluded", source="source",
    ).with_row_index("n").with_columns(activity_id=pl.format("p{}", pl.col("n")))  # fmt: skip
    devices = known.with_columns(year=pl.col("project").replace_strict(years, return_dtype=pl.Int64)).filter(
        pl.col("control").is_not_null()
    )
    control = devices.select(
        region="project", year="year", process="process", product="product", technology="technology",
        control="control", applied=pl.col("applied").fill_null(1.0), source="source",
    )  # fmt: skip
    settings = inputs.settings.account.model_copy(update={"detail": "activity", "engine": "embedded"})
    made = account_factors(
        conform("activity", rows.drop("n")), conform("control", control) if control.height else None,
        factor_records(inputs), account_settings(settings, places),
        grid=grid_records(rows, settings.grid_variant, places), own=own_records(inputs),
    )  # fmt: skip
    lacking = made.gap.filter(pl.col("kind") == "no_factor") if "kind" in made.gap.columns else made.gap
    for name, process in lacking.select("region", "process").unique(maintain_order=True).iter_rows():
        found.append(finding(ROOM, "no_factor_of", name=name, process=process))
    kept = made.emission.filter(pl.col("scope") != "avoided")
    scaled = kept.select(
        "species", "scope", "origin", "product", "unit", project="region", value=pl.col("value")
    ).filter(pl.col("unit") == "t")
    return scaled.select(*_ROWS), tuple(found)


@cache
def _coals() -> frozenset[str]:
    parent = dict(shelf("product").select("product", "parent").iter_rows())

    def coal(name: str) -> bool:
        return name == "coal" or (bool(name) and coal(parent.get(name, "")))

    return frozenset(name for name in parent if coal(name))


def energy_of(inputs: Brought, project: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Return table ``project_energy``: energy, coal and CO2 by part of every project with activity.

    Fuels count at the heating values of the fuel set, coal in tonnes as burnt. Without power bought both
    readings of energy are one; with it the higher one is the user's to give (fact ``energy_high``).
    """
    activity = inputs.tables.get("project_activity", empty("project_activity")).drop(PLACE, strict=False)
    known = activity.join(project, on="project", how="semi")
    chosen = inputs.settings.account.fuel_set
    sums: dict[str, dict[str, float]] = {}
    bought: dict[str, bool] = {}
    bad: list[Finding] = []
    for row in known.iter_rows(named=True):
        held = sums.setdefault(row["project"], {"energy_equivalent": 0.0, "coal_mass": 0.0})
        try:
            energy, coal = _energy(row["product"], row["value"], row["unit"], chosen)
        except UnitError:
            bad.append(finding(ROOM, "unit_of_activity", name=row["project"], unit=row["unit"]))
            continue
        held["energy_equivalent"] += energy
        held["coal_mass"] += coal
        bought[row["project"]] = bought.get(row["project"], False) or row["product"] == ELECTRICITY
    require(bad)
    for name, held in sums.items():
        if not bought[name]:
            held["energy_higher"] = held["energy_equivalent"]
    units = {"energy_equivalent": "tce", "energy_higher": "tce"}
    lines = [
        {"project": p, "part": part, "value": v, "unit": units.get(part, "t")}
        for p, parts in sums.items()
        for part, v in parts.items()
    ]
    parts = carbon_parts(emission)
    lines += [{"project": p, "part": part, "value": v, "unit": "t"} for p, part, v in parts.iter_rows()]
    whole = parts.group_by("project", maintain_order=True).agg(pl.col("value").sum())
    lines += [{"project": p, "part": "whole_carbon", "value": v, "unit": "t"} for p, v in whole.iter_rows()]
    return from_rows("project_energy", lines)


def _energy(product: str | None, value: float, unit: str, fuel_set: str) -> tuple[float, float]:
    """Return the energy [tce] and coal [t] of an amount; nought for what is no fuel, power or heat."""
    if product == ELECTRICITY:
        return value * factor(unit, "MWh") * TCE_PER_MWH, 0.0
    try:
        heating, per = fuels.heating_value(product or "", fuel_set)
    except KeyError:
        return (value * factor(unit, "tce"), 0.0) if product == "heat" else (0.0, 0.0)
    amount = value * factor(unit, per)
    coal = value * factor(unit, "t") if product in _coals() else 0.0
    return amount * heating * factor("TJ", "tce"), coal


def totals(emission: pl.DataFrame) -> pl.DataFrame:
    """Return ``project, species, value`` [t]: what it emits itself, and CO2 with power and heat bought."""
    own = emission.filter(
        (pl.col("scope") == "direct") | (pl.col("species") == "CO2"), pl.col("species") != "energy"
    )
    return (
        own.group_by("project", "species", maintain_order=True)
        .agg(pl.col("value").sum())
        .sort("project", "species")
    )


def declared_of(inputs: Brought, project: pl.DataFrame) -> pl.DataFrame:
    """Return ``project, species, value`` [t] of table ``project_emission``.

    Raises
    ------
    FindingError
        If a unit is no mass.
    """
    given = inputs.tables.get("project_emission", empty("project_emission")).join(
        project, on="project", how="semi"
    )
    scales: dict[str, float] = {}
    bad: list[Finding] = []
    for unit in given["unit"].unique(maintain_order=True).to_list():
        try:
            scales[unit] = factor(unit, "t")
        except UnitError:
            bad.append(finding(ROOM, "unit_no_mass", unit=unit))
    require(bad)
    if given.is_empty():
        return given.select("project", "species", "value")
    scale = pl.col("unit").replace_strict(scales, return_dtype=pl.Float64)
    return given.select("project", "species", value=pl.col("value") * scale)
