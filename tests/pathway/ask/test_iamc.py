from __future__ import annotations

import warnings

import polars as pl
import pytest

from tongyuan.pathway.ask.iamc import iamc
from tongyuan.pathway.ask.least_cost import least_cost
from tongyuan.pathway.example import steel


def test_world_is_the_sum_and_matches_the_plan():
    case = steel()
    plan = least_cost(case, scenario="both")
    table = iamc(case, plan)
    assert table.columns == ["Model", "Scenario", "Region", "Variable", "Unit", "2025", "2030"]
    co2 = table.filter((pl.col("Variable") == "Emissions|CO2") & (pl.col("Region") == "World"))
    total = (
        plan["plan_emission"].filter((pl.col("species") == "CO2") & (pl.col("year") == 2030))["value"].sum()
    )
    assert co2["2030"].item() == pytest.approx(total, rel=1e-12)
    assert table.select("Region", "Variable", "Unit").is_duplicated().sum() == 0


def test_pyam_reads_it_and_its_regions_add_up():
    case = steel()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyam

        frame = pyam.IamDataFrame(iamc(case, least_cost(case)).to_pandas())
        assert frame.check_aggregate_region("Emissions|CO2", region="World") is None
    assert {"Emissions|CO2", "Cost|variable"} <= set(frame.variable)
    assert frame.year == [2025, 2030]
