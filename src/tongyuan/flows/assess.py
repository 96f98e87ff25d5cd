"""The assess flow (考核): how synergistic the change was, and where every target of the plan stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from tongyuan.flows.score import compared, score_of
from tongyuan.inventory.view.view import equivalents
from tongyuan.inventory.view.view import summary as summary_of
from tongyuan.ledger.branch import AREAS
from tongyuan.ledger.figure.comparable import like_for_like
from tongyuan.ledger.figure.figure import figures, named
from tongyuan.ledger.finding import Finding, FindingError
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import PLACE, empty
from tongyuan.programme.check import conflicts
from tongyuan.programme.indicator import compute
from tongyuan.programme.plan import (
    NATIONAL,
    indicators_of,
    known_indicators,
    national_plan,
    observations,
    targets_in,
)
from tongyuan.programme.status import status
from tongyuan.reference import units
from tongyuan.reference.energy import fuels
from tongyuan.reference.species import against_carbon
from tongyuan.synergy.change.attribution import decompose
from tongyuan.synergy.change.change import change_tables
from tongyuan.synergy.change.panel import Panel, panel_of

Tables = dict[str, pl.DataFrame]
Texts = Mapping[str, str]

CARBON = "CO2e"
NATIONAL_OTHER = "national_other"


class Assessed(NamedTuple):
    """Tables of the assessment, and what was found on the way."""

    tables: Tables
    findings: tuple[Finding, ...]


def assess(tables: Mapping[str, pl.DataFrame], settings: Settings, texts: Texts | None = None) -> Tables:
    """Return the tables of :func:`assess_all`."""
    return assess_all(tables, settings, texts).tables


def assess_all(
    tables: Mapping[str, pl.DataFrame], settings: Settings, texts: Texts | None = None
) -> Assessed:
    """Assess what the account flow produced.

    Parameters
    ----------
    tables
        Tables of the account flow: ``summary``, ``emission``, ``activity``, ``observation``,
        ``uncertainty``, as far as they exist; a workspace's own ``task``, ``indicator``,
        ``programme_target`` and ``indicator_observation`` go before the shelves.
    settings
        Settings of the workspace.
    texts
        Text of an index system of its own (:func:`tongyuan.flows.score.index_of`).

    Returns
    -------
    Assessed
        Tables ``co_control``, ``equivalent``, ``decoupling`` and ``lmdi`` where there are two years, those of
        :func:`tongyuan.flows.score.score_of`, ``indicator_observation`` and ``target_status``.
    """
    measured = measure(tables, settings, texts)
    tracked = track({**tables, **measured.tables}, settings)
    return Assessed(measured.tables | tracked.tables, (*measured.findings, *tracked.findings))


def measure(tables: Mapping[str, pl.DataFrame], settings: Settings, texts: Texts | None = None) -> Assessed:
    """Return the first half of :func:`assess_all`: how synergistic the change was, and the score."""
    given = _bare(tables)
    made, findings = synergy_of(given, settings)
    scored, of_score = score_of(given, settings, texts)
    return Assessed(made | scored, (*findings, *of_score))


def track(tables: Mapping[str, pl.DataFrame], settings: Settings) -> Assessed:
    """Return the second half of :func:`assess_all`: where every target stands."""
    tracked, told = progress_of(_bare(tables), settings)
    return Assessed(tracked, tuple(told))


def _bare(tables: Mapping[str, pl.DataFrame]) -> Tables:
    """Return `tables` without the places of rows, but for observations, which are named by them."""
    return {
        n: frame if n == "observation" else frame.drop(PLACE, strict=False) for n, frame in tables.items()
    }


def synergy_of(tables: Mapping[str, pl.DataFrame], settings: Settings) -> tuple[Tables, list[Finding]]:
    """Return how pollutants and carbon changed together between the years of the inventory.

    Cross-elasticities, co-control coordinates and quadrants of every pollutant against CO2 equivalents;
    decoupling from the gross regional product (at the prices the observation states); decomposition of each
    species' change to activity, structure, intensity, energy mix, factor and control, as far as the inputs
    of each exist. Only processes with data in every year are compared; the others are named in a finding.
    A workspace of one year yields nothing.
    """
    summary = tables.get("summary")
    if summary is None or summary["year"].n_unique() < 2:
        return {}, []
    found: list[Finding] = []
    made: Tables = {}
    emission = tables.get("emission")
    if emission is not None and emission.height:
        gases = equivalents(emission, settings.account.gwp_set)
        summary = summary_of(pl.concat([emission, gases]))
        emission, told = compared(emission)
        found += told
    summary = _comparable(summary)
    unverified = settings.account.include_unverified
    gdp, told = _gdp(tables.get("observation"), summary, unverified)
    found += told
    panel, count = _panel(summary, gdp)
    if panel is not None and count:
        changed, told = change_tables(panel, count, base="first")
        made |= {k: v for k, v in changed.items() if k != "lmdi"}
        found += told
    if emission is not None and emission.height:
        energy = _energy(tables.get("activity"), emission, settings.account.fuel_set)
        present = set(emission["species"].unique())
        try:
            effects, told = decompose(
                emission,
                driver=gdp,
                energy=energy,
                species=[s for s in (*against_carbon(), "CO2") if s in present],
                base="first",
            )
            made["lmdi"] = effects
            found += told
        except FindingError as error:
            found += error.findings
    return made, found


def _comparable(summary: pl.DataFrame) -> pl.DataFrame:
    """Return the comparable totals of every species by region and year; species without any are left out.

    Where no emissions are known, all of a sector that every year has is comparable.
    """
    if "comparable" not in summary.columns:
        summary = like_for_like(summary, "sector").with_columns(pl.col("value").alias("comparable"))
    keys = ["region", "year", "species", "unit"]
    totals = summary.group_by(keys, maintain_order=True).agg(
        pl.col("comparable").sum().alias("value"), pl.col("value").sum().alias("whole")
    )
    nothing = totals.group_by("region", "species").agg(
        ((pl.col("value") == 0) & (pl.col("whole") != 0)).all().alias("nothing")
    )
    return totals.join(nothing.filter("nothing"), on=["region", "species"], how="anti").drop("whole")


def _gdp(
    observation: pl.DataFrame | None, summary: pl.DataFrame, include_unverified: bool
) -> tuple[pl.DataFrame | None, list[Finding]]:
    """Return the product of every region and year of the inventory [CNY], or None when one is missing."""
    if observation is None or observation.is_empty():
        return None, []
    cases = summary.select("region", "year").unique().sort("region", "year")
    read, told = figures(observation, {"gdp": named("gdp", "CNY")}, include_unverified=include_unverified)
    series = read.select("region", "year", "value")
    joined = cases.join(series, on=["region", "year"], how="left", maintain_order="left")
    return (None if joined["value"].null_count() else joined), told


def _panel(summary: pl.DataFrame, gdp: pl.DataFrame | None) -> tuple[Panel | None, int]:
    """Return the panel of pollutants and carbon, and how many of its species are pollutants."""
    present = set(summary["species"].to_list())
    if CARBON not in present:
        return None, 0
    cases = summary.select("region", "year").unique().height
    long = summary.select("region", "year", "species", "value", "unit").filter(
        pl.col("species").is_in([*against_carbon(), CARBON])
    )
    whole = (
        long.select("region", "year", "species")
        .unique()
        .group_by("species")
        .len()
        .filter(pl.col("len") == cases)
    )["species"].to_list()
    species = [s for s in against_carbon() if s in whole]
    if CARBON not in whole or not species:
        return None, 0
    driver = None
    if gdp is not None:
        driver = "GDP"
        rows = gdp.select(
            "region", "year", pl.lit(driver).alias("species"), "value", pl.lit("CNY").alias("unit")
        )
        long = pl.concat([long, rows])
    return panel_of(long, species=[*species, CARBON], driver=driver), len(species)


def _energy(activity: pl.DataFrame | None, emission: pl.DataFrame, fuel_set: str) -> pl.DataFrame | None:
    """Return the energy of the fuels burnt [TJ] by source, from activity and heating values."""
    if activity is None or activity.is_empty():
        return None
    burning = emission.filter(pl.col("origin") == "combustion").select("process", "product").unique()
    rows = activity.join(burning, on=["process", "product"], how="semi")
    heats: dict[tuple[str, str], float] = {}
    for product, unit in rows.select("product", "unit").unique().drop_nulls().iter_rows():
        heats[product, unit] = _heat(product, unit, fuel_set)
    known = pl.DataFrame(
        [(p, u, h) for (p, u), h in heats.items() if h > 0],
        schema={"product": pl.String, "unit": pl.String, "heat": pl.Float64},
        orient="row",
    )
    joined = rows.join(known, on=["product", "unit"], how="inner")
    if joined.is_empty():
        return None
    keys = ["region", "year", "process", "product"]
    return joined.group_by(keys).agg((pl.col("value") * pl.col("heat")).sum().alias("value")).sort(keys)


def _heat(product: str, unit: str, fuel_set: str) -> float:
    """Return TJ per `unit` of `product`, 0 where no heating value is printed."""
    if not units.known(unit):
        return 0.0
    if units.dimension(unit) == units.dimension("TJ"):
        return units.factor(unit, "TJ")
    try:
        value, per = fuels.heating_value(product, fuel_set)
        return value * units.factor(unit, per)
    except (KeyError, units.UnitError):
        return 0.0


def progress_of(tables: Mapping[str, pl.DataFrame], settings: Settings) -> tuple[Tables, list[Finding]]:
    """Return where every target stands: the nation's, the region's on the shelf, and the workspace's own.

    A park or an enterprise has its own alone.

    Indicators with a formula compute themselves from the tables; the others have the series of the shelf and
    what the workspace reports.
    """
    unverified = settings.account.include_unverified
    own = tables.get("indicator", empty("indicator"))
    known = pl.concat([own, known_indicators()]).unique("indicator", keep="first", maintain_order=True)
    computed, findings = compute(known, tables)
    reported = tables.get("indicator_observation", empty("indicator_observation"))
    seen = pl.concat([reported, computed, observations()])
    plans = _plans_of(tables, settings)
    parts = []
    for plan in plans:
        state, told = status(plan, seen, include_unverified=unverified)
        parts.append(state)
        findings += told
        findings += conflicts(plan["programme_target"])
    every = {(f.check, f.message("en")): f for f in findings}
    made = {"indicator_observation": seen, "target_status": pl.concat(parts)} if plans else {}
    return made, list(every.values())


def _plans_of(tables: Mapping[str, pl.DataFrame], settings: Settings) -> list[Tables]:
    own = tables.get("programme_target")
    made = [] if settings.kind not in AREAS else _public(settings.region_id if own is None else "")
    if own is not None and own.height and own["plan"][0] != NATIONAL:
        listed = tables.get("indicator", empty("indicator"))
        named = pl.concat([listed, indicators_of(own, own["plan"][0])])
        made.append(
            {
                "task": tables.get("task", empty("task")),
                "milestone": tables.get("milestone", empty("milestone")),
                "indicator": named.unique("indicator", keep="first", maintain_order=True),
                "programme_target": own,
            }
        )
    return made


def _public(region: str) -> list[Tables]:
    """Return the national plan, and the targets of other documents for the nation and for a region."""
    national = national_plan()
    made: list[Tables] = [national]
    nation = targets_in("100000").filter(pl.col("plan") == NATIONAL_OTHER)
    for targets in (nation, targets_in(region) if region else empty("programme_target")):
        if targets.height:
            name = targets["plan"][0]
            made.append(
                {
                    "task": national["task"] if name == NATIONAL_OTHER else empty("task"),
                    "milestone": empty("milestone"),
                    "indicator": indicators_of(targets, name),
                    "programme_target": targets,
                }
            )
    return made
