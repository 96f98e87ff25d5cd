from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.ask.robust import Doubt, multipliers, probability
from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.base import base_point


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
        factor_id=pl.lit(["one"]), lower=pl.col("value") * 0.9, upper=pl.col("value") * 1.1
    )
    drawn = multipliers(case.with_tables(emission_coefficient=table), 10, 3)
    assert np.ptp(drawn, axis=0).max() == pytest.approx(0.0, abs=1e-12)


def test_a_binding_target_is_met_half_the_time():
    case = absolute(steel())
    found = probability(Doubt(case), least_cost(case))
    assert found["probability"].to_list() == pytest.approx([0.5, 0.5], abs=0.05)


def absolute(case):
    """The case with the bound on carbon as a number, which does not move with the base year."""
    base = sum(r["value"] for r in base_point(case)["plan_emission"].to_dicts() if r["species"] == "CO2")
    carbon = pl.col("target") == "CO2_cap"
    target = case["target"].with_columns(
        bound=pl.when(carbon).then(0.85 * base).otherwise("bound"), basis=pl.lit("absolute")
    )
    return case.with_tables(target=target)


def test_draws_of_emission_are_those_of_its_rows():
    case = steel()
    factor = np.random.default_rng(1).uniform(0.5, 1.5, (case["emission_coefficient"].height, 7))
    doubt, plan = Doubt(case, factor), least_cost(case)
    rows = case["emission_coefficient"].with_row_index("row").filter(pl.col("species") == "CO2")
    emitted = plan["plan_emission"].filter((pl.col("species") == "CO2") & (pl.col("year") == 2030))
    by_technology = emitted.group_by("technology").agg(pl.col("value").sum()).join(rows, on="technology")
    by_hand = by_technology["value"].to_numpy() @ factor[by_technology["row"].to_numpy()]
    place = next(i for i in doubt.amount if doubt.every[i].target == "CO2_cap")
    drawn = doubt.emission(place, plan["plan_activity"]["value"].to_numpy())
    np.testing.assert_allclose(drawn, by_hand, rtol=1e-9)


def test_a_share_of_the_base_year_moves_with_its_factors():
    """When every factor is off by the same, a share of the base year is met as well as before."""
    case = steel()
    target = case["target"].filter(pl.col("target") == "CO2_cap")
    case = case.with_tables(target=target)
    factor = np.tile([0.7, 0.9, 1.1, 1.3], (case["emission_coefficient"].height, 1))
    plan = least_cost(case)
    assert probability(Doubt(case, factor), plan)["probability"].to_list() == [1.0]
    fixed = absolute(case)
    assert probability(Doubt(fixed, factor), least_cost(fixed))["probability"].to_list() == [0.5]


def test_the_inventory_s_own_draws_are_used():
    case = steel()
    certain = np.ones((case["emission_coefficient"].height, 5))
    rows = probability(Doubt(case, certain), least_cost(case))
    assert rows["probability"].to_list() == [1.0, 1.0]
    assert rows["known"].to_list() == [0.0, 0.0]
