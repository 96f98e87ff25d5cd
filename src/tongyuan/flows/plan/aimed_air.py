"""A plan that aims at air and lives: the planner's lines are drawn anew until the full response agrees.

The planner knows sums alone: table ``response`` with a base is a line through a point. Where the air is a
surface, and for deaths avoided, the line is the tangent at the emissions of the plan; the plan is solved and
its tangent drawn again, until line and full response say the same within :data:`AGREE`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from tongyuan.impact.air.full import AVOIDED, FINE, Full, full_of
from tongyuan.impact.air.response import Source, emission_of
from tongyuan.ledger.branch import ImpactSettings
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import tables as plan_tables
from tongyuan.pathway.problem import quantity
from tongyuan.pathway.problem.assemble import aims, assemble
from tongyuan.pathway.problem.base import base_point
from tongyuan.pathway.solve.solve import solve
from tongyuan.reference.shelf import identify

Tables = Mapping[str, pl.DataFrame]
Emission = dict[int, dict[Source, float]]
"""Year → emission by species and node."""

AGREE = 0.005
"""Share by which line and full response may differ."""

ROUNDS, FREE = 16, 4
"""Times a tangent is drawn, and how many of them at the plan itself; later ones halfway, lest it circles."""

PERSON = "person"


@dataclass(frozen=True)
class Aimed:
    """A case whose lines are tangents at its own plan.

    Attributes
    ----------
    case : the case to plan with.
    rounds : times it was solved.
    gap : largest relative difference of line and full response that is left.
    """

    case: Case
    rounds: int = 0
    gap: float = 0.0


def with_avoided(tables: Tables) -> dict[str, pl.DataFrame]:
    """Return plan tables in which deaths avoided are a receptor, where people are told for one.

    Its coefficients are nought until :func:`aimed` draws the tangent.

    Raises
    ------
    FindingError
        If two receptors of fine particles stand for one region: its deaths would be counted twice.
    """
    made = dict(tables)
    if not _people(tables) or "response" not in made:
        return made
    named = {r for _, rs in _people(tables).items() for r in rs}
    rows = conform("response", made["response"]).filter(pl.col("receptor").is_in(list(named)))
    acting = rows.select("species").unique(maintain_order=True)
    more = acting.select(
        receptor=pl.lit(AVOIDED), species="species", value=pl.lit(0.0), unit=pl.lit(f"{PERSON}/t")
    )
    made["response"] = pl.concat([conform("response", made["response"]), conform("response", more)],
                                 how="diagonal_relaxed")  # fmt: skip
    return made


def _people(tables: Tables) -> dict[str, list[str]]:
    """Return the receptors of fine particles of every region that has baseline deaths."""
    if "receptor" not in tables or "baseline_death" not in tables:
        return {}
    known = set(deaths_of(tables["baseline_death"]))
    found: dict[str, list[str]] = {}
    for row in conform("receptor", tables["receptor"]).iter_rows(named=True):
        region = identify("region", row["region"] or "") or row["region"]
        if region in known and row["metric"] in (FINE, None, ""):
            found.setdefault(region, [])
            if row["receptor"] not in found[region]:
                found[region].append(row["receptor"])
    require(
        finding("flows", "receptor_twice", region=region, receptors=", ".join(names))
        for region, names in found.items()
        if len(names) > 1
    )
    return found


def deaths_of(baseline: pl.DataFrame) -> dict[str, float]:
    """Return deaths from non-communicable disease and lower respiratory infection by region, newest year."""
    rows = baseline.filter(pl.col("endpoint") == "ncd_lri", pl.col("age").fill_null("25+") == "25+")
    rows = rows.sort("year")
    return dict(rows.select("region", "deaths").iter_rows())


def full_response(
    response: pl.DataFrame, receptor: pl.DataFrame, tables: Tables, impact: ImpactSettings
) -> Full:
    """Return the full response of tables in one unit each, with surfaces and deaths of a workspace.

    Raises
    ------
    FindingError
        If a term of a surface cannot be read.
    """
    known = pl.col("region").replace(
        {n: identify("region", n) or n for n in receptor["region"].unique() if n}
    )
    deaths = deaths_of(tables["baseline_death"]) if "baseline_death" in tables else {}
    try:
        return full_of(
            response.filter(pl.col("receptor") != AVOIDED), receptor.with_columns(known),
            tables.get("response_surface"), deaths, chinese_cohort=impact.chinese_cohort,
        )  # fmt: skip
    except ValueError as wrong:
        require([finding("flows", "surface_term", term=str(wrong))])
        raise


def aimed(case: Case, tables: Tables, impact: ImpactSettings) -> Aimed:
    """Return the case with tangents at its own plan, where something in it is no line.

    Parameters
    ----------
    case
        A checked case, its tables through :func:`with_avoided`.
    tables
        Tables ``response_surface`` and ``baseline_death`` of the workspace.
    impact
        Edition of the risk function, value of a death avoided.

    Raises
    ------
    FindingError
        If a surface cannot be read.
    """
    if case["response"].is_empty():
        return Aimed(case)
    full = full_response(case["response"], case["receptor"], tables, impact)
    valued = bool(case.settings.include_damage and impact.death_value and full.deaths)
    wanted = {a.quantity for a in aims(case) if a.kind == "concentration"}
    wanted |= {a.denominator for a in aims(case) if a.denominator_kind == "concentration"}
    curved = wanted & ({AVOIDED} | set(full.surfaces)) | ({AVOIDED} if valued else set())
    if not curved:
        return Aimed(case)
    start = by_source(base_point(case)["plan_emission"])
    at = {year: next(iter(start.values()), {}) for year in case.years}
    money = impact.death_value if valued and impact.death_value else 0.0
    now, gap = _tangents(case, full, at, money), np.inf
    for number in range(1, ROUNDS + 1):
        problem = assemble(now)
        solution = solve(problem)
        if solution.status != "optimal":
            return Aimed(now, number, 0.0)
        met = by_source(plan_tables(problem, solution, "")["plan_emission"])
        met = {year: met.get(year, {}) for year in now.years}
        gap = max(_gap(now, full, year, emission, curved) for year, emission in met.items())
        if gap <= AGREE:
            return Aimed(now, number, gap)
        at = met if number <= FREE else {y: _between(at[y], met[y]) for y in at}
        now = _tangents(case, full, at, money)
    return Aimed(now, ROUNDS, gap)


def by_source(emission: pl.DataFrame) -> Emission:
    """Return the emissions of table ``plan_emission`` by year, species and node."""
    summed = emission.group_by("year", "species", "node", maintain_order=True).agg(pl.col("value").sum())
    found: Emission = {}
    for year, species, node, value in summed.iter_rows():
        found.setdefault(year, {})[species, node] = value
    return found


def _between(one: dict[Source, float], other: dict[Source, float]) -> dict[Source, float]:
    return {s: (one.get(s, 0.0) + other.get(s, 0.0)) / 2 for s in {*one, *other}}


def _gap(case: Case, full: Full, year: int, emission: dict[Source, float], wanted: set[str]) -> float:
    """Return the largest relative difference of the planner's line and the full response in a year."""
    rows = pl.DataFrame(
        [{"node": n, "species": s, "year": year, "value": v} for (s, n), v in emission.items()],
        schema={"node": pl.String, "species": pl.String, "year": pl.Int64, "value": pl.Float64},
    )
    air = full.air(emission)
    true = air | {AVOIDED: float(full.avoided(air)[0])}
    worst = 0.0
    for name in wanted:
        line = quantity.value(case, {"plan_emission": rows}, "concentration", name, [year])
        worst = max(worst, abs(true[name] - line) / max(abs(true[name]), 1e-9))
    return worst


def _tangents(case: Case, full: Full, at: Emission, money: float) -> Case:
    """Return the case with the tangent of every curved receptor at the emissions `at`, year by year."""
    units = quantity.units_in(case)
    rows: list[dict[str, Any]] = []
    levels: list[dict[str, Any]] = []
    taxes: list[dict[str, Any]] = []
    curved = {*full.surfaces, AVOIDED}
    for year, emission in at.items():
        air, slopes = full.air(emission), full.slopes(emission)
        values = {name: air[name] for name in full.surfaces}
        if full.deaths:
            values[AVOIDED] = float(full.avoided(air)[0])
            slopes = slopes | {AVOIDED: full.avoided_slope(emission)}
        base = emission_of(full.response, emission)
        for name, value in values.items():
            unit = PERSON if name == AVOIDED else units.receptor[name]
            levels.append({"receptor": name, "year": year, "value": value, "unit": unit, "metric": "other"})
            for i, (species, node) in enumerate(full.response.sources):
                per = units.species.get(species, "t")
                rows.append({
                    "receptor": name, "species": species, "node": node, "year": year,
                    "value": float(slopes[name][i]), "unit": f"{unit}/{per}", "base_emission": float(base[i]),
                })  # fmt: skip
        if money:
            for i, (species, node) in enumerate(full.response.sources):
                per = units.species.get(species, "t")
                harm = -money * float(slopes[AVOIDED][i])
                taxes.append({
                    "tax": AVOIDED, "quantity": species, "node": node, "year": year, "value": harm,
                    "unit": f"{case.settings.currency}/{per}", "item": "damage",
                    "currency": case.settings.currency,
                })  # fmt: skip
    kept = case["response"].filter(~pl.col("receptor").is_in(list(curved)) | pl.col("year").is_null())
    held = case["receptor"].filter(~pl.col("receptor").is_in(list(curved)) | pl.col("year").is_null())
    added = {"response": (kept, rows), "receptor": (held, levels)}
    if taxes:
        added["tax"] = (case["tax"].filter(pl.col("tax") != AVOIDED), taxes)
    return case.with_tables(**{
        name: pl.concat([frame, _formed(name, new)], how="diagonal_relaxed")
        for name, (frame, new) in added.items()
    })  # fmt: skip


def _formed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return conform(name, pl.DataFrame(rows, infer_schema_length=None)) if rows else empty(name)


def told(found: Aimed) -> tuple[Finding, ...]:
    """Return what is to be said: line and full response still differ."""
    if found.gap <= AGREE:
        return ()
    return (finding("flows", "air_not_agreed", gap=f"{100 * found.gap:.2g}", rounds=found.rounds),)
