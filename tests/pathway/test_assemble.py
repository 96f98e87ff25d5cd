from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.assemble import aims, assemble, base_value, factors
from tongyuan.pathway.encode import codes
from tongyuan.pathway.example import national, steel


def test_discount_factors_times_years():
    assert factors(steel()).tolist() == pytest.approx([5.0, 5.0 * 1.05**-5])


def test_a_share_of_the_base_year_is_worked_out_from_the_stock():
    case = steel()
    base = base_value(case, codes(case), "emission", "CO2e", "", "")
    assert base == pytest.approx(12_000 * 1.9 + 140_000 * 0.85, rel=1e-12)
    bound = {a.target: a.bound for a in aims(case)}
    assert bound["CO2_cap"] == pytest.approx(0.85 * base)


def test_targets_without_a_year_hold_in_every_period_and_cumulative_ones_once():
    case = steel()
    every = case["target"].with_columns(year=pl.lit(None, dtype=pl.Int64))
    assert len(aims(case.with_tables(target=every))) == 6
    summed = every.with_columns(accumulation=pl.lit("cumulative"))
    assert [a.years for a in aims(case.with_tables(target=summed))] == [(2025, 2030)] * 3


def test_size_of_the_national_problem():
    problem = assemble(national(nodes=2, groups=3, controls=4, years=2))
    activities = 2 * 3 * 4 * 2
    kinds = dict(problem.columns.group_by("kind").len().iter_rows())
    assert kinds == {"activity": activities, "total": 12, "emission": 24}
    rows = dict(problem.rows.group_by("kind").len().iter_rows())
    assert rows == {"total": 12, "share_max": 36, "balance": 12, "emission": 24, "target": 36}
