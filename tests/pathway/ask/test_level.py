from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from tongyuan.pathway.ask.level import Replaced, levels
from tongyuan.pathway.ask.sweep import HAIR
from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.assemble import assemble

NO_WEIGHTS = pl.DataFrame(schema={"column": pl.Int64, "weight": pl.Float64})


def test_what_comes_in_stands_in_place_of_what_goes_in_its_share():
    """30 of the 40 that go come from gas, 10 from pumps: with gas alone three quarters of the 40 are gone."""
    row = Replaced(2030, NO_WEIGHTS, 40.0, 40.0, {"gas": 30.0, "pump": 10.0, "less": -5.0}, 40.0)
    hair = HAIR * 40.0
    assert row.most(frozenset()) == np.inf
    assert row.most(frozenset({"less"})) == np.inf
    assert row.most(frozenset({"gas"})) == pytest.approx(10.0 + hair)
    assert row.most(frozenset({"gas", "less"})) == pytest.approx(40.0 - 25.0 + hair)
    assert row.most(frozenset({"gas", "pump"})) == row.least() == pytest.approx(hair)


def test_a_measure_that_nothing_uses_is_held_at_nothing():
    problem = assemble(steel())
    nothing = np.zeros(problem.columns.height)
    found, used = levels(problem, "measure", nothing, nothing)
    assert used == set()
    assert {one.player for one in found} == set(problem.case["measure"]["measure"])
    assert all(one.outside[1] == pytest.approx(HAIR) for one in found)
    full = np.ones(problem.columns.height)
    found, used = levels(problem, "measure", nothing, full)
    assert used == {one.player for one in found}
    whole = [one for one in found if (one.weights["weight"] == 1.0).all() and one.inside[0] > 0.0]
    assert whole
    assert all(one.inside[0] == pytest.approx(one.weights.height, rel=1e-6) for one in whole)
