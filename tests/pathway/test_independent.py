"""The room against a second formulation of the same plans, on random plans whose limits and targets bind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import polars as pl
import pytest
from tests.pathway.oracle.bind import bound, held
from tests.pathway.oracle.formulation import Answer, Formulation, at
from tests.pathway.oracle.problem import Limit, Terms, World
from tests.pathway.oracle.unit import factor
from tests.pathway.oracle.world import PRICE_YEAR, make

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Case, Settings
from tongyuan.pathway.case.check import case
from tongyuan.pathway.plan import Plan

KINDS = {
    "balance",
    "balance equal",
    "capacity",
    "control",
    "cumulative",
    "early retirement",
    "growth",
    "growth from the base year",
    "link",
    "potential",
    "purchase limit",
    "ratio",
    "retired stays retired",
    "sale limit",
    "scope",
    "share of base, annual",
    "share of base, cumulative",
    "share of base, ratio",
    "share_max",
    "share_min",
    "stock",
    "target absolute",
    "target activity",
    "target at_least",
    "target at_most",
    "target capacity",
    "target concentration",
    "target consumption",
    "target cost",
    "target emission",
    "target equal",
    "target production",
    "target purchase",
    "target share_of_base",
}
"""Kinds of limit and target that must bind in enough of the random plans."""


def planned(world: World) -> Case:
    settings = Settings(
        discount_rate=world.rate, base_year=world.base_year, price_year=PRICE_YEAR,
        include_damage=world.include_damage,
    )  # fmt: skip
    frames = {n: pl.DataFrame(rows, infer_schema_length=None) for n, rows in world.tables.items() if rows}
    return case(frames, settings)


def point(plan: Plan) -> Terms:
    """Return the variables of the second formulation as the reported tables have them."""
    found: Terms = {}
    for r in plan["plan_activity"].to_dicts():
        found["x", r["node"], r["technology"], r["control"], r["year"]] = r["value"] * factor(r["unit"])
    for r in plan["plan_capacity"].to_dicts():
        place, size = (r["node"], r["technology"], r["year"]), factor(r["unit"] or "")
        found["kept", *place] = (r["existing"] - r["retired"]) * size
        found["built", *place] = r["built"] * size
    for r in plan["plan_flow"].to_dicts():
        for direction in ("purchase", "sale"):
            found[direction, r["node"], r["flow"], r["year"]] = r[direction] * factor(r["unit"])
    for r in plan["plan_link"].to_dicts():
        found["sent", r["from_node"], r["to_node"], r["flow"], r["year"]] = r["sent"] * factor(r["unit"])
    return found


def missed(row: Limit, value: Terms) -> float:
    """Return by how much a row is missed, beside its largest term."""
    over = at(row.terms, value) - row.right
    over = {"<=": max(over, 0.0), ">=": max(-over, 0.0), "=": abs(over)}[row.sign]
    size = max([abs(w * value.get(v, 0.0)) for v, w in row.terms.items()] + [abs(row.right)])
    return over / size if size > 1e-9 else over


def agree(world: World, answer: Answer) -> None:
    """Objective, every row, emissions and flows of the room's plan stand in the second formulation."""
    plan = least_cost(planned(world), explain=False)
    assert plan.status == answer.condition
    if plan.status != "optimal":
        return
    assert plan.cost == pytest.approx(answer.objective, rel=1e-8)
    form, value = Formulation(world), point(plan)
    worst = max(form.rows, key=lambda r: missed(r, value))
    assert missed(worst, value) < 1e-6, (worst.kind, worst.name)
    assert at(form.objective(), value) == pytest.approx(answer.objective, rel=1e-7)
    emitted: Counter[tuple[str, str, int]] = Counter()
    for r in plan["plan_emission"].to_dicts():
        emitted[r["node"], r["species"], r["year"]] += r["value"] * factor(r["unit"])
    for (n, s, y), amount in emitted.items():
        expected = sum(
            form.rate(v[1], v[2], v[3], y, s) * x
            for v, x in value.items()
            if v[0] == "x" and (v[1], v[4]) == (n, y)
        )
        assert amount == pytest.approx(expected, rel=1e-9, abs=1e-12)
    for r in plan["plan_flow"].to_dicts():
        for kind in ("production", "consumption"):
            terms = form.quantity(kind, r["flow"], "", r["node"], r["year"])
            assert r[kind] * factor(r["unit"]) == pytest.approx(at(terms, value), rel=1e-9, abs=1e-9)
    prices(form, answer, plan)


def prices(form: Formulation, answer: Answer, plan: Plan) -> None:
    """The shadow price of a target is the dual value of its row where the cost has one slope there."""
    duals = {r.name: (r, d) for r, d in zip(form.rows, answer.dual, strict=True) if r.kind == "target"}
    rows = {r["target"]: r for r in form.world["target"]}
    for shown in plan["shadow_price"].to_dicts():
        row, dual = duals[shown["target"], shown["year"]]
        target = rows[shown["target"]]
        if target.get("denominator_kind") or abs(dual * row.right) < 1e-4 * abs(answer.objective):
            continue
        step = 1e-5 * row.right
        slopes = []
        for move in (-step, step):
            moved = [
                Limit(r.kind, r.name, r.terms, r.sign, r.right + move) if r is row else r for r in form.rows
            ]
            found = form.quick(rows=moved)
            slopes.append(
                (found.objective - answer.objective) / move if found.condition == "optimal" else None
            )
        if None in slopes or abs(slopes[0] - slopes[1]) > 1e-6 * abs(dual):
            continue
        sign = -1.0 if target["comparator"] == "at_most" else 1.0
        assert shown["discounted"] / factor(shown["unit"] or "") == pytest.approx(sign * dual, rel=1e-5)
        return


def compared(seeds: Iterable[int]) -> Counter[str]:
    """Compare the plans of `seeds` and return in how many of them each kind bound."""
    plans: Counter[str] = Counter()
    for seed in seeds:
        world, answer = bound(make(seed), seed)
        plans.update(k for k, times in held(world, answer).items() if times)
        try:
            agree(world, answer)
        except Exception as error:
            raise AssertionError(f"plan {seed} differs") from error
    return plans


def test_random_plans_are_the_same_in_a_second_formulation():
    plans = compared(range(25))
    assert {k for k in KINDS if not plans[k]} <= {"sale limit", "target cost"}


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", range(5))
def test_five_hundred_random_plans_are_the_same(part):
    plans = compared(range(1000 + 100 * part, 1100 + 100 * part))
    assert {k: plans[k] for k in KINDS if plans[k] < 3} == {}
