from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.pathway.ask.decompose import lmdi, logarithmic_mean, plan_change, sectors
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10_000))
def test_effects_sum_to_the_change(seed):
    r = np.random.default_rng(seed)
    before, after = r.uniform(0.0, 5.0, (6, 3)), r.uniform(0.0, 5.0, (6, 3))
    before[0, 1] = 0.0
    effect = lmdi(before, after)
    change = after.prod(axis=1).sum() - before.prod(axis=1).sum()
    assert effect.sum() == pytest.approx(change, abs=1e-8)


def test_only_the_factor_that_changes_has_an_effect():
    before = np.array([[2.0, 3.0], [4.0, 1.0]])
    effect = lmdi(before, before * np.array([1.5, 1.0]))
    assert effect == pytest.approx([5.0, 0.0])


def test_logarithmic_mean():
    assert logarithmic_mean(np.array([2.0, 1.0, 0.0]), np.array([2.0, np.e, 1.0])) == pytest.approx(
        [2.0, np.e - 1.0, 0.0]
    )


def test_negative_factors_are_refused():
    with pytest.raises(ValueError, match="not negative"):
        lmdi(np.array([[-1.0]]), np.array([[1.0]]))


def test_change_of_a_plan_is_explained_in_full():
    case = steel(growth=0.2)
    plan = least_cost(case)
    sector = case["technology_option"].select("technology", "sector")
    rows = plan_change(plan["plan_emission"], plan["plan_activity"], "NOx", 2025, 2030, sector)
    nox = plan["plan_emission"].filter(pl.col("species") == "NOx")
    total = dict(nox.group_by("year").agg(pl.col("value").sum()).iter_rows())
    assert rows["value"].sum() == pytest.approx(total[2030] - total[2025], rel=1e-9)


def test_units_of_one_sector_must_add_up():
    case = steel()
    mixed = case["technology_option"].with_columns(sector=pl.lit("all"))
    with pytest.raises(FindingError, match="MWh, t"):
        sectors(case.with_tables(technology_option=mixed))
    bare = case["technology_option"].with_columns(sector=pl.lit(""))
    alone = sectors(case.with_tables(technology_option=bare))
    assert alone["sector"].to_list() == alone["technology"].to_list()
