"""The account flow (核算): a checked workspace in, every emission out, with uncertainty, origin and gaps."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import polars as pl

from tongyuan.flows.account.gather import (
    Tables,
    account_settings,
    activity_of,
    factor_records,
    grid_records,
    of_years,
    own_records,
    parents_of,
)
from tongyuan.flows.account.given import given_emission
from tongyuan.flows.account.said import said
from tongyuan.flows.facility.area import enterprises
from tongyuan.flows.facility.sewage import plants
from tongyuan.flows.source import Brought
from tongyuan.inventory.account.account import account as account_factors
from tongyuan.inventory.account.account import prepare
from tongyuan.inventory.check.idle import idle
from tongyuan.inventory.check.overlap import with_methods
from tongyuan.inventory.check.sign import below_zero
from tongyuan.inventory.methods import registry
from tongyuan.inventory.methods.adaptor import Settings as MethodSettings
from tongyuan.inventory.methods.record import records as coefficient_records
from tongyuan.inventory.view.comparison import comparison
from tongyuan.inventory.view.gap import absent, filled
from tongyuan.ledger.branch import AREAS, LEAST_DRAWS
from tongyuan.ledger.check.check import capped
from tongyuan.ledger.coding import coded, plain
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.join import join_exact
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import PLACE, conform, empty, table
from tongyuan.reference import gwp, units
from tongyuan.reference.language import say

Stage = Callable[[str], None]
AMOUNTS = ("mass", "volume", "energy", "freight", "item")
"""Dimensions in which an activity is counted; concentrations and shares are none."""


class Account(NamedTuple):
    """What accounting a workspace yields: tables of the ledger, and findings made on the way."""

    tables: Tables
    findings: tuple[Finding, ...]


class Emitted(NamedTuple):
    """What rises from the activity of a workspace, before anything is said of its uncertainty."""

    given: Tables
    """The tables of the workspace in the years of the inventory."""
    activity: pl.DataFrame
    emission: pl.DataFrame
    """Its text is categories (:mod:`tongyuan.ledger.coding`)."""
    factor_used: pl.DataFrame
    control_effect: pl.DataFrame
    gap: pl.DataFrame
    """What lacks a factor or was left out of the balance."""
    findings: tuple[Finding, ...]
    facility_overlap: pl.DataFrame
    """What enterprises report and the area's own tables hold as well."""


def emitted(workspace: Brought) -> Emitted:
    """Return every emission of `workspace`, and all findings that accounting makes.

    Raises
    ------
    FindingError
        If activity or emissions contradict each other.
    """
    settings = workspace.settings.account
    given = {name: of_years(frame, settings.years) for name, frame in workspace.tables.items()}
    if "sewage_month" in given:
        works = plants(given, settings.years)
        given["wastewater_plant"] = pl.concat(
            [given.get("wastewater_plant", empty("wastewater_plant")), works], how="diagonal_relaxed"
        )
    within = enterprises(workspace, areas_of(workspace))
    activity, left_out, met, shared = activity_of(
        given, settings, workspace.letters, within.activity, within.held
    )
    require(met)
    factors, parents = factor_records(workspace), parents_of(workspace)
    result = account_factors(
        activity.drop(PLACE, strict=False),
        controls_of(given.get("control"), within.control),
        factors,
        account_settings(settings, parents),
        grid=grid_records(activity, settings.grid_variant, parents),
        own=own_records(workspace),
        as_categories=True,
    )
    history = {name: workspace.tables[name] for name in registry.HISTORY if name in workspace.tables}
    made, records, rows = _by_methods(given | history, method_settings(workspace.settings), settings.years)
    own = coded("emission", made)
    emission = pl.concat([result.emission, own])
    counted, activity = activity, pl.concat([activity, rows], how="diagonal_relaxed")
    factor_used = pl.concat([result.factor_used, records]).filter(
        pl.col("record_id").is_in(_records_of(emission, result.factor_used).implode())
    )
    require(below_zero(emission))
    require(with_methods(result.emission, own, activity, workspace.letters))
    require(with_methods(within.emission, own, pl.concat([within.activity, within.sources]), {}))
    emission = pl.concat([emission, coded("emission", within.emission.select(emission.columns))])
    others = given_emission(given.get("emission"), emission, workspace.letters)
    require(others.findings)
    emission = pl.concat([emission, others.emission])
    activity = pl.concat([activity, within.sources, others.activity], how="diagonal_relaxed")
    require(_without_potential(emission, settings.gwp_set))
    gap = pl.concat([result.gap, filled(left_out, emission)])
    told = (finding("flows", "no_activity"),) if emission.is_empty() and activity.is_empty() else ()
    unused = _idle(workspace, given, counted, factor_used["record_id"])
    findings = (*told, *met, *result.issues, *unused)
    return Emitted(given, activity, emission, factor_used, result.control_effect, gap, findings, shared)


def controls_of(own: pl.DataFrame | None, devices: pl.DataFrame) -> pl.DataFrame | None:
    """Return the devices of the area and those of its enterprises."""
    if devices.is_empty():
        return own
    return devices if own is None else pl.concat([own, devices], how="diagonal_relaxed")


def areas_of(workspace: Brought) -> frozenset[str]:
    """Return the regions of the area's own tables: enterprises within them belong to them."""
    frames = (workspace.tables[n]["region"] for n in ("activity", "energy_balance") if n in workspace.tables)
    return frozenset(name for names in frames for name in names.drop_nulls().unique())


def account(workspace: Brought, stage: Stage = lambda _: None, *, as_categories: bool = False) -> Account:
    """Return every table the inventory of `workspace` consists of.

    Parameters
    ----------
    workspace
        Checked tables and settings (:func:`tongyuan.ledger.workspace.load`).
    stage
        Called with the name of each stage as it begins.
    as_categories
        Whether the text of tables that may have millions of rows is held as categories.

    Returns
    -------
    Account
        Tables ``activity, emission, summary, uncertainty, key_category, comparison, gap, control_effect,
        factor_used, observation`` and findings. A workspace without any activity has no inventory: its
        tables are empty, a finding says so, and its observations stay for the assessment.
    """
    settings, made = workspace.settings.account, emitted(workspace)
    given, activity, emission = made.given, made.activity, made.emission
    stage("uncertainty")
    nothing = emission.is_empty() and activity.is_empty()
    published = given.get("published_total", empty("published_total"))
    published = published.clear() if nothing else published
    first = workspace.settings.method.uncertainty
    views = said(emission, made.factor_used, activity, published, settings, first)
    told = _not_drawn(views.uncertainty, settings.draws)
    stage("compare")
    known = absent(views.sources, area=workspace.settings.kind in AREAS)
    gap = pl.concat([made.gap, known, *_part_year(given)])
    tables = {
        "activity": activity,
        "emission": emission,
        "summary": views.summary,
        "uncertainty": views.uncertainty,
        "key_category": views.key_category,
        "comparison": comparison(views.compared, published, gap),
        "gap": gap,
        "control_effect": made.control_effect,
        "factor_used": made.factor_used,
        "observation": given.get("observation", empty("observation")),
    }
    if not as_categories:
        tables = {name: plain(frame) for name, frame in tables.items()}
    if "facility" in given:
        tables["facility_overlap"] = made.facility_overlap
    return Account(tables, (*told, *made.findings))


def _idle(workspace: Brought, given: Tables, activity: pl.DataFrame, used: pl.Series) -> tuple[Finding, ...]:
    """Return what is said about the user's own factors that did not act on `activity`."""
    own, settings = workspace.tables.get("factor", empty("factor")), workspace.settings.account
    if own.is_empty():
        return ()
    return capped(
        idle(
            own,
            used,
            prepare(activity.drop(PLACE, strict=False)),
            given.get("control", empty("control")),
            parents=parents_of(workspace),
            fuel_set=settings.fuel_set,
            letters=workspace.letters,
            include_unverified=settings.include_unverified,
        )
    )


def _not_drawn(intervals: pl.DataFrame, draws: int) -> list[Finding]:
    """Return a finding when there are so many totals that none were drawn."""
    from tongyuan.inventory.uncertainty.uncertainty import DRAWN_MAX

    groups = intervals.filter(pl.col("method") == "first_order").height
    if groups * draws <= DRAWN_MAX:
        return []
    most = DRAWN_MAX // groups if DRAWN_MAX // groups >= LEAST_DRAWS else 0
    return [finding("flows", "not_drawn", groups=groups, draws=draws, most=most)]


def method_settings(settings: Settings) -> MethodSettings:
    """Return how methods choose their coefficients: branch ``[method]`` and what ``[account]`` adds."""
    account = settings.account
    return MethodSettings(
        **settings.method.model_dump(),
        include_unverified=account.include_unverified,
        grid_variant=account.grid_variant,
        until=max(account.years, default=None),
    )


def _by_methods(
    given: Tables, settings: MethodSettings, years: tuple[int, ...]
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Return what published methods yield: emission rows, coefficients as records, input rows as activity.

    `years` chooses what is reported; a table with a history acts with all its rows, and those behind a year
    that is reported are its activity.
    """
    emission, rows = [empty("emission")], [empty("activity")]
    for name, adaptor in registry.tables().items():
        if name in given and given[name].height:
            made = of_years(adaptor(given[name], settings), years)
            behind = made["activity_id"].explode()
            inputs = _as_activity(name, given[name])
            if name in registry.HISTORY:
                inputs = inputs.filter(pl.col("activity_id").is_in(behind.unique().implode()))
            emission.append(made)
            rows.append(inputs)
    found = pl.concat(emission)
    used = found.select(record_id=pl.col("factor_id").explode()).drop_nulls()
    records = coefficient_records(sorted(set(used["record_id"])))
    counts = used.group_by("record_id").agg(pl.len().cast(pl.Int64).alias("row_count"))
    records = records.join(counts, on="record_id", how="left").with_columns(pl.col("row_count").fill_null(0))
    return found, conform("factor_used", records), _named(pl.concat(rows, how="diagonal_relaxed"), found)


def _named(rows: pl.DataFrame, emission: pl.DataFrame) -> pl.DataFrame:
    """Give input rows of methods the process and product of the first emission they yield."""
    first = (
        emission.explode("activity_id")
        .unique("activity_id", keep="first", maintain_order=True)
        .select("activity_id", "process", "product")
    )
    return join_exact(rows.drop("process", "product"), first, ["activity_id"], may_lack=True)


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
    cited = emission["factor_id"].explode().drop_nulls().unique().cast(pl.String)
    devices = always.filter(pl.col("kind").is_in(["removal_efficiency", "consumption"]))["record_id"]
    return pl.concat([cited.rename("record_id"), devices]).unique()


def _without_potential(emission: pl.DataFrame, gwp_set: str) -> list[Finding]:
    """Return a finding when the set lacks a greenhouse gas of `emission`: its CO2e would not be whole."""
    named = plain(emission.select("medium", "species").unique())
    gases = named.filter(pl.col("medium") == "ghg")["species"].unique().sort()
    lacking = gases.filter(~gases.is_in(gwp.table(gwp_set)["species"].implode())).to_list()
    if not lacking:
        return []
    whole = [name for name in gwp.sets() if set(gases) <= set(gwp.table(name)["species"])]
    return [
        finding("flows", "gwp_missing", gwp_set=gwp_set, species=", ".join(lacking), sets=", ".join(whole))
    ]


def _part_year(given: Tables) -> list[pl.DataFrame]:
    """Return gaps for the years of the inventory in which an input exists for a part of the year only."""
    if "observation" not in given or "activity" not in given:
        return []
    years = given["activity"].select("region", "year").unique()
    spellings = given["observation"]["unit"].drop_nulls().unique().to_list()
    amounts = [u for u in spellings if units.known(u) and units.dimension(u) in AMOUNTS]
    rows = (
        given["observation"]
        .filter(pl.col("period").str.contains("-"), pl.col("unit").is_in(amounts))
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
