"""A plan of tables alone: cost and shadow prices against the same case solved in its room."""

from __future__ import annotations

import pytest

from tongyuan.flows.ask.plan.tables import plan_tables, teaching_tables
from tongyuan.ledger.branch import PlanSettings
from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel


def test_tables_alone_give_the_plan_of_the_case() -> None:
    found = plan_tables(teaching_tables(), PlanSettings(discount_rate=0.05, base_year=2025))
    known = least_cost(steel(), scenario="plan")
    for name in ("plan_activity", "plan_cost", "shadow_price"):
        assert found[name].equals(known[name]), name
    assert found["conflict"].is_empty()


def test_without_a_discount_rate_there_is_no_plan() -> None:
    with pytest.raises(FindingError, match="discount_rate"):
        plan_tables(teaching_tables(), PlanSettings(base_year=2025))
