"""The plan flow (谋划): the least-cost pathway of a workspace, on the emissions of its own inventory.

The folder ``plan/`` of a workspace holds the plan tables; branch ``[plan]`` of its settings names the
discount rate, base year and currency. Every plan is evaluated anew through the inventory after it is solved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from tongyuan.flows.account.account import Stage
from tongyuan.flows.account.gather import Tables, of_years
from tongyuan.flows.ask.plan.given import CARBON, COST, POLLUTION, Given
from tongyuan.flows.ask.plan.plan import alternatives, diagnose, dividend, front, macc
from tongyuan.flows.ask.plan.told import told
from tongyuan.flows.ask.plan.value import attribute
from tongyuan.flows.plan.aimed_air import aimed, with_avoided
from tongyuan.flows.plan.certainty import certainty
from tongyuan.flows.plan.facility import with_enterprises
from tongyuan.flows.plan.inventory import Inventory
from tongyuan.flows.plan.read import PLAN, plan_settings
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import finding, require
from tongyuan.ledger.table import PLACE, conform, empty, tables_of
from tongyuan.pathway.ask.coalition import coordinates
from tongyuan.pathway.ask.least_cost import explain_failure, finish
from tongyuan.pathway.ask.scenario import continued
from tongyuan.pathway.ask.sweep import Objective
from tongyuan.pathway.audit import Evaluate
from tongyuan.pathway.case.case import INPUT_TABLES, Case, Settings, draft
from tongyuan.pathway.case.check import case as checked_case
from tongyuan.pathway.case.money import money_notes
from tongyuan.pathway.draft.coverage import coverage
from tongyuan.pathway.draft.plausible import plausible
from tongyuan.pathway.plan import Plan
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.base import base_point
from tongyuan.pathway.solve.solve import solve
from tongyuan.reference import gwp
from tongyuan.reference.species import headline

RESULTS = ("plan_activity", "plan_capacity", "plan_emission", "plan_flow", "plan_link", "plan_cost")
"""Tables that hold every scenario."""

OPERATION = ("plan_slice", "plan_dispatch", "plan_storage", "plan_swap", "plan_reserve", "plan_stock")
"""Tables of time slices, exchanged outputs and units of the stock, where the plan has them."""

PLAN_TABLES = tables_of(room="pathway", role="input")
"""Tables of a workspace that make its plan."""

AIR = ("baseline_death", "response_surface")
"""Tables of a workspace that say what the air does to people, and where it is no line."""

Prepared = tuple[Case, Inventory, Tables]
"""Checked case of a workspace, the inventory it rests on, and the plan tables as read."""

UNBOUNDED = "unbounded"

NEEDED = ("node", "stock", "technology_option", "technology_source")


def prepare(
    workspace: Brought, accounted: Mapping[str, pl.DataFrame], known: Inventory | None = None, **changed: Any
) -> Prepared:
    """Return the checked case of a workspace, the inventory it rests on, and the plan tables as read.

    `known` is its inventory where that is at hand. Settings in `changed` stand in for those of branch
    ``[plan]``, for example ``discount_rate=0.08``.
    """
    given, settings, inventory, tables = with_coefficients(workspace, accounted, known, **changed)
    checked = checked_case(given, settings)
    return aimed(checked, workspace.tables, workspace.settings.impact).case, inventory, tables


def with_coefficients(
    workspace: Brought, accounted: Mapping[str, pl.DataFrame], known: Inventory | None = None, **changed: Any
) -> tuple[Tables, Settings, Inventory, Tables]:
    """Return the plan tables of a workspace with what its inventory says every technology emits.

    Returns
    -------
    tuple
        Tables to be solved, their settings, the inventory they rest on, and the plan tables as read.
    """
    workspace, accounted = with_enterprises(workspace, accounted)
    tables = {name: frame for name, frame in workspace.tables.items() if name in PLAN_TABLES}
    settings = plan_settings(workspace.settings.plan, **changed)
    require(finding("flows", "plan_table_missing", table=name) for name in NEEDED if name not in tables)
    year = settings.base_year
    if year is None or year not in accounted["emission"]["year"].to_list():
        require([finding("flows", "plan_base_year", year=year or "—")])
    assert year is not None
    given = {name: frame for name, frame in tables.items() if name in INPUT_TABLES}
    inventory = known
    if inventory is None:
        stock = draft(given, settings)["stock"]
        inventory = Inventory(workspace, {**tables, "stock": stock}, accounted, year)
    if "quantity_member" in given:
        given["quantity_member"] = _warming(given["quantity_member"], workspace.settings.account.gwp_set)
    given = with_avoided({**given, **{n: workspace.tables[n] for n in AIR if n in workspace.tables}})
    given = {name: frame for name, frame in given.items() if name in INPUT_TABLES}
    own = inventory.coefficients()
    if "emission_coefficient" in given:
        typed = conform("emission_coefficient", given["emission_coefficient"]).drop(PLACE, strict=False)
        keys = ["technology", "control", "species"]
        typed = typed.with_columns(pl.col(*keys, "node").fill_null(""))
        every = typed.filter(pl.col("node") == "", pl.col("year").is_null())
        own = pl.concat([own.join(every, on=keys, how="anti"), typed], how="diagonal_relaxed")
    return {**given, "emission_coefficient": own}, settings, inventory, tables


def _warming(member: pl.DataFrame, gwp_set: str) -> pl.DataFrame:
    """Return table ``quantity_member`` with the gases of CO2e weighted by the set of the workspace.

    Raises
    ------
    FindingError
        If a weight is typed that the set does not have: one report would count CO2e in two ways.
    """
    potentials = gwp.table(gwp_set).select(member="species", potential="gwp")
    rows = member.join(potentials, on="member", how="left", maintain_order="left", validate="m:1")
    ours = (pl.col("quantity") == CARBON[1]) & pl.col("potential").is_not_null()
    typed = pl.col("weight").cast(pl.Float64)
    odd = rows.filter(ours & typed.is_not_null() & ((typed - pl.col("potential")).abs() > 1e-9))
    found = []
    for r in odd.to_dicts():
        file, sheet, row = (r.get(PLACE) or "||").split("|", 2)
        found.append(
            finding(
                "flows", "plan_potential", file=file, sheet=sheet, row=int(row) if row.isdigit() else None,
                column="weight", member=r["member"], value=r["weight"], potential=r["potential"],
                gwp_set=gwp_set,
            )
        )  # fmt: skip
    require(found)
    return rows.with_columns(weight=pl.when(ours).then("potential").otherwise(typed)).drop("potential")


def least_cost_plan(case: Case, evaluate: Evaluate) -> Plan:
    """Return the plan that meets every target, audited through the inventory; no tables if there is none.

    Raises
    ------
    FindingError
        If cost can fall without end.
    """
    problem = assemble(case)
    found = finish(problem, solve(problem), PLAN, evaluate, explain=False)
    if found.status == UNBOUNDED and found.solution is not None:
        explain_failure(problem, found.solution)
    return found


def plan(
    workspace: Brought, accounted: Mapping[str, pl.DataFrame], stage: Stage = lambda _: None,
    prepared: Prepared | None = None,
) -> dict[str, pl.DataFrame]:  # fmt: skip
    """Return every table of the least-cost plan of a workspace.

    Parameters
    ----------
    workspace
        A workspace with plan tables.
    accounted
        Tables of its inventory (:func:`tongyuan.flows.account.account.account`).
    stage
        Called with the name of each stage as it begins.
    prepared
        Of the same workspace and inventory (:func:`prepare`), where it is at hand.

    Returns
    -------
    dict
        ``plan_activity, plan_capacity, plan_emission, plan_flow, plan_link, plan_cost`` of the scenarios
        ``base`` (base year), ``continued`` (as today, grown with demand), ``none`` (without pollution and
        carbon targets), ``pollution``, ``carbon``,
        ``plan`` (every target) and ``robust`` (every target as probable as can be reached); ``plan_measure``
        of the last two; ``shadow_price, dividend, cross_effect, coordinate, macc, front,
        alternative, attribution, certainty, target_probability, conflict``; and the inputs a reader needs.
        Where the targets conflict there is only ``conflict`` with its sentences.

    Raises
    ------
    FindingError
        If plan tables are wrong, or the inventory's evaluation of a plan does not bear it out.
    """
    case, inventory, tables = prepared or prepare(workspace, accounted)
    found = least_cost_plan(case, inventory.evaluate)
    shown = _inputs(case, tables)
    base = base_point(case)
    year = case.settings.base_year
    emitted = accounted["emission"].filter(pl.col("year") == year)
    shown["plan_coverage"] = coverage(case.tables, base["plan_emission"], emitted)
    given = Given(case, inventory.evaluate)
    if not found.tables:
        return {**shown, **base, **diagnose(given).tables}
    stage("dividend")
    shared = dividend(given, found)
    plans = shared.facts["plans"]
    stage("certainty")
    draws = workspace.settings.account.draws
    sure, safe = certainty(case, found, inventory, draws, workspace.settings.account.seed)
    held = [p for name, p in plans.items() if name != "together" and p.tables]
    held += [found] if safe is None else [found, safe]
    today = continued(case)
    result = {
        name: pl.concat([*(t[name] for t in (base, today) if name in t), *(p[name] for p in held)])
        for name in RESULTS
    }
    used = [p["plan_measure"] for p in (found, safe) if p is not None]
    result["plan_measure"] = _against(pl.concat(used), plans["none"])
    brought = workspace.tables.get("energy_balance", empty("energy_balance"))
    assert year is not None
    result["plan_plausible"] = plausible(
        case.tables, of_years(brought, (year,)), base["plan_emission"], found.tables, year,
        workspace.settings.account.fuel_set,
    )  # fmt: skip
    stage("curves")
    return {
        **shown,
        **result,
        **sure,
        "shadow_price": found["shadow_price"],
        **{name: found[name] for name in OPERATION if name in found.tables},
        **shared.tables,
        **_explained(given, found),
        **told(given, found, plans["none"]),
        "conflict": empty("conflict"),
    }


def _inputs(case: Case, tables: Tables) -> dict[str, pl.DataFrame]:
    """Return the tables of the user that a reader of the plan needs."""
    shown = (
        "node", "link", "flow", "technology_flow", "target", "measure", "technology_option",
        "control_option", "emission_coefficient",
    )  # fmt: skip
    given: Tables = {
        name: conform(name, tables.get(name, empty(name))).drop(PLACE, strict=False)
        for name in ("technology_source", "plan_note", "not_offered", "plan_origin")
        if name in tables or name in ("technology_source", "plan_note")
    }
    money = money_notes({name: f for name, f in tables.items() if name in INPUT_TABLES}, case.settings)
    given["plan_note"] = pl.concat([given["plan_note"], money.select(given["plan_note"].columns)])
    return {**{name: case[name] for name in shown}, **given}


def _explained(given: Given, found: Plan) -> dict[str, pl.DataFrame]:
    """Return what the measures of a plan do and cost, one by one and together."""
    case = given.case
    groups = set(case["quantity_member"]["quantity"])
    quantities: list[Objective] = [q for q in (CARBON, POLLUTION) if q[1] in groups]
    made = {name: empty(name) for name in ("coordinate", "macc", "front", "attribution", "alternative")}
    if quantities:
        made |= front(given, quantities[:1]).tables
        made |= macc(given, quantities, found).tables
    if case["measure"].is_empty():
        return made
    if len(quantities) == 2:
        made["coordinate"] = coordinates(case, found, POLLUTION, CARBON, given.kept)
    told = set(case["emission_coefficient"]["species"]) - {name for _, name in quantities}
    also: list[Objective] = [("emission", name) for name in headline() if name in told]
    return {
        **made,
        **attribute(given, [*quantities, COST], plan=found, also=also).tables,
        **alternatives(given).tables,
    }


def _against(measure: pl.DataFrame, none: Plan) -> pl.DataFrame:
    """Return the use of measures beside that of the plan without pollution and carbon targets."""
    if not none.tables:
        return measure
    before = none["plan_measure"].select("measure", "year", "unit", baseline="value")
    return conform(
        "plan_measure",
        measure.drop("baseline", "change", strict=False)
        .join(before, on=["measure", "year", "unit"], how="left", nulls_equal=True, maintain_order="left")
        .with_columns(change=pl.col("value") - pl.col("baseline").fill_null(0.0)),
    )
