"""Carbon of a project by part."""

import polars as pl

from tongyuan.zoning.declared.carbon import carbon_parts

ROWS = pl.DataFrame(
    [
        ("J", "CO2", "direct", "combustion", "bituminous", 100.0),
        ("J", "CO2", "direct", "process", "", 40.0),
        ("J", "CO2", "indirect", "purchase", "electricity", 20.0),
        ("J", "CO2", "avoided", "process", "", 500.0),
        ("J", "SO2", "direct", "combustion", "bituminous", 9.0),
        ("K", "CO2", None, "combustion", "coke", 1.0),
    ],
    schema=["project", "species", "scope", "origin", "product", "value"],
    orient="row",
)


def test_each_tonne_stands_in_one_part():
    made = {r[:2]: r[2] for r in carbon_parts(ROWS).rows()}
    assert made == {
        ("J", "fuel_carbon"): 100.0,
        ("J", "process_carbon"): 40.0,
        ("J", "power_heat_carbon"): 20.0,
        ("K", "fuel_carbon"): 1.0,
    }
