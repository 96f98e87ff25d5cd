from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import linalg, optimize, sparse

from tongyuan.pathway.solve.interior import Iterate


class Dense:
    """Normal equations of a small matrix, factored whole."""

    def __init__(self, matrix):
        self.a = sparse.csr_matrix(matrix)
        self.at = sparse.csr_matrix(self.a.T)

    def factor(self, d, slack):
        whole = (self.a.toarray() * d) @ self.a.toarray().T + np.diag(slack)
        self.held = linalg.cho_factor(whole + 1e-14 * np.diag(np.diag(whole)))

    def solve(self, right, refine):
        return linalg.cho_solve(self.held, right)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(3, 9))
def test_equals_another_solver_on_random_bounded_problems(seed, rows, columns):
    r = np.random.default_rng(seed)
    a = r.normal(size=(rows, columns))
    inside = r.uniform(0.2, 0.8, columns)
    middle = a @ inside
    low, high = middle - r.uniform(0.1, 1.0, rows), middle + r.uniform(0.1, 1.0, rows)
    equal = r.random(rows) < 0.3
    low[equal] = high[equal] = middle[equal]
    cost = r.normal(size=columns)
    state = Iterate(Dense(a), cost, np.zeros(columns), np.ones(columns), low, high)
    assert state.run(1e-9, 100)
    other = optimize.milp(
        cost, bounds=optimize.Bounds(0.0, 1.0), constraints=optimize.LinearConstraint(a, low, high)
    )
    assert cost @ state.v[:columns] == pytest.approx(other.fun, rel=1e-6, abs=1e-6)


def test_columns_without_an_upper_limit_and_free_columns():
    a = np.array([[1.0, 1.0, -1.0], [0.0, 1.0, 1.0]])
    infinity = np.full(3, np.inf)
    state = Iterate(
        Dense(a), np.array([1.0, 2.0, 0.5]), np.array([0.0, 0.0, -np.inf]), infinity,
        np.array([3.0, 1.0]), np.array([np.inf, 1.0]),
    )  # fmt: skip
    assert state.run(1e-9, 100)
    np.testing.assert_allclose(state.v[:3], [0.0, 2.0, -1.0], atol=1e-6)


def test_an_infeasible_problem_is_not_called_done():
    state = Iterate(
        Dense(np.ones((1, 2))), np.ones(2), np.zeros(2), np.ones(2), np.array([5.0]), np.array([5.0])
    )
    assert not state.run(1e-9, 60)
