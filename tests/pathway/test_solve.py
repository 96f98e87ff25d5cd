from __future__ import annotations

import highspy
import numpy as np
import pytest

from tongyuan.pathway.assemble import assemble
from tongyuan.pathway.example import national, steel
from tongyuan.pathway.solve import Solver, choose, solve, write


@pytest.mark.parametrize("suffix", ["mps", "lp"])
def test_written_problem_has_the_same_optimum_and_names(tmp_path, suffix):
    problem = assemble(steel())
    path = tmp_path / f"plan.{suffix}"
    write(problem, path)
    assert "short_process" in path.read_text()
    other = highspy.Highs()
    other.setOptionValue("output_flag", False)
    other.readModel(str(path))
    other.run()
    assert other.getInfo().objective_function_value == pytest.approx(solve(problem).objective, rel=1e-8)


def test_scaling_changes_nothing_but_numbers():
    problem = assemble(steel())
    plain, scaled = Solver(problem, scale=False).solve(), Solver(problem).solve()
    assert plain.objective == pytest.approx(scaled.objective, rel=1e-9)


def test_warm_and_cold_solves_agree():
    problem = assemble(steel())
    row = int(np.flatnonzero((problem.rows["subject"] == "NOx_cap").to_numpy())[0])
    warm = Solver(problem)
    warm.solve()
    warm.set_rows(row, -np.inf, 50.0)
    after = warm.solve()
    cold = Solver(problem)
    cold.set_rows(row, -np.inf, 50.0)
    assert after.objective == pytest.approx(cold.solve().objective, rel=1e-9)


def test_interior_point_and_simplex_agree():
    problem = assemble(national(nodes=3, groups=6, controls=3, years=2))
    assert solve(problem, "ipm").objective == pytest.approx(solve(problem, "simplex").objective, rel=1e-8)


def test_small_problems_go_to_the_simplex():
    assert choose(assemble(steel())) == "simplex"
