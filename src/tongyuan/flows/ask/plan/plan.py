"""Questions about a plan: is it sound, what is cheapest, what conflicts, what else is near."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.plan.given import AMBITION, CARBON, POINTS, ROOM, SLACK, Given
from tongyuan.ledger.finding import finding, require
from tongyuan.pathway.ask import coalition, sweep
from tongyuan.pathway.ask.diagnose import diagnose as find_conflicts
from tongyuan.pathway.ask.dividend import dividend as find_dividend
from tongyuan.pathway.ask.held import Held as Held
from tongyuan.pathway.ask.iamc import iamc as iamc_rows
from tongyuan.pathway.ask.least_cost import least_cost as solve_least_cost
from tongyuan.pathway.ask.sweep import Objective
from tongyuan.pathway.plan import Plan


def check(given: Given) -> Answer:
    """Return the tables of a plan as they are used."""
    used = {name: frame for name, frame in given.case.tables.items() if not frame.is_empty()}
    return Answer(used, given.findings, {"tables": len(used), "targets": given.case["target"].height})


def least_cost(given: Given, scenario: str = "least_cost") -> Answer:
    """Return the plan of least cost that meets every target, audited through the inventory.

    Facts: ``cost`` (discounted), ``currency``, ``gap`` (of an integer problem) and the ``plan`` itself.
    """
    plan = solve_least_cost(given.case, scenario=scenario, evaluate=given.evaluate)
    return Answer(plan.tables, (), _cost(given, plan))


def hold(given: Given) -> Held:
    """Return the plan kept in the solver: after a change of a target or price it is answered at once."""
    return Held(given.case, evaluate=given.evaluate)


def _cost(given: Given, plan: Plan) -> dict[str, object]:
    return {"cost": plan.cost, "currency": given.case.settings.currency, "gap": plan.gap, "plan": plan}


def dividend(given: Given, plan: Plan | None = None) -> Answer:
    """Return what governing pollution and carbon as one saves; the ``plans`` stand among the facts.

    `plan` is that of least cost, if it was found before.
    """
    found = find_dividend(given.case, *AMBITION, together=plan)
    return Answer(
        {"dividend": found.dividend, "cross_effect": found.cross_effect}, (), {"plans": found.plans}
    )


def diagnose(given: Given) -> Answer:
    """Return which targets conflict and the cheapest way out; an empty table where none do."""
    return Answer({"conflict": find_conflicts(given.case)})


def front(given: Given, quantities: Sequence[Objective] = (CARBON,), points: int = POINTS) -> Answer:
    """Return the front of cost against one or two quantities; ``missing`` points cannot be reached.

    Raises
    ------
    FindingError
        If more than two quantities are given.
    """
    if len(quantities) > 2:
        require([finding(ROOM, "cli_front_many", count=len(quantities))])
    rows = sweep.pareto(given.case, list(quantities), points)
    wide = rows.pivot("objective", index="point", values="value")
    return Answer({"front": rows}, (), {"missing": wide.height - wide.drop_nulls().height})


def macc(given: Given, quantities: Sequence[Objective] = (CARBON,), plan: Plan | None = None) -> Answer:
    """Return the marginal abatement cost of quantities, measure by measure and of the system as a whole.

    The baseline of the measures keeps the targets that are not asked about, as in attribution. `plan` is one
    that was found before; else the plan of least cost. The system's curve is that of the first quantity.
    """
    case = given.case
    found = [coalition.macc_system(case, quantity) for quantity in quantities[:1]]
    if case["measure"].height:
        if plan is None:
            species = [name for kind, name in quantities if kind == "emission"]
            plan = solve_least_cost(case, species=species or None, evaluate=given.evaluate)
        found = [*(coalition.macc_expert(case, plan, q, given.kept) for q in quantities), *found]
    return Answer({"macc": pl.concat(found)})


def alternatives(given: Given, slack: float = SLACK) -> Answer:
    """Return which measures are a must and which a choice when the cost may rise by share `slack`."""
    return Answer({"alternative": sweep.alternatives(given.case, slack)})


def iamc(given: Given, model: str = "tongyuan", scenario: str = "least_cost") -> Answer:
    """Return the plan of least cost in the format of scenario databases (IAMC)."""
    plan = solve_least_cost(given.case, scenario=scenario, evaluate=given.evaluate)
    return Answer({"data": iamc_rows(given.case, plan, model)})


def export(given: Given, output: Path) -> None:
    """Write the problem to `output` (MPS or LP) for another solver.

    Raises
    ------
    FindingError
        If the ending names no such format.
    """
    from tongyuan.pathway.problem.assemble import assemble
    from tongyuan.pathway.solve.solve import write

    if output.suffix not in (".mps", ".lp"):
        require([finding(ROOM, "cli_suffix", path=output.name, allowed=".mps, .lp")])
    write(assemble(given.case), output)


LIBRARIES = ("technology", "control", "target")


def library(kind: str) -> Answer:
    """Return the cited technologies, controls or targets that a plan can be filled from."""
    from tongyuan.pathway.case.library import controls, targets, technologies

    rows = {"technology": technologies, "control": controls, "target": targets}
    return Answer({kind: rows[kind]()})
