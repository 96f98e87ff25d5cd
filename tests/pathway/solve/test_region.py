"""Regions coordinated by prices: the cost of the whole lies between both bounds, here and on Spark."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.local_spark import local_spark

from tongyuan.pathway.ask.least_cost import finish
from tongyuan.pathway.example_grid import grid
from tongyuan.pathway.problem.assemble import assemble
from tongyuan.pathway.solve.region import answers, on_spark, solve_by_region, split
from tongyuan.pathway.solve.solve import Solver

TOLERANCE = 1e-6


@pytest.fixture(scope="module")
def whole():
    problem = assemble(grid(2, 1, years=(2025, 2035)))
    return problem, Solver(problem).solve()


def test_the_cost_lies_between_the_bounds_and_the_plan_holds_together(whole):
    problem, exact = whole
    first, _ = solve_by_region(problem, rounds=1)
    found, low = solve_by_region(problem, rounds=6)
    assert found.gap < first.gap
    assert low <= exact.objective * (1.0 + TOLERANCE)
    assert exact.objective <= found.objective * (1.0 + TOLERANCE)
    assert found.gap == pytest.approx((found.objective - low) / found.objective)
    # the plan of the regions is audited like any other
    assert finish(problem, found, "regions").cost == found.objective


def test_regions_and_their_ties_are_the_whole_problem(whole):
    problem, exact = whole
    cut = split(problem)
    # the plan of the whole, put into the regions, costs the same and misses no shared row
    put, cost = np.zeros(cut.lower.size), 0.0
    for region in cut.regions:
        x = exact.x[region.columns]
        put += np.asarray(region.shared @ x)
        cost += float(region.cost @ x)
        row = np.asarray(region.matrix @ x)
        size = 1e-6 * (1.0 + np.asarray(abs(region.matrix) @ np.abs(x)))
        assert (row >= region.row_lower - size).all()
        assert (row <= region.row_upper + size).all()
    assert cost == pytest.approx(exact.objective, rel=1e-9)
    assert (put >= cut.lower - 1e-3).all()


def test_what_has_no_limit_or_no_price_is_refused(whole):
    problem, _ = whole
    with pytest.raises(ValueError, match="limit"):
        split(replace(problem, upper=np.full(problem.upper.size, np.inf)))
    with pytest.raises(ValueError, match="whole units"):
        split(replace(problem, integer=np.ones(problem.integer.size, dtype=bool)))


def test_a_region_without_a_plan_is_said(whole):
    problem, _ = whole
    upper = np.where(problem.columns["n"].to_numpy() == 2, 0.0, problem.upper)
    found, low = solve_by_region(replace(problem, upper=upper, lower=np.minimum(problem.lower, upper)))
    assert found.status == "infeasible"
    assert low == -np.inf


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with local_spark() as running:
        yield running


@pytest.mark.spark
def test_on_spark_the_answers_are_the_same(whole, spark):
    problem, exact = whole
    here, low = solve_by_region(problem, answers, rounds=1)
    there, bound = solve_by_region(problem, on_spark(spark), rounds=1)
    assert there.objective == pytest.approx(here.objective, rel=1e-9)
    assert bound == pytest.approx(low, rel=1e-9)
    assert bound <= exact.objective * (1.0 + TOLERANCE)
