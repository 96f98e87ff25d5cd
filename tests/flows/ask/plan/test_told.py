from __future__ import annotations

import pytest

from tongyuan.flows.ask.plan import told
from tongyuan.flows.ask.plan.given import Given
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel


def test_one_by_one_is_as_all_together():
    given = Given(steel())
    plan = least_cost(given.case, scenario="plan")
    free = least_cost(given.case.with_targets(given.kept), scenario="none")
    whole = told.told(given, plan, free)
    for name, answer in (
        ("regret", told.regret(given)), ("incidence", told.who_pays(given)),
        ("stranded", told.stranded(given)),
        ("road_map", told.road_map(given)), ("plan_job", told.jobs(given)),
    ):  # fmt: skip
        assert whole[name].equals(answer[name]), name
    assert whole["assumption"].height <= 3


def test_what_the_targets_cost_is_what_somebody_pays():
    given = Given(steel())
    plan = least_cost(given.case)
    free = least_cost(given.case.with_targets(given.kept))
    paid = told.who_pays(given)["incidence"]["discounted"].sum()
    assert paid == pytest.approx(plan.cost - free.cost, rel=1e-9)
