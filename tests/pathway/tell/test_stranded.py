"""Stranded stock by hand: years that were left, and what stands idle."""

from __future__ import annotations

import pytest
from tests.pathway.slices import coal, made, world

from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.tell.stranded import stranded


def aged(rows, **option):
    tables = world(stock=rows)
    tables["technology_option"] = [coal(**option)]
    return made(tables)


def unit(name, built, capacity, cost):
    return {
        "node": "a",
        "technology": "coal",
        "class": name,
        "year_built": built,
        "capacity": capacity,
        "cost_fixed": cost,
    }


def test_a_unit_that_closes_early_has_years_left():
    case = aged([unit("old", 2010, 1.0, 1e6), unit("new", 2020, 1.0, 0.0)])
    row = stranded(case, least_cost(case)).row(0, named=True)
    # twenty years from 2010: five of them left, a quarter of 4 million
    assert (row["retired"], row["years_left"]) == pytest.approx((1.0, 5.0))
    assert row["value_left"] == pytest.approx(1e6)
    assert row["idle"] == 0.0


def test_of_a_pool_the_oldest_goes_first():
    rows = [{"node": "a", "technology": "coal", "year_built": y, "capacity": 1.0} for y in (2010, 2020)]
    case = aged(rows, cost_fixed=1e5)
    row = stranded(case, least_cost(case)).row(0, named=True)
    # 1.2 MW stay: 0.8 MW of 2010 go
    assert (row["retired"], row["years_left"]) == pytest.approx((0.8, 5.0))


def test_what_is_not_needed_stands_idle():
    case = aged([unit("only", 2015, 3.0, 0.0)])
    row = stranded(case, least_cost(case)).row(0, named=True)
    # 1.2 MW are needed by day, though only 1 MW on average
    assert (row["retired"], row["idle"]) == pytest.approx((0.0, 1.8))
    assert row["years_left"] is None


def test_a_plan_that_needs_all_it_has_strands_nothing():
    case = made(world())
    assert stranded(case, least_cost(case)).is_empty()
