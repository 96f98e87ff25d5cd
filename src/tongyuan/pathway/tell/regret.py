"""Regret: what it costs to have begun with one family of targets alone, once all must be met."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.pathway.ask.diagnose import LANGUAGES
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.money import told
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.problem.quantity import species_needed
from tongyuan.pathway.solve.solve import solve
from tongyuan.reference.language import say

FAMILIES = ("pollution", "carbon")
ROOM = 1e-9
"""Share by which a decision may be missed, for the sake of the solver."""


def regret(case: Case, families: tuple[str, ...] = FAMILIES, until: int | None = None) -> pl.DataFrame:
    """Return what acting on each family alone costs when the targets of all hold after all.

    What is built and retired up to `until` is that of the plan for one family alone (targets of further
    families hold throughout); from there on all targets are met at least cost.

    Parameters
    ----------
    until
        Last period that is decided for one family alone; the first period when None.

    Returns
    -------
    polars.DataFrame
        Table ``regret``: `cost` of the plan with all targets, `bound_cost` of the one that began with one
        family, and the difference; without a difference where there is no way back.
    """
    last = case.years[0] if until is None else until
    species = sorted(species_needed(case))
    whole = assemble(case, species)
    best = solve(whole)
    rows = []
    others = tuple(sorted(set(case["target"]["family"]) - set(families)))
    for family in families:
        alone = assemble(case.with_targets((*others, family)), species)
        first = solve(alone)
        row: dict[str, object] = {
            "alone": family,
            "until": last,
            "status": "infeasible",
            "currency": case.settings.currency,
        }
        if best.status == "optimal" and first.status == "optimal":
            row["cost"] = best.objective
            found = solve(decided(whole, first.x, last))
            row["status"] = found.status
            if found.status == "optimal":
                row |= {"bound_cost": found.objective, "regret": max(found.objective - best.objective, 0.0)}
        cost = float(str(row.get("regret", 0.0)))
        key = "regret_no_way_back" if row.get("regret") is None else "regret" if cost > 0.0 else "regret_none"
        row |= {
            f"sentence_{g}": say(
                "pathway",
                key,
                g,
                family=say("pathway", f"family_{family}", g) if family in FAMILIES else family,
                until=last,
                regret=told(cost, case.settings.currency, g),
            )
            for g in LANGUAGES
        }
        rows.append(row)
    return conform("regret", pl.DataFrame(rows, infer_schema_length=None))


def decided(problem: Problem, x: np.ndarray, last: int) -> Problem:
    """Return `problem` with what is built and retired up to the year `last` held at `x`."""
    years = np.array([0, *problem.codes.year])
    when = years[problem.columns["t"].to_numpy()]
    held = problem.columns["kind"].is_in(["build", "retire"]).to_numpy() & (when <= last)
    room = np.where(problem.integer, 0.0, ROOM * np.abs(x))
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[held] = np.maximum(problem.lower, x - room)[held]
    upper[held] = np.minimum(problem.upper, x + room)[held]
    return replace(problem, lower=lower, upper=np.maximum(lower, upper))
