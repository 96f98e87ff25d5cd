"""Routes of a site."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.table import from_rows
from tongyuan.zoning.land.remediation import cost_range, front, heat_of_soil, remediation


def test_SOIL_01() -> None:
    assert cost_range("ex_situ_stabilisation", 50_000)["ex_situ_stabilisation"] == (25e6, 75e6)
    low, high = cost_range("cement_kiln", 50_000)["cement_kiln.2"]
    assert low == high == pytest.approx(8.36e6)


def test_costs_from_memory_are_off():
    assert "cement_kiln" not in cost_range("cement_kiln", 1.0)
    assert cost_range("cement_kiln", 1.0, include_unverified=True)["cement_kiln"] == (800, 1000)
    assert cost_range("barrier", 1.0) == {}


def test_heating_wet_soil_by_hand():
    """0.2 of water, 80 K, soil 0.84 kJ/kg/K: 0.0672 + 0.06704 + 0.452 = 0.58624 MJ/kg; half is lost."""
    assert heat_of_soil(0.2, 80, 0.5, soil=0.84e-3) == pytest.approx(2 * 0.58624)


SITE = {"site": "P", "volume": 1000.0, "years": 2.0, "budget": 2e6}
OPTIONS = from_rows(
    "remediation_option",
    [
        {
            "site": "P",
            "option": "kiln",
            "technology": "cement_kiln",
            "cost": 900.0,
            "carbon": 120.0,
            "years": 0.5,
            "risk": 0.01,
        },
        {
            "site": "P",
            "option": "stabilise",
            "technology": "ex_situ_stabilisation",
            "carbon": 60.0,
            "years": 0.5,
            "risk": 0.1,
        },
        {"site": "P", "option": "worse", "cost": 1100.0, "carbon": 130.0, "years": 0.6, "risk": 0.1},
        {"site": "P", "option": "slow", "cost": 100.0, "carbon": 5.0, "years": 10.0, "risk": 0.2},
        {"site": "P", "option": "dear", "cost": 2500.0, "carbon": 5.0, "years": 1.0, "risk": 0.0},
        {"site": "P", "option": "unknown", "technology": "barrier", "years": 1.0, "risk": 0.0},
    ],
)


def test_the_front_is_among_what_is_feasible():
    made = {r["option"]: r for r in remediation(SITE, OPTIONS).iter_rows(named=True)}
    assert set(made) == {"kiln", "stabilise", "worse", "slow", "dear"}
    assert made["stabilise"]["cost"] == 1e6
    assert {n for n, r in made.items() if r["front"]} == {"kiln", "stabilise"}
    assert {n for n, r in made.items() if not r["feasible"]} == {"slow", "dear"}
    assert made["kiln"]["carbon"] == 120.0


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 3), min_size=1, max_size=12))
def test_the_front_is_what_nothing_beats(rows):
    x = np.asarray(rows, dtype=float)
    for k, on in enumerate(front(x)):
        beaten = any((x[j] <= x[k]).all() and (x[j] < x[k]).any() for j in range(len(x)))
        assert on == (not beaten)
