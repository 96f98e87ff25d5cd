"""Questions about the worth of a plan: a fixed sum, certainty, who contributed what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.ask.plan.given import CARBON, COST, ROOM, Given
from tongyuan.flows.ask.plan.quantity import unit_of
from tongyuan.ledger.finding import finding, require
from tongyuan.pathway.ask import coalition, sweep
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.sweep import Objective
from tongyuan.pathway.plan import Plan

SIDES = ("measure", "department")


def budget(given: Given, money: float, worth: Mapping[Objective, float]) -> Answer:
    """Return the most benefit for a sum beyond least cost.

    Parameters
    ----------
    money
        Discounted, in the currency of the plan.
    worth
        Worth of one unit less of each quantity (:func:`tongyuan.flows.ask.plan.quantity.worths`).

    Returns
    -------
    Answer
        ``budget`` (quantity, unit, before, after, less) and the tables of the plan; ``spent``, ``money``,
        ``currency``.
    """
    case = given.case
    species = [name for kind, name in worth if kind == "emission"]
    before = least_cost(case, species=species, evaluate=given.evaluate)
    after = sweep.budget(case, money, dict(worth), scenario="budget")
    ends = [(q, coalition.plan_total(case, before, q), coalition.plan_total(case, after, q)) for q in worth]
    rows = pl.DataFrame(
        [(q[1], unit_of(case, q), b, a, b - a) for q, b, a in ends],
        schema=["quantity", "unit", "before", "after", "less"], orient="row",
    )  # fmt: skip
    facts = {"spent": after.cost - before.cost, "money": money, "currency": case.settings.currency}
    return Answer({"budget": rows, **after.tables}, (), facts)


def robust(
    given: Given, level: float = 0.9, together: bool = False, draws: int = 2000, seed: int = 0
) -> Answer:
    """Return how sure the targets are under least cost, and the plan that meets them surely enough.

    Parameters
    ----------
    level
        Probability of each target, or of all at once when `together`.
    draws, seed
        Of the coefficients.

    Returns
    -------
    Answer
        ``target_probability`` of both plans and the tables of the safe one; ``extra`` cost, joint probability
        ``before`` and ``after``, ``reason``, ``saving``, ``achieved``, and whether some targets are
        ``unknown`` because most of their emission rests on factors without limits.

    Raises
    ------
    FindingError
        If nothing is uncertain.
    """
    from tongyuan.flows.plan.certainty import LEAST_KNOWN
    from tongyuan.pathway.ask.robust import Doubt, joint, probability
    from tongyuan.pathway.ask.safe import robust as find_safe

    factor, known = given.draws(draws, seed) if given.draws else (None, None)
    every = Doubt(given.case, factor, known, draws, seed)
    before = least_cost(given.case, scenario="least_cost", evaluate=given.evaluate)
    found = probability(every, before)
    kept = [i for i, share in zip(every.amount, found["known"], strict=True) if share >= LEAST_KNOWN]
    if not kept:
        require([finding(ROOM, "robust_nothing_uncertain")])
    doubt = every.of(kept)
    safe = find_safe(doubt, level, evaluate=given.evaluate, together=together)
    facts = {
        "level": level, "extra": safe.plan.cost - before.cost, "currency": given.case.settings.currency,
        "before": joint(doubt, before), "after": joint(doubt, safe.plan), "reason": safe.reason,
        "saving": safe.gap, "achieved": safe.achieved, "unknown": len(kept) < found.height,
    }  # fmt: skip
    rows = pl.concat([found, probability(every, safe.plan)])
    return Answer({"target_probability": rows, **safe.plan.tables}, (), facts)


def attribute(
    given: Given, quantities: Sequence[Objective] = (CARBON, COST), by: str = "measure", *,
    free: bool = False, samples: int = 400, seed: int = 0, plan: Plan | None = None,
    also: Sequence[Objective] = (),
) -> Answer:  # fmt: skip
    """Return who contributed what to a plan, by Shapley values.

    Parameters
    ----------
    by
        ``measure`` or ``department``.
    free
        Compare with the plan without any target; else the targets not asked about hold there too.
    plan
        One that was found before; else the plan of least cost.
    also
        Quantities told too, without a say in the baseline.

    Raises
    ------
    FindingError
        If there are no measures.
    """
    case = given.case
    if case["measure"].is_empty():
        require([finding(ROOM, "cli_no_measures")])
    if plan is None:
        species = [name for kind, name in quantities if kind == "emission"]
        plan = least_cost(case, species=species, evaluate=given.evaluate)
    keep = () if free else given.kept
    return Answer({"attribution": coalition.attribute(case, plan, quantities, by, samples, seed, keep, also)})
