from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.example import steel
from tongyuan.pathway.least_cost import least_cost
from tongyuan.pathway.robust import multipliers, probability, robust


def test_draws_keep_the_limits_of_the_factor():
    case = steel()
    drawn = multipliers(case, 40_000, 1)
    table = case["emission_coefficient"]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=1)
    np.testing.assert_allclose(low, table["lower"] / table["value"], rtol=0.02)
    np.testing.assert_allclose(high, table["upper"] / table["value"], rtol=0.02)


@pytest.mark.parametrize("kind", ["lognormal", "uniform", "triangular"])
def test_other_distributions_keep_their_limits(kind):
    case = steel()
    table = case["emission_coefficient"].with_columns(
        distribution=pl.lit(kind), lower=pl.col("value") * 0.8, upper=pl.col("value") * 1.25
    )
    drawn = multipliers(case.with_tables(emission_coefficient=table), 20_000, 2)[0]
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert low == pytest.approx(0.8, abs=0.04)
    assert high == pytest.approx(1.25, abs=0.05)


def test_rows_of_one_factor_share_their_draws():
    case = steel()
    table = case["emission_coefficient"].with_columns(
        factor_id=pl.lit("one"), lower=pl.col("value") * 0.9, upper=pl.col("value") * 1.1
    )
    drawn = multipliers(case.with_tables(emission_coefficient=table), 10, 3)
    assert np.ptp(drawn, axis=0).max() == pytest.approx(0.0, abs=1e-12)


def test_a_binding_target_is_met_half_the_time_and_a_robust_plan_more_often():
    case = steel()
    plan = least_cost(case)
    before = probability(case, plan)
    assert before["probability"].to_list() == pytest.approx([0.5, 0.5], abs=0.05)
    safe, after = robust(case, 0.9)
    assert after["probability"].min() >= 0.9
    assert safe.cost > plan.cost


def test_the_inventory_s_own_draws_are_used():
    case = steel()
    certain = np.ones((case["emission_coefficient"].height, 5))
    assert probability(case, least_cost(case), factor=certain)["probability"].to_list() == [1.0, 1.0]


def test_impossible_certainty_is_said_so():
    case = steel()
    tight = case["target"].with_columns(
        bound=pl.when(pl.col("target") == "CO2_cap").then(0.22).otherwise("bound")
    )
    with pytest.raises(FindingError, match="probability"):
        robust(case.with_tables(target=tight), 0.99)
