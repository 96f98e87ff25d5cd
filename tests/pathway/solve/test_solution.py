from __future__ import annotations

import numpy as np

from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.solution import clean, scaled, scales


def test_scales_are_powers_of_two_and_bring_entries_near_one() -> None:
    problem = assemble(steel())
    row, column = scales(problem.matrix, problem.integer)
    for found in (row, column):
        assert np.all(np.exp2(np.round(np.log2(found))) == found)
    before = np.abs(np.log2(np.abs(problem.matrix.data)))
    found = scaled(problem.matrix, row, column)
    assert np.abs(np.log2(np.abs(found.data))).mean() < before.mean()
    np.testing.assert_array_equal(found.toarray(), problem.matrix.toarray() * row[:, None] * column)


def test_integer_columns_keep_their_scale() -> None:
    problem = assemble(steel())
    integer = np.zeros(problem.matrix.shape[1], dtype=bool)
    integer[:3] = True
    assert np.all(scales(problem.matrix, integer)[1][:3] == 1.0)


def test_solver_dust_is_zero_whatever_the_unit_of_a_column():
    x = np.array([1e6, 1e-7, -1e-7])
    assert clean(x).tolist() == [1e6, 0.0, 0.0]
    assert clean(x, np.array([1e6, 1e-7, 1e7])).tolist() == [1e6, 1e-7, 0.0]
