from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.example import steel
from tongyuan.pathway.problem.base import base_activity, base_point, base_year, codes_with_base, vintages


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


def test_a_stock_where_the_technology_has_no_row_has_no_end():
    """Arcs last 30 years in the north; nothing says when those of the south, without a row, end."""
    case = steel()
    arc = pl.col("technology") == "arc"
    options = case["technology_option"].with_columns(
        node=pl.when(arc).then(pl.lit("north")).otherwise("node")
    )
    blank = dict.fromkeys(case["stock"].columns) | {"technology": "arc", "year_built": 2010, "capacity": 5.0}
    rows = [blank | {"node": "north"}, blank | {"node": "south"}]
    stock = pl.DataFrame(rows, schema=case["stock"].schema)
    made = vintages(case.with_tables(technology_option=options, stock=stock))
    assert made.select("node", "capacity", "until").rows() == [("north", 5.0, 2040), ("south", 5.0, None)]
