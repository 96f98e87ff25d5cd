from __future__ import annotations

import polars as pl
import pytest

from tongyuan.pathway.case.case import Settings, draft
from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.problem.coefficient import emissions


@pytest.fixture
def case():
    tables = {
        "node": {"node": ["a", "b"]},
        "period": {"year": [2025, 2030]},
        "flow": {"flow": ["good"], "unit": ["t"]},
        "technology_option": {"technology": ["k"], "unit": ["t"]},
        "control_option": {"technology": ["k", "k"], "control": ["own", "removal"]},
        "control_removal": {
            "control": ["removal", "removal"], "technology": ["", "k"], "species": ["SO2", "SO2"],
            "efficiency": [0.5, 0.9],
        },
        "emission_coefficient": {
            "technology": ["k"] * 5,
            "control": ["", "", "", "own", ""],
            "species": ["SO2", "SO2", "SO2", "SO2", "CO2"],
            "node": ["", "a", "a", "", ""],
            "year": [None, None, 2030, None, None],
            "value": [10.0, 20.0, 30.0, 1.0, 5.0],
            "unit": ["t/t"] * 5,
        },
    }  # fmt: skip
    return draft({k: pl.DataFrame(v) for k, v in tables.items()}, Settings(discount_rate=0.0))


@pytest.mark.parametrize(
    ("node", "control", "year", "species", "expected"),
    [
        ("b", "", 2025, "SO2", 10.0),
        ("a", "", 2025, "SO2", 20.0),
        ("a", "", 2030, "SO2", 30.0),
        ("a", "own", 2030, "SO2", 1.0),  # a coefficient of the control option goes first
        (
            "b",
            "removal",
            2025,
            "SO2",
            1.0,
        ),  # the removal given for the technology goes before the general one
        ("a", "removal", 2030, "SO2", 3.0),
        ("a", "own", 2030, "CO2", 5.0),  # a device for which no removal is given leaves the species as it is
        ("a", "removal", 2030, "CO2", 5.0),
    ],
)
def test_the_most_specific_coefficient_acts(case, node, control, year, species, expected):
    activity = pl.DataFrame(
        {"node": [node], "technology": ["k"], "control": [control], "year": [year], "value": [2.0]}
    )
    rows = emissions(case, codes(case), activity)
    assert rows.filter(pl.col("species") == species)["value"].item() == pytest.approx(2.0 * expected)
    assert rows.height == 2
