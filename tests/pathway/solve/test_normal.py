from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from tongyuan.pathway.example import national
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.normal import Normal, StructureError, structure


def test_normal_equations_are_solved():
    problem = assemble(national(nodes=3, groups=5, controls=3, years=2))
    coupling = problem.rows["kind"].is_in(["emission", "target"]).to_numpy()
    upper = (problem.rows["kind"] == "target").to_numpy()
    normal = Normal(problem.matrix, coupling, upper)
    r = np.random.default_rng(0)
    d, slack = r.uniform(0.1, 2.0, problem.matrix.shape[1]), r.uniform(0.1, 1.0, problem.matrix.shape[0])
    normal.factor(d, slack)
    right = r.normal(size=slack.size)
    dense = (problem.matrix.toarray() * d) @ problem.matrix.toarray().T + np.diag(slack)
    np.testing.assert_allclose(dense @ normal.solve(right), right, atol=1e-9)


def test_blocks_cover_every_local_row_once():
    problem = assemble(national(nodes=3, groups=5, controls=3, years=2))
    coupling = problem.rows["kind"].is_in(["emission", "target"]).to_numpy()
    found = structure(problem.matrix, coupling)
    assert sorted(found.local) == np.flatnonzero(~coupling).tolist()
    assert found.block_rows[-1] == (~coupling).sum()
    assert found.block_rows.size - 1 == 3 * 5 * 2


def test_one_large_block_is_refused():
    with pytest.raises(StructureError, match="blocks"):
        structure(sparse.csc_matrix(np.ones((5, 5))), np.zeros(5, dtype=bool))
