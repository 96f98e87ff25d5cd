from __future__ import annotations

import polars as pl
import pytest

from tongyuan.flows.ask.plan.given import Given
from tongyuan.flows.ask.plan.value import attribute, budget, robust


def test_what_is_spent_stays_within_the_money_and_buys_less_emission(asked: Given) -> None:
    answer = budget(asked, 1e6, {("emission", "CO2e"): 1.0})
    assert 0.0 <= answer.facts["spent"] <= 1e6 * (1 + 1e-9)
    row = answer["budget"].row(0, named=True)
    assert row["less"] == pytest.approx(row["before"] - row["after"])
    assert row["less"] > 0.0


def test_certainty_costs_and_raises_the_joint_probability(asked: Given) -> None:
    answer = robust(asked, 0.9, draws=500)
    assert answer.facts["extra"] > 0.0
    assert answer.facts["after"] > answer.facts["before"]
    assert set(answer["target_probability"]["scenario"]) == {"least_cost", "robust"}


def test_rows_of_a_quantity_sum_to_its_whole_change(asked: Given) -> None:
    rows = attribute(asked)["attribution"]
    department = attribute(asked, by="department")["attribution"]
    for name in ("CO2e", "total"):
        one, other = (f.filter(pl.col("quantity") == name)["value"].sum() for f in (rows, department))
        assert one == pytest.approx(other, rel=1e-6, abs=1e-6)
