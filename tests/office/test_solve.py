from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.plan.given import given_of_tables
from tongyuan.flows.ask.plan.plan import hold, least_cost
from tongyuan.flows.ask.plan.tables import teaching_tables
from tongyuan.flows.plan.read import plan_settings
from tongyuan.ledger.branch import PlanSettings
from tongyuan.office import solve
from tongyuan.office.solve import Plan, answer

SETTINGS = plan_settings(PlanSettings(discount_rate=0.08, base_year=2020))


@pytest.fixture
def plan() -> Plan:
    given = given_of_tables(teaching_tables(), SETTINGS)
    return Plan(hold(given), given.case.settings.currency)


def test_without_a_change_it_is_the_plan_of_least_cost(plan: Plan) -> None:
    told = answer(plan, [])
    alone = least_cost(given_of_tables(teaching_tables(), SETTINGS))
    assert told["cost"] == told["before"] == pytest.approx(alone.facts["cost"], rel=1e-9)
    summed = alone["plan_emission"].group_by("species", "year").agg(pl.col("value").sum())
    ours = {(e["species"], e["year"]): e["value"] for e in told["emission"]}
    assert ours == {(s, y): pytest.approx(v, rel=1e-6, abs=1e-6) for s, y, v in summed.iter_rows()}
    assert all(e["value"] == e["before"] for e in told["emission"])


def test_a_tighter_target_costs_more_and_its_quantity_keeps_to_it(plan: Plan) -> None:
    rows = plan.held.case["target"].filter(comparator="at_most", quantity_kind="emission")
    target, bound = rows.select("target", "bound").row(0)
    tight = answer(plan, [(target, bound * 0.98, None)])
    assert tight["cost"] > tight["before"]
    assert {t["bound"] for t in tight["targets"] if t["target"] == target} == {bound * 0.98}
    assert answer(plan, [])["cost"] == pytest.approx(tight["before"], rel=1e-9)  # nothing is kept of it


def test_targets_that_cannot_be_met_together_are_told(plan: Plan) -> None:
    target = plan.held.case["target"].filter(comparator="at_most", quantity_kind="emission")["target"][0]
    told = answer(plan, [(target, -1e12, None)])
    assert told["cost"] is None
    assert told["findings"]
    assert answer(plan, [])["cost"] is not None


def test_few_plans_stay_in_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def workspace() -> None:
        made.append("x")

    given = given_of_tables(teaching_tables(), SETTINGS)
    monkeypatch.setattr(solve, "given_of_workspace", lambda _: given)
    monkeypatch.setattr(solve, "KEPT", 2)
    for key in ("a", "b", "a", "c", "a", "b"):
        solve.held(key, workspace)  # type: ignore[arg-type]
    assert len(made) == 4
    assert list(solve._plans) == ["a", "b"]
    solve._plans.clear()
