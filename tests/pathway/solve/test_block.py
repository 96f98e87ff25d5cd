from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import national, steel
from tongyuan.pathway.example_grid import grid
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.block import solve_block
from tongyuan.pathway.solve.normal import StructureError
from tongyuan.pathway.solve.solve import Solver


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equals_the_reference_solver_and_closes_its_own_gap(seed):
    problem = assemble(national(nodes=4, groups=10, controls=4, years=2, seed=seed))
    reference = Solver(problem).solve()
    found = solve_block(problem)
    assert found.status == "optimal"
    assert found.gap < 1e-8
    assert found.objective == pytest.approx(reference.objective, rel=1e-7)
    assert found.x.min() > -1e-7
    excess = np.maximum(
        problem.matrix @ found.x - problem.row_upper, problem.row_lower - problem.matrix @ found.x
    )
    assert excess.max() < 1e-6 * (1.0 + np.abs(found.row).max())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), coupled=st.booleans(), tight=st.floats(0.7, 1.3))
def test_agrees_with_the_reference_whether_there_is_a_plan_or_not(seed, coupled, tight):
    case = national(nodes=3, groups=6, controls=4, years=2, seed=seed, coupled=coupled)
    bound = case["target"].with_columns(pl.col("bound") * tight)
    problem = assemble(case.with_tables(target=bound))
    reference, found = Solver(problem).solve(), solve_block(problem)
    assert (found.status == "optimal") == (reference.status == "optimal")
    if reference.status == "optimal":
        assert found.objective == pytest.approx(reference.objective, rel=1e-7, abs=1e-7)


def test_duals_bound_the_cost_from_below():
    problem = assemble(national(nodes=3, groups=8, controls=3, years=2))
    found = solve_block(problem)
    y, z = found.dual, found.reduced
    rows = np.where(y > 0, np.where(np.isfinite(problem.row_lower), problem.row_lower, 0), 0) * y
    rows += np.where(y < 0, np.where(np.isfinite(problem.row_upper), problem.row_upper, 0), 0) * y
    columns = np.where(z > 0, np.where(np.isfinite(problem.lower), problem.lower, 0), 0) * z
    columns += np.where(z < 0, np.where(np.isfinite(problem.upper), problem.upper, 0), 0) * z
    assert rows.sum() + columns.sum() == pytest.approx(found.objective, rel=1e-6)


def test_a_plan_by_the_structured_method_passes_the_audit():
    case = national(nodes=4, groups=6, controls=3, years=2)
    assert least_cost(case, method="block").cost == pytest.approx(least_cost(case).cost, rel=1e-7)


@pytest.mark.parametrize(("provinces", "sectors"), [(1, 2), (2, 1)])
def test_time_slices_storage_and_exchange_meet_the_reference(provinces, sectors):
    """Balances and reserves of a slice couple: a block is a technology, not the whole node."""
    problem = assemble(grid(provinces, sectors))
    found = solve_block(problem)
    reference = Solver(problem).solve("simplex")
    assert (problem.rows["kind"] == "slices").any()
    assert found.status == "optimal"
    assert found.objective == pytest.approx(reference.objective, rel=1e-7)
    assert found.gap < 1e-8


def test_a_node_that_is_one_block_is_solved_through_its_balances():
    problem = assemble(steel().with_targets(names=[]).with_tables())
    found, reference = solve_block(problem), Solver(problem).solve()
    assert found.status == "optimal"
    assert found.objective == pytest.approx(reference.objective, rel=1e-7)


def test_units_that_come_whole_are_refused():
    problem = assemble(steel())
    with pytest.raises(StructureError, match="integer"):
        solve_block(replace(problem, integer=np.ones_like(problem.integer)))


def test_an_infeasible_problem_is_not_called_optimal():
    case = national(nodes=4, groups=6, controls=3, years=2)
    tight = case["target"].with_columns(bound=case["target"]["bound"] * 0.01)
    assert solve_block(assemble(case.with_tables(target=tight))).status != "optimal"
