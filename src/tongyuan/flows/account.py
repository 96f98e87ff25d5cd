"""The account flow (核算): a checked workspace in, every emission out, with uncertainty, origin and gaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from tongyuan.inventory.account import Settings as AccountSettings
from tongyuan.inventory.account import account as account_factors
from tongyuan.inventory.balance import activity_from_balance
from tongyuan.inventory.comparison import comparison
from tongyuan.inventory.key_category import key_category
from tongyuan.inventory.methods import registry
from tongyuan.inventory.methods.adaptor import Settings as MethodSettings
from tongyuan.inventory.methods.record import records as coefficient_records
from tongyuan.inventory.uncertainty import uncertainty
from tongyuan.inventory.view import co2e, pollution_equivalent, total
from tongyuan.ledger.finding import Finding
from tongyuan.ledger.table import PLACE, conform, empty, table
from tongyuan.ledger.workspace import Workspace
from tongyuan.reference import grid
from tongyuan.reference.factors.carbon import carbon_factors
from tongyuan.reference.factors.library import library
from tongyuan.reference.language import say
from tongyuan.reference.shelf import shelf

Tables = dict[str, pl.DataFrame]
Stage = Callable[[str], None]
NATIONAL = "100000"
LEAST_KNOWN = 0.5
"""Share of a total that must carry limits before an interval is shown."""
ONLY = "only:"
"""Marks an activity row that yields no species but those named."""


class Account(NamedTuple):
    """What accounting a workspace yields: tables of the ledger, and findings made on the way."""

    tables: Tables
    findings: tuple[Finding, ...]


def account(workspace: Workspace, stage: Stage = lambda _: None) -> Account:
    """Return every table the inventory of `workspace` consists of.

    Parameters
    ----------
    workspace
        Checked tables and settings (:func:`tongyuan.ledger.workspace.load`).
    stage
        Called with the name of each stage as it begins.

    Returns
    -------
    Account
        Tables ``activity, emission, summary, uncertainty, key_category, comparison, gap, control_effect,
        factor_used, observation`` and findings.
    """
    settings = workspace.settings
    given = {name: _of_years(frame, settings.years) for name, frame in workspace.tables.items()}
    stage("account")
    activity, left_out = _activity(given)
    factors = _factors(workspace)
    result = account_factors(
        activity.drop(PLACE, strict=False),
        given.get("control"),
        factors,
        AccountSettings(
            fuel_set=settings.fuel_set,
            include_unverified=settings.include_unverified,
            before_control=True,
        ),
        grid=_grid_records(activity, settings.grid_variant),
    )
    own, records, rows = _by_methods(given, settings.include_unverified)
    emission = pl.concat([_without_excluded(result.emission, activity), own])
    activity = pl.concat([activity, rows], how="diagonal_relaxed")
    factor_used = pl.concat([result.factor_used, records]).filter(
        pl.col("record_id").is_in(_records_of(emission, result.factor_used).implode())
    )
    stage("uncertainty")
    seen = pl.concat([emission, _equivalents(emission, settings.gwp_set)], how="diagonal_relaxed")
    intervals = uncertainty(
        seen.select(emission.columns),
        factor_used,
        activity.drop(PLACE, strict=False),
        draws=max(settings.draws, 100),
        seed=settings.seed,
        least_known=LEAST_KNOWN,
    )
    stage("compare")
    gap = pl.concat([result.gap, left_out, *_part_year(given)])
    tables = {
        "activity": activity,
        "emission": emission,
        "summary": _summary(seen),
        "uncertainty": intervals,
        "key_category": key_category(seen.select(emission.columns), base_year=settings.base_year),
        "comparison": comparison(seen, given.get("published_total", empty("published_total")), gap),
        "gap": gap,
        "control_effect": result.control_effect,
        "factor_used": factor_used,
        "observation": given.get("observation", empty("observation")),
    }
    return Account(tables, result.issues)


def _of_years(frame: pl.DataFrame, years: tuple[int, ...]) -> pl.DataFrame:
    return frame.filter(pl.col("year").is_in(years)) if years and "year" in frame.columns else frame


def _activity(given: Tables) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the activity of the workspace and of its energy balance, and what the balance leaves out."""
    parts = [given[name] for name in ("activity",) if name in given]
    gap = empty("gap")
    if "energy_balance" in given:
        found = activity_from_balance(given["energy_balance"])
        parts.append(found.activity)
        gap = found.gap
    return pl.concat([*parts, empty("activity")], how="diagonal_relaxed"), gap


def _factors(workspace: Workspace) -> pl.DataFrame:
    """Return the user's own records, the library and the carbon factors of the chosen fuel set."""
    settings = workspace.settings
    own = workspace.tables.get("factor", empty("factor")).drop(PLACE, strict=False)
    shelves = (
        library(include_unverified=settings.include_unverified),
        carbon_factors(settings.fuel_set),
    )
    return pl.concat([conform("factor", own), *(conform("factor", frame) for frame in shelves)])


def _grid_records(activity: pl.DataFrame, variant: str) -> pl.DataFrame:
    """Return grid factors as factor records, for the electricity that control devices draw.

    The province's own factor of the year; where none is published, the national factor that the carbon
    market prescribed for that year. A year without either has no record.
    """
    rows = []
    for region, year in activity.select("region", "year").unique().sort("region", "year").iter_rows():
        for area, kind in ((_province(region), variant), (NATIONAL, variant), (NATIONAL, "ets")):
            try:
                found = grid.grid_factor(area, year, kind)
            except KeyError:
                continue
            rows.append(
                {
                    "record_id": f"grid:{found.id}:{region}",
                    "kind": "emission_factor",
                    "process": "energy.purchased_electricity",
                    "product": "electricity",
                    "region": region,
                    "species": "CO2",
                    "value": found.value,
                    "unit": found.unit,
                    "status": found.status,
                    "source": found.source,
                    "locator": found.locator,
                    "valid_from": year,
                    "valid_to": year,
                }
            )
            break
    schema = empty("factor").schema
    return conform("factor", pl.DataFrame(rows, schema_overrides=schema)) if rows else empty("factor")


def _province(region: str) -> str:
    """Return the province of a GB/T 2260 code; other regions are returned as they are."""
    return f"{region[:2]}0000" if len(region) == 6 and region.isdigit() else region


def _without_excluded(emission: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    """Drop the species that an activity row leaves to another row: ``CO2|NOx``, or all but ``only:CO2``."""
    marked = activity.filter(pl.col("excluded").fill_null("") != "").select("activity_id", "excluded")
    only = marked.filter(pl.col("excluded").str.starts_with(ONLY)).with_columns(
        pl.col("excluded").str.strip_prefix(ONLY)
    )
    kept, dropped = (
        frame.select("activity_id", pl.col("excluded").str.split("|").alias("species")).explode("species")
        for frame in (only, marked.join(only, on="activity_id", how="anti"))
    )
    free = emission.join(only, on="activity_id", how="anti", maintain_order="left").join(
        dropped, on=["activity_id", "species"], how="anti", maintain_order="left"
    )
    bound = emission.join(kept, on=["activity_id", "species"], how="semi", maintain_order="left")
    return pl.concat([free, bound])


def _by_methods(given: Tables, include_unverified: bool) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return what published methods yield: emission rows, coefficients as records, input rows as activity."""
    settings = MethodSettings(include_unverified=include_unverified)
    emission, rows = [empty("emission")], [empty("activity")]
    for name, adaptor in registry.tables().items():
        if name in given and given[name].height:
            emission.append(adaptor(given[name], settings))
            rows.append(_as_activity(name, given[name]))
    found = pl.concat(emission)
    used = found.select(pl.col("factor_id").str.split("|")).explode("factor_id").drop_nulls()
    records = coefficient_records(sorted(set(used["factor_id"]) - {""}))
    counted = found.select(pl.col("factor_id").str.split("|").alias("record_id")).explode("record_id")
    counts = counted.group_by("record_id").agg(pl.len().cast(pl.Int64).alias("row_count"))
    records = records.join(counts, on="record_id", how="left").with_columns(pl.col("row_count").fill_null(0))
    return found, conform("factor_used", records), _named(pl.concat(rows, how="diagonal_relaxed"), found)


def _named(rows: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Give input rows of methods the process and product of the first emission they yield."""
    first = (
        emission.with_columns(pl.col("activity_id").str.split("|"))
        .explode("activity_id")
        .unique("activity_id", keep="first", maintain_order=True)
        .select("activity_id", "process", "product")
    )
    return rows.drop("process", "product").join(first, on="activity_id", how="left", maintain_order="left")


def _as_activity(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a method's input table as activity rows: the first filled number is the value."""
    numbers = [c for c in table(name).columns if c.type == "number" and c.name in frame.columns]
    numbered = frame.with_row_index("number", offset=1)
    identity = (
        pl.when(pl.col("activity_id").fill_null("") == "")
        .then(pl.col("number").cast(pl.String))
        .otherwise("activity_id")
    )
    unit = pl.coalesce(pl.when(pl.col(c.name).is_not_null()).then(pl.lit(c.unit)) for c in numbers)
    filled = pl.coalesce(pl.when(pl.col(c.name).is_not_null()).then(pl.lit(c.name)) for c in numbers)
    place = [pl.format("{}#{}", PLACE, filled).alias(PLACE)] if PLACE in frame.columns else []
    return numbered.select(
        pl.format("{}:{}", pl.lit(name), identity).alias("activity_id"),
        "region",
        "year",
        pl.coalesce(pl.col(c.name).cast(pl.Float64) for c in numbers).alias("value"),
        unit.alias("unit"),
        "source",
        "note",
        *place,
    )


def _records_of(emission: pl.DataFrame, always: pl.DataFrame) -> pl.Series:
    """Return ids of all records that stand behind `emission`, and those of devices (no emission row)."""
    cited = emission.select(pl.col("factor_id").str.split("|")).explode("factor_id").drop_nulls()["factor_id"]
    devices = always.filter(pl.col("kind").is_in(["removal_efficiency", "consumption"]))["record_id"]
    return pl.concat([cited.rename("record_id"), devices]).unique()


def _equivalents(emission: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    """Return CO2e and the pollution equivalents of the main pollutants as further rows of `emission`."""
    names = {"APeq": "AP_equivalent", "WPeq": "WP_equivalent"}
    main = shelf("main_pollutant")["species"].implode()
    legal = pollution_equivalent(emission.filter(pl.col("species").is_in(main))).with_columns(
        pl.col("species").replace(names)
    )
    return pl.concat([co2e(emission, gwp_set), legal], how="diagonal_relaxed").select(emission.columns)


def _summary(emission: pl.DataFrame) -> pl.DataFrame:
    rows = emission.with_columns(pl.col("process").str.split(".").list.first().alias("sector"))
    return conform(
        "summary",
        total(rows, ["region", "year", "sector"]).select(
            "region", "year", "sector", "species", "value", "unit"
        ),
    )


def _part_year(given: Tables) -> list[pl.DataFrame]:
    """Return gaps for the years of the inventory in which an input exists for a part of the year only."""
    if "observation" not in given or "activity" not in given:
        return []
    years = given["activity"].select("region", "year").unique()
    rows = (
        given["observation"]
        .filter(pl.col("period").str.contains("-"))
        .with_columns(pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False).alias("year"))
        .join(years, on=["region", "year"], how="semi")
        .group_by("region", "year", maintain_order=True)
        .agg(pl.format("{} {}", "indicator", "period").unique(maintain_order=True).alias("items"))
        .sort("region", "year")
    )
    found = [
        {
            "region": region,
            "year": year,
            "kind": "part_year",
            **{
                f"meaning_{language}": say(
                    "flows", "gap_part_year", language, count=len(items), items="、".join(items[:6])
                )
                for language in ("zh", "en")
            },
        }
        for region, year, items in rows.iter_rows()
    ]
    return [conform("gap", pl.DataFrame(found, schema_overrides=empty("gap").schema))] if found else []
