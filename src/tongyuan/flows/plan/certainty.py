"""How sure a plan is: the probability of every target under the inventory's own draws, and its price."""

from __future__ import annotations

import polars as pl

from tongyuan.flows.plan.inventory import Floats, Inventory
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.ask.robust import Doubt, joint, multipliers, probability
from tongyuan.pathway.ask.safe import Safe, robust
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan

LEVELS = (0.8, 0.9, 0.95)
"""Probabilities of meeting each target that are priced."""

ROBUST = "robust"
"""Scenario of the plan that meets every target with the highest probability that can be reached."""

LEAST_KNOWN = 0.5
"""Share of a targeted emission whose factors must have limits before its certainty is priced."""

DRAWS = 2000


def factor_draws(case: Case, inventory: Inventory, draws: int, seed: int) -> tuple[Floats, Floats]:
    """Return draws of every row of ``emission_coefficient`` and the share of it that has limits.

    Coefficients worked out from the inventory take the draws of its records; those typed with limits in the
    plan take their own.

    Returns
    -------
    tuple
        Shapes (rows, draws) and (rows,).
    """
    table = case["emission_coefficient"]
    own, known = inventory.draws(table, draws, seed)
    given = table.select(g=pl.col("lower").is_not_null() & pl.col("upper").is_not_null())["g"].to_numpy()
    if given.any():
        own[given] = multipliers(case, draws, seed)[given]
        known[given] = 1.0
    return own, known


def certainty(
    case: Case, found: Plan, inventory: Inventory, draws: int = DRAWS, seed: int = 0
) -> tuple[dict[str, pl.DataFrame], Plan | None]:
    """Return how sure the targets of a plan are and what certainty costs, and the most certain plan.

    Targets of which less than :data:`LEAST_KNOWN` rests on factors with limits are left out of the price of
    certainty: that they look certain would only show that little is known.

    Parameters
    ----------
    found
        The least-cost plan.
    draws, seed
        Number of draws, none when 0; the same seed gives the same bits.

    Returns
    -------
    tuple
        Tables ``certainty`` and ``target_probability`` (of the least-cost plan and of the robust one), and
        the plan of the highest of :data:`LEVELS` that can be reached, None if none can.
    """
    if not draws:
        return {"certainty": empty("certainty"), "target_probability": empty("target_probability")}, None
    doubt = Doubt(case, *factor_draws(case, inventory, draws, seed))
    before = probability(doubt, found)
    kept = [i for i, share in zip(doubt.amount, before["known"], strict=True) if share >= LEAST_KNOWN]
    if not kept:
        return {"certainty": empty("certainty"), "target_probability": before}, None
    whole, doubt = doubt, doubt.of(kept)
    rows = [_row(doubt, found, found)]
    best = None
    for level in LEVELS:
        try:
            safe = robust(doubt, level, scenario=ROBUST, evaluate=inventory.evaluate)
        except FindingError as error:
            proved = any(f.check == "robust_infeasible" for f in error.findings)
            rows.append({"level": level, "status": "impossible" if proved else "not_found"})
            break
        rows.append(_row(doubt, found, safe.plan, safe))
        best = safe.plan
    return {
        "certainty": conform("certainty", pl.DataFrame(rows, infer_schema_length=None)),
        "target_probability": before if best is None else pl.concat([before, probability(whole, best)]),
    }, best


def _row(doubt: Doubt, found: Plan, plan: Plan, safe: Safe | None = None) -> dict[str, object]:
    return {
        "level": safe.level if safe else None,
        "status": "reached",
        "cost": plan.cost,
        "extra": plan.cost - found.cost,
        "lowest": probability(doubt, plan)["probability"].min(),
        "together": joint(doubt, plan),
        "saving": safe.gap if safe else None,
        "reason": safe.reason if safe else "",
    }
