"""Who pays: the rows sum to the cost of both plans."""

from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel
from tongyuan.pathway.tell.incidence import incidence


def test_changes_sum_to_the_difference_of_cost():
    case = steel()
    plan, free = least_cost(case), least_cost(case.with_targets(()))
    table = incidence(free, plan)
    assert table["discounted"].sum() == pytest.approx(plan.cost - free.cost, rel=1e-9)
    assert table["after"].sum() == pytest.approx(plan["plan_cost"]["value"].sum(), rel=1e-12)
    steelmaker = table.filter(sector="steel", payer="steelmaker", item="capital")
    expected = plan["plan_cost"].filter(payer="steelmaker", item="capital")["value"].sum()
    assert steelmaker["after"].sum() == pytest.approx(expected, rel=1e-12)
    signs = {"pays": 1.0, "gains": -1.0, "neutral": 0.0}
    wrong = table.filter(
        pl.col("change").sign() != pl.col("verdict").replace_strict(signs, return_dtype=pl.Float64)
    )
    assert wrong.is_empty()


def test_a_plan_against_itself_is_neutral():
    plan = least_cost(steel())
    assert set(incidence(plan, plan)["verdict"]) == {"neutral"}
