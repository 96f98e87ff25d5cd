"""The least-cost plan under all targets."""

from __future__ import annotations

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.pathway.audit import Evaluate, require_audit
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan, shadow, tables
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.solve.solution import Solution
from tongyuan.pathway.solve.solve import Method, solve


def least_cost(
    case: Case,
    *,
    scenario: str = "",
    method: Method = "auto",
    evaluate: Evaluate | None = None,
    species: list[str] | None = None,
    explain: bool = True,
    time_limit: float | None = None,
) -> Plan:
    """Return the plan of least discounted cost that meets every target of `case`.

    Parameters
    ----------
    evaluate
        The inventory's evaluation of an activity table, for the audit (:mod:`tongyuan.pathway.audit`).
    explain
        When no plan meets every target, raise with the smallest conflicting sets of targets and the
        cheapest way out in sentences; when False return the plan with its status.

    Raises
    ------
    FindingError
        If the targets conflict, the problem is unbounded, or the audit finds a violation.
    """
    problem = assemble(case, species)
    solution = solve(problem, method, time_limit)
    return finish(problem, solution, scenario, evaluate, explain)


def finish(
    problem: Problem,
    solution: Solution,
    scenario: str,
    evaluate: Evaluate | None = None,
    explain: bool = True,
) -> Plan:
    """Turn a solution into an audited plan, or explain why there is none."""
    case = problem.case
    if solution.status not in ("optimal", "limit") or pl.Series(solution.x).is_nan().any():
        if explain:
            explain_failure(problem, solution)
        return Plan(scenario, solution.status, solution.objective, 0.0, {}, problem, solution)
    found = tables(problem, solution, scenario)
    require_audit(case, found, evaluate)
    found["shadow_price"] = shadow(problem, solution, scenario)
    return Plan(scenario, solution.status, solution.objective, solution.gap, found, problem, solution)


def explain_failure(problem: Problem, solution: Solution) -> None:
    """Raise with sentences: what the unbounded ray consists of, or which targets conflict."""
    from tongyuan.pathway.ask.diagnose import diagnose

    if solution.status == "unbounded":
        names = []
        if solution.ray is not None:
            largest = abs(solution.ray).max()
            moving = [i for i, v in enumerate(solution.ray) if abs(v) > 1e-6 * largest]
            names = [problem.label(problem.columns.row(i, named=True)) for i in moving[:12]]
        raise FindingError([finding("pathway", "unbounded", members=", ".join(names) or "—")])
    if solution.status == "limit":
        raise FindingError([finding("pathway", "time_limit")])
    rows = diagnose(problem.case)
    findings = []
    for part in rows.partition_by("conflict", maintain_order=True):
        targets, limits = part.filter(pl.col("role") == "target"), part.filter(pl.col("role") == "limit")
        least = targets.filter(pl.col("cheapest")).to_dicts()
        findings.append(
            finding(
                "pathway", "targets_conflict", limits=", ".join(limits["member"]) or "—",
                targets=", ".join(f"{r['member']} ({r['year']})" for r in targets.to_dicts()) or "—",
                relaxation="; ".join(
                    f"{r['member']} ({r['year']}) {r['bound']:.6g} → {r['relaxed']:.6g}" for r in least
                )
                or "—",
            )
        )  # fmt: skip
    raise FindingError(findings)
