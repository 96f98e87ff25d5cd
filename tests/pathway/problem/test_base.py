from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.base import base_activity, base_point, base_year, codes_with_base


def test_the_base_point_is_the_stock_times_its_coefficients():
    case = steel()
    made = base_point(case)
    co2 = made["plan_emission"].filter(pl.col("species") == "CO2")["value"].sum()
    assert co2 == pytest.approx(12_000 * 1.9 + 140_000 * 0.85)
    assert made["plan_activity"]["scenario"].unique().to_list() == ["base"]
    assert base_activity(case)["year"].unique().to_list() == [base_year(case)] == [2025]


def test_a_base_year_before_the_periods_gets_a_code():
    case = steel()
    assert codes_with_base(case).year == [2025, 2030]
    earlier = case.with_tables(period=pl.DataFrame({"year": [2030, 2035], "weight": [5.0, 5.0]}))
    assert codes_with_base(earlier).year == [2030, 2035, 2025]
