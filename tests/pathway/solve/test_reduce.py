from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tongyuan.pathway.example import national
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.reduce import duals_back, reduce
from tongyuan.pathway.solve.solve import Solver


@pytest.fixture(scope="module")
def problem():
    return assemble(national(nodes=3, groups=6, controls=4, years=2))


def test_demands_fix_totals_and_shares_become_bounds(problem):
    left = reduce(problem)
    kinds = problem.rows["kind"].gather(left.rows).unique().to_list()
    assert sorted(kinds) == ["emission", "target", "total"]
    assert set(problem.columns["kind"].gather(left.columns)) == {"activity", "emission"}
    activity = (problem.columns["kind"].gather(left.columns) == "activity").to_numpy()
    assert np.isfinite(left.upper[activity]).any()


def test_the_smaller_problem_has_the_same_optimum_and_the_same_duals(problem):
    left = reduce(problem)
    small = replace(
        problem,
        matrix=left.matrix, cost=problem.cost[left.columns], lower=left.lower, upper=left.upper,
        row_lower=left.row_lower, row_upper=left.row_upper, integer=problem.integer[left.columns],
        rows=problem.rows[left.rows], columns=problem.columns[left.columns],
    )  # fmt: skip
    whole, part = Solver(problem).solve(), Solver(small).solve()
    x = left.value.copy()
    x[left.columns] = part.x
    assert problem.cost @ x == pytest.approx(whole.objective, rel=1e-10)
    every = duals_back(problem, left, part.dual, x)
    reduced = problem.cost - problem.matrix.T @ every
    ends = [np.where(v >= 0.0, low, high) for v, low, high in (
        (every, problem.row_lower, problem.row_upper), (reduced, problem.lower, problem.upper),
    )]  # fmt: skip
    bound = sum(float(np.where(v != 0.0, v * np.where(np.isfinite(e), e, 0.0), 0.0).sum())
                for v, e in zip((every, reduced), ends, strict=True))  # fmt: skip
    assert bound == pytest.approx(whole.objective, rel=1e-7)


def test_a_row_of_fixed_columns_that_does_not_hold_is_not_feasible(problem):
    row = int(np.flatnonzero((problem.rows["kind"] == "total").to_numpy())[0])
    column = problem.matrix.tocsr()[row].indices
    lower, upper = problem.lower.copy(), problem.upper.copy()
    lower[column] = upper[column] = 1.0
    assert not reduce(replace(problem, lower=lower, upper=upper)).feasible
    assert reduce(problem).feasible


def test_bounds_that_cross_are_not_feasible(problem):
    upper = problem.upper.copy()
    row = int(np.flatnonzero((problem.rows["kind"] == "balance").to_numpy())[0])
    upper[problem.matrix.tocsr()[row].indices] = 0.5 * problem.row_lower[row]
    assert not reduce(replace(problem, upper=upper)).feasible
