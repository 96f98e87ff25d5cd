from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.case import Case
from tongyuan.pathway.encode import codes
from tongyuan.pathway.example import steel
from tongyuan.pathway.least_cost import least_cost
from tongyuan.pathway.variable import options, standing


def changed(case: Case, technology: str, **values: object) -> Case:
    rows = case["technology_option"].with_columns(
        pl.when(pl.col("technology") == technology).then(pl.lit(v)).otherwise(pl.col(k)).alias(k)
        for k, v in values.items()
    )
    return case.with_tables(technology_option=rows)


def capacity(case: Case, technology: str) -> pl.DataFrame:
    return least_cost(case)["plan_capacity"].filter(pl.col("technology") == technology).group_by("year").agg(
        pl.col("capacity", "built", "retired", "existing").sum()
    ).sort("year")  # fmt: skip


def test_a_technology_starts_in_its_first_year():
    case = changed(steel(), "wind", first_year=2030)
    here = options(case, codes(case))
    assert here.height == 4 * 2 * 2 - 2


def test_stock_ends_with_its_lifetime():
    case = changed(steel(), "furnace", lifetime=18.0)
    names = codes(case)
    here = options(case, names)
    alive = here.with_columns(stock=standing(case, names, here, pl.col("year"))).filter(
        pl.col("k") == names.technology.index("furnace"), pl.col("stock") > 0.0
    )
    assert alive["year"].unique().to_list() == [2025]


def test_unused_stock_is_retired_because_it_costs():
    rows = capacity(steel(), "furnace")
    assert rows["retired"].to_list()[0] == pytest.approx(2000.0)


def test_growth_holds_a_technology_back():
    free = capacity(steel(), "wind")["capacity"][1]
    held = capacity(changed(steel(), "wind", growth=0.1, growth_start=4.0), "wind")
    assert free > held["capacity"][1] * 0.99
    per_node = 4.0 * 1.1**5 + 4.0
    assert held["capacity"][1] <= 2 * per_node + 1e-6


def test_a_technology_without_capital_cost_cannot_be_built():
    case = changed(steel(), "wind", cost_capital=None).with_targets(names=[])
    assert least_cost(case)["plan_capacity"].filter(pl.col("technology") == "wind")["built"].sum() == 0.0
