"""The synergy dividend: what governing pollution and carbon as one saves against governing them apart."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tongyuan.ledger.table import conform, empty
from tongyuan.pathway.ask.diagnose import LANGUAGES, diagnose
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.plan import Plan
from tongyuan.reference.language import say

NOTHING = 1e-7
"""Changes below this share of the larger value count as none."""


@dataclass(frozen=True)
class Dividend:
    """Tables ``dividend`` and ``cross_effect`` and the four plans they come from."""

    dividend: pl.DataFrame
    cross_effect: pl.DataFrame
    plans: dict[str, Plan]

    @property
    def value(self) -> float | None:
        """The dividend in discounted money; None when one of the plans does not exist."""
        found: float | None = self.dividend.filter(pl.col("item") == "dividend")["cost"].item()
        return found


def dividend(
    case: Case, one: str = "pollution", other: str = "carbon", together: Plan | None = None
) -> Dividend:
    r"""Return the synergy dividend of two families of targets.

    .. math:: D = (C_P - C_0) + (C_C - C_0) - (C_{PC} - C_0)

    with :math:`C_0` the optimum without either family (targets of all further families hold throughout),
    :math:`C_P` and :math:`C_C` those with one family alone, and :math:`C_{PC}` that with both. It is negative
    where the families conflict: a device that cleans may burn more coal.

    `together` is the plan of least cost under every target, where it is at hand.
    """
    rest = tuple(sorted(set(case["target"]["family"]) - {one, other}))
    kept = {"none": rest, one: (*rest, one), other: (*rest, other), "together": (*rest, one, other)}
    plans = {
        name: together
        if name == "together" and together
        else least_cost(case.with_targets(families), scenario=name, explain=False)
        for name, families in kept.items()
    }
    effects = [cross_effect(plans["none"], plans[name], name) for name in (one, other) if plans[name].tables]
    effect = pl.concat(effects) if effects and plans["none"].tables else empty("cross_effect")
    base = plans["none"].cost if plans["none"].status == "optimal" else None
    rows: list[dict[str, object]] = []
    for name, plan in plans.items():
        cost = plan.cost if plan.status == "optimal" else None
        relative = cost - base if cost is not None and base is not None else None
        words = {f"sentence_{g}": "" for g in LANGUAGES}
        if plan.status == "infeasible":
            told = diagnose(case.with_targets(kept[name]))
            words = {
                f"sentence_{g}": say(
                    "pathway",
                    "dividend_infeasible_together" if name == "together" else "dividend_infeasible_alone",
                    g,
                    family=name,
                    conflict=told[f"sentence_{g}"][0],
                )
                for g in LANGUAGES
            }
        rows.append({"item": name, "status": plan.status, "cost": cost, "relative": relative, **words})
    rows.append(_total(case, plans, effect, one, other))
    return Dividend(conform("dividend", pl.DataFrame(rows, infer_schema_length=None)), effect, plans)


def _total(
    case: Case, plans: dict[str, Plan], effect: pl.DataFrame, one: str, other: str
) -> dict[str, object]:
    if any(p.status != "optimal" for p in plans.values()):
        apart = all(plans[p].status == "optimal" for p in ("none", one, other))
        return {"item": "dividend", "status": "infeasible_together" if apart else "infeasible", "cost": None}
    cost = {name: plan.cost for name, plan in plans.items()}
    value = cost[one] + cost[other] - cost["together"] - cost["none"]
    small = NOTHING * max(abs(c) for c in cost.values())
    key = (
        "dividend_zero" if abs(value) <= small else "dividend_positive" if value > 0 else "dividend_negative"
    )
    rising = effect.filter(pl.col("verdict") == "conflicts")["species"].unique(maintain_order=True).to_list()
    words = {
        f"sentence_{g}": say(
            "pathway", key, g, value=f"{abs(value):,.6g}", currency=case.settings.currency,
            species=("、" if g == "zh" else ", ").join(rising) or "—",
        )
        for g in LANGUAGES
    }  # fmt: skip
    status = {"dividend_zero": "separate", "dividend_positive": "synergy", "dividend_negative": "conflict"}[
        key
    ]
    return {"item": "dividend", "status": status, "cost": value, "relative": value, **words}


def cross_effect(baseline: Plan, plan: Plan, name: str) -> pl.DataFrame:
    """Return what `plan` does to every species against `baseline`, with a verdict for each."""
    keys = ["species", "year", "unit"]
    before = baseline["plan_emission"].group_by(keys, maintain_order=True).agg(baseline=pl.col("value").sum())
    after = plan["plan_emission"].group_by(keys, maintain_order=True).agg(value=pl.col("value").sum())
    rows = before.join(after, on=keys, how="full", coalesce=True).with_columns(
        pl.col("baseline", "value").fill_null(0.0)
    )
    small = NOTHING * pl.max_horizontal(pl.col("baseline").abs(), pl.col("value").abs())
    change = pl.col("value") - pl.col("baseline")
    rows = rows.with_columns(
        alone=pl.lit(name),
        change=change,
        verdict=pl.when(change > small)
        .then(pl.lit("conflicts"))
        .when(change < -small)
        .then(pl.lit("helps"))
        .otherwise(pl.lit("neutral")),
    )
    return conform("cross_effect", rows.sort("species", "year"))
