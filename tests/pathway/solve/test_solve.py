from __future__ import annotations

import highspy
import numpy as np
import pytest

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.case.case import Settings, draft
from tongyuan.pathway.example import national, steel, typed
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.solve import Solver, choose, solve, write


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


LITTLE = """
[node]
node
A

[period]
year, weight
2030, 1

[flow]
flow,  unit
power, kWh
jewel, t

[technology_option]
technology, unit, capacity, cost_variable
coal,       kWh,  free,     0.001
wind,       kWh,  free,     0.0010001
jeweller,   t,    free,     1e9

[technology_flow]
technology, flow,  role,   coefficient
coal,       power, output, 1
wind,       power, output, 1
jeweller,   jewel, output, 1

[emission_coefficient]
technology, species, value, unit
coal,       CO2,     0.001, t/kWh

[demand]
node, flow,  year, value, unit
A,    power, 2030, 1e9,   kWh
A,    jewel, 2030, 1,     t

[target]
target, quantity_kind, quantity, comparator, bound, unit
carbon, emission,      CO2,      at_most,    1e9,   t
"""


def test_fewer_emissions_are_not_paid_for():
    """Wind costs 1e-7 CNY a kWh more: nothing beside a jewel of 1e9 CNY, but 100 CNY on 1e9 kWh."""
    plan = least_cost(draft(typed(LITTLE), Settings(discount_rate=0.0)))
    assert plan.cost == pytest.approx(1_001_000_000.0, rel=1e-12)
    made = dict(plan["plan_activity"].select("technology", "value").iter_rows())
    assert made["coal"] == pytest.approx(1e9)


def test_of_plans_of_equal_cost_the_cleaner_one_is_taken():
    tables = typed(LITTLE.replace("0.0010001", "0.001"))
    plan = least_cost(draft(tables, Settings(discount_rate=0.0)))
    made = dict(plan["plan_activity"].select("technology", "value").iter_rows())
    assert made["wind"] == pytest.approx(1e9)
