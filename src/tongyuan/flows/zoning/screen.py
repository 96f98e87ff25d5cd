"""Zoning of a workspace: zones, projects, verdicts, offsets, exit and land in one go."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from tongyuan.flows.source import Brought
from tongyuan.flows.zoning.cases import Facts, given
from tongyuan.flows.zoning.land import land
from tongyuan.flows.zoning.offsets import offsets
from tongyuan.flows.zoning.project import declared_of, emission_of, energy_of, totals
from tongyuan.flows.zoning.region import coded_regions
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import empty
from tongyuan.zoning.access.flip import flips
from tongyuan.zoning.access.place import lists_of
from tongyuan.zoning.access.rule import rules_of
from tongyuan.zoning.access.screen import screen
from tongyuan.zoning.declared.compare import compare
from tongyuan.zoning.zone.headroom import headroom

Tables = dict[str, pl.DataFrame]
ROOM = "zoning"


def zoning(inputs: Brought, emission: pl.DataFrame | None = None) -> tuple[Tables, tuple[Finding, ...]]:
    """Return every table of the room for a workspace, and what was found.

    Parameters
    ----------
    inputs
        The workspace.
    emission
        Table ``emission`` of its inventory, which budgets without a typed use are set against.

    Raises
    ------
    FindingError
        If a region, unit, shape or rule is none.
    """
    found: list[Finding] = []
    made: Tables = {}
    project = coded_regions(given(inputs.tables, "project"), "project")
    _look(project)
    made |= _zones(inputs, project, found)
    accounted, told = emission_of(inputs, project)
    found += told
    made["project_energy"] = energy_of(inputs, project, accounted)
    made["declared_state"] = compare(declared_of(inputs, project), totals(accounted))
    found += _declared(made["declared_state"])
    made["headroom"] = _headroom(inputs, project, made, emission)
    found += _unused(given(inputs.tables, "zone_budget"), made["headroom"])
    made |= _verdicts(inputs, project, made, found)
    made |= offsets(inputs, project, made, found)
    made |= land(inputs, found)
    return {name: frame for name, frame in made.items() if frame.height}, found_once(found)


def found_once(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return findings without repetition, in order."""
    kept: list[Finding] = []
    for one in found:
        if one not in kept:
            kept.append(one)
    return tuple(kept)


def _look(project: pl.DataFrame) -> None:
    """Refuse projects whose dates or codes cannot be.

    Raises
    ------
    FindingError
        With all that is wrong.
    """
    turned = project.filter(pl.col("start") < pl.col("filed"))
    bad = [finding(ROOM, "start_before_filed", name=n, start=s, filed=f)
           for n, s, f in turned.select("project", "start", "filed").iter_rows()]  # fmt: skip
    digits = project.filter(~pl.col("industry").str.contains(r"^[A-T]?\d{2,4}$"))
    bad += [finding(ROOM, "industry_unknown", name=n, text=t)
            for n, t in digits.select("project", "industry").iter_rows()]  # fmt: skip
    require(bad)


def _zones(inputs: Brought, project: pl.DataFrame, found: list[Finding]) -> Tables:
    zone = given(inputs.tables, "zone")
    if zone["boundary"].drop_nulls().is_empty():
        return {}
    from tongyuan.zoning.zone.fault import faults
    from tongyuan.zoning.zone.outline import outlines
    from tongyuan.zoning.zone.overlay import overlay
    from tongyuan.zoning.zone.shape import project_shapes, zone_shapes

    zones, shapes, wrong = zone_shapes(zone)
    sites, places, more = project_shapes(project)
    require([*wrong, *more])
    fault = faults(zones, shapes)
    for kind, part in fault.group_by("fault", maintain_order=True):
        found.append(finding(ROOM, f"fault_{kind[0]}", count=part.height, area=f"{part['area'].sum():,.1f}",
                             names=_names(part["zone"].drop_nulls().to_list())))  # fmt: skip
    drawn = outlines(zones, shapes, sites, places)
    return {"zone_fault": fault, "zone_contact": overlay(sites, places, zones, shapes), "zone_map": drawn}


def _names(names: Sequence[str]) -> str:
    most = 4
    shown = ", ".join(dict.fromkeys(names[:most]))
    return (shown + (" …" if len(names) > most else "")) or "–"


def _declared(state: pl.DataFrame) -> list[Finding]:
    low = state.filter(pl.col("state") == "understated")
    return [
        finding(ROOM, "understated", name=r["project"], species=r["species"],
                declared=_tonnes(r["declared"]), accounted=_tonnes(r["accounted"]))
        for r in low.iter_rows(named=True)
    ]  # fmt: skip


def _tonnes(value: float) -> str:
    """Return tonnes as a sentence says them: four digits, whole from ten thousand on."""
    return f"{value:,.0f}" if value >= 1e4 else f"{value:,.4g}"


def _unused(budget: pl.DataFrame, held: pl.DataFrame) -> list[Finding]:
    lost = budget.join(held, on=["zone", "item"], how="anti")
    return [finding(ROOM, "budget_unused", name=z, item=i) for z, i in lost.select("zone", "item").rows()]


def _headroom(
    inputs: Brought, project: pl.DataFrame, made: Tables, emission: pl.DataFrame | None
) -> pl.DataFrame:
    budget = given(inputs.tables, "zone_budget")
    if budget.is_empty():
        return empty("headroom")
    contact = made.get("zone_contact", empty("zone_contact")).filter(pl.col("distance") == 0)
    places = pl.concat(
        [
            contact.select("project", "zone"),
            project.select("project", "zone").drop_nulls(),
            project.select("project", zone="region"),
            project.select("project", zone=pl.col("region").str.head(4) + "00"),
        ]
    ).unique(maintain_order=True)
    amounts = made["declared_state"].select(
        "project", item="species", value=pl.max_horizontal("declared", "accounted")
    )
    parts = {"energy_equivalent": "energy", "coal_mass": "coal"}
    energy = made["project_energy"].filter(pl.col("part").is_in(list(parts)))
    others = energy.select("project", item=pl.col("part").replace(parts), value="value")
    asked = places.join(pl.concat([amounts, others]), on="project").select("zone", "item", "value")
    used = None
    if emission is not None and emission.height:
        direct = emission.filter(pl.col("scope") == "direct", pl.col("unit") == "t")
        last = direct.filter(pl.col("year") == direct["year"].max())
        used = last.group_by(
            zone=pl.col("region").cast(pl.String), item=pl.col("species").cast(pl.String)
        ).agg(pl.col("value").sum())
    return headroom(budget, asked, used)


def _verdicts(inputs: Brought, project: pl.DataFrame, made: Tables, found: list[Finding]) -> Tables:
    unverified = inputs.settings.account.include_unverified
    lists = lists_of(given(inputs.tables, "region_list"), include_unverified=unverified)
    rules, told = rules_of(given(inputs.tables, "zone_rule"), include_unverified=unverified)
    found += told
    require(told)
    facts = Facts(inputs.tables, made, lists, unverified)
    cases = [facts.case(row) for row in project.iter_rows(named=True)]
    found += facts.found
    titles = {p: t for p, t in project.select("project", "title").iter_rows() if t}
    verdicts, lines = screen(cases, rules, lists, titles)
    return {"verdict": verdicts, "verdict_rule": lines, "verdict_flip": flips(cases, rules, lists)}
