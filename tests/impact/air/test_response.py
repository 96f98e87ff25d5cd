from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.impact.air.fasst import potency
from tongyuan.impact.air.response import (
    contribution_linear,
    emission_of,
    outside,
    potency_linear,
    response_linear,
    response_of,
)
from tongyuan.ledger.table import from_rows

ROWS = [
    {"receptor": "city", "species": "SO2", "node": "north", "value": 0.02, "base_emission": 100.0,
     "valid_lower": 0.5, "valid_upper": 1.2},
    {"receptor": "city", "species": "SO2", "value": 0.01, "base_emission": 300.0},
    {"receptor": "city", "species": "NH3", "value": -0.005, "base_emission": 40.0},
    {"receptor": "town", "species": "SO2", "value": 0.03, "base_emission": 400.0},
]  # fmt: skip
LEVELS = [{"receptor": "city", "value": 39.0, "unit": "ug/m3"}, {"receptor": "town", "value": 20.0}]


@pytest.fixture(scope="module")
def table():
    rows = [row | {"unit": "ug/m3/t"} for row in ROWS]
    levels = [row | {"unit": "ug/m3"} for row in LEVELS]
    return response_of(from_rows("response", rows), from_rows("receptor", levels))


def test_at_the_base_the_air_is_what_was_observed(table):
    """By hand: 39 at 100, 300 and 40 t; half the north's SO2 takes 50 · 0.02 = 1 from the city."""
    at = emission_of(table, {("SO2", "north"): 100.0, ("SO2", "south"): 300.0, ("NH3", "south"): 40.0})
    city, town = table.receptors.index("city"), table.receptors.index("town")
    assert response_linear(table, at)[city] == pytest.approx(39.0)
    assert table.rest[city] == pytest.approx(39.0 - 2.0 - 3.0 + 0.2)
    half = emission_of(table, {("SO2", "north"): 50.0, ("SO2", "south"): 300.0, ("NH3", "south"): 40.0})
    assert response_linear(table, half)[city] == pytest.approx(38.0)
    # the town's row counts every node, the north as well
    assert response_linear(table, at)[town] == pytest.approx(20.0)
    assert response_linear(table, half)[town] == pytest.approx(20.0 - 0.03 * 50.0)


def test_the_sign_of_a_source_that_cleans_stays(table):
    assert potency_linear(table)["city"][("NH3", "")] == -0.005
    more = emission_of(table, {("NH3", "x"): 10.0})
    assert contribution_linear(table, more)[table.sources.index(("NH3", "")), 0] == pytest.approx(-0.05)


def test_what_lies_beyond_the_range_is_told(table):
    beyond = outside(table, emission_of(table, {("SO2", "north"): 49.0}))
    assert beyond[table.sources.index(("SO2", "north")), table.receptors.index("city")]
    assert beyond.sum() == 1
    assert not outside(table, emission_of(table, {("SO2", "north"): 50.0})).any()
    assert outside(table, emission_of(table, {("SO2", "north"): 120.1})).any()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1e4), min_size=3, max_size=3), st.floats(0.1, 10))
def test_contributions_and_the_rest_are_the_concentration(values, times):
    rows = [row | {"unit": "ug/m3/t"} for row in ROWS]
    levels = [row | {"unit": "ug/m3"} for row in LEVELS]
    made = response_of(from_rows("response", rows), from_rows("receptor", levels))
    air = response_linear(made, values)
    assert contribution_linear(made, values).sum(axis=0) + made.rest == pytest.approx(air, rel=1e-12)
    more = response_linear(made, np.array(values) * times) - made.rest
    assert more == pytest.approx((air - made.rest) * times, rel=1e-9, abs=1e-9)


def test_a_row_of_a_year_goes_before_one_without():
    rows = [
        {"receptor": "city", "species": "SO2", "value": 1.0, "unit": "ug/m3/t"},
        {"receptor": "city", "species": "SO2", "value": 2.0, "unit": "ug/m3/t", "year": 2030},
    ]
    none = from_rows("receptor", [])
    for year, value in ((None, 1.0), (2025, 1.0), (2030, 2.0)):
        made = response_of(from_rows("response", rows), none, year)
        assert made.coefficient.tolist() == [[value]]


def test_a_million_tonnes_by_the_published_block_is_a_response_of_ours():
    """TM5-FASST per kt of SO2, China on China: 2.412159e-4 ug/m3 (facts, worked example)."""
    value = potency()["PM2.5"]["SO2"]
    assert value == pytest.approx(2.412159e-4, rel=1e-6)
    rows = [{"receptor": "CHN", "species": "SO2", "value": value, "unit": "ug/m3/kt"}]
    made = response_of(from_rows("response", rows), from_rows("receptor", []))
    assert response_linear(made, [1000.0])[0] == pytest.approx(0.2412159, rel=1e-6)


def test_other_shapes_and_gaps_are_refused(table):
    with pytest.raises(ValueError, match="3 sources"):
        response_linear(table, [1.0])
    with pytest.raises(ValueError, match="no number"):
        response_linear(table, [1.0, np.nan, 1.0])
