from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.impact.air.full import full_of, term_of, term_text
from tongyuan.impact.air.surface import terms_of
from tongyuan.ledger.table import from_rows

RESPONSE = [
    {"receptor": "city", "species": "SO2", "value": 0.05, "unit": "ug/m3/t", "base_emission": 100.0,
     "valid_lower": 0.5, "valid_upper": 1.5},
    {"receptor": "city", "species": "NH3", "node": "north", "value": 0.1, "unit": "ug/m3/t",
     "base_emission": 40.0},
]  # fmt: skip
RECEPTOR = [{"receptor": "city", "value": 39.0, "unit": "ug/m3", "region": "370000", "metric": "PM2.5"}]
SURFACE = [("1", 30.0), ("SO2", 3.0), ("NH3@north", 4.0), ("SO2*NH3@north", 2.0)]


def made(surface=True, deaths=(("370000", 722141.0),)):
    rows = [{"receptor": "city", "term": t, "value": v, "unit": "ug/m3"} for t, v in SURFACE]
    return full_of(
        from_rows("response", RESPONSE), from_rows("receptor", RECEPTOR),
        from_rows("response_surface", rows if surface else []), dict(deaths),
    )  # fmt: skip


def at(so2, nh3):
    return {("SO2", "south"): so2, ("NH3", "north"): nh3}


def test_shandong_from_39_to_30_avoids_what_the_published_function_says():
    """722,141 deaths, 39 → 30 ug/m3: 34,317 avoided (facts §2.1); 180 t of SO2 at 0.05 a tonne."""
    full = made(surface=False)
    air = full.air(at(100 - 180 + 0.0, 40.0))
    assert air["city"] == pytest.approx(30.0)
    mean, low, high = full.avoided(air)
    assert mean == pytest.approx(34317, rel=2e-3)
    assert low < mean < high


def test_a_surface_is_its_polynomial_of_ratios():
    full = made()
    assert full.air(at(100, 40))["city"] == pytest.approx(39.0)
    assert full.air(at(50, 20))["city"] == pytest.approx(30 + 1.5 + 2 + 0.5)


@settings(max_examples=40, deadline=None)
@given(st.floats(20, 200), st.floats(5, 80))
def test_slopes_are_those_of_small_steps(so2, nh3):
    full = made()
    slope, risk = full.slopes(at(so2, nh3))["city"], full.avoided_slope(at(so2, nh3))
    for i, (species, node) in enumerate(full.response.sources):
        step = 1e-3
        key = (species, node or "south")
        more, less = at(so2, nh3), at(so2, nh3)
        more[key] += step
        less[key] -= step
        around = (full.air(more)["city"] - full.air(less)["city"]) / (2 * step)
        assert slope[i] == pytest.approx(around, rel=1e-5)
        around = (full.avoided(full.air(more))[0] - full.avoided(full.air(less))[0]) / (2 * step)
        assert risk[i] == pytest.approx(around, rel=1e-3)


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 80), st.floats(0.1, 80), st.floats(0.1, 80))
def test_what_is_avoided_adds_up_over_two_steps(first, second, third):
    """Against the base, and from one air to the next with the same baseline: the steps sum."""
    full = made()
    steps = full.avoided({"city": second}, {"city": first}) + full.avoided({"city": third}, {"city": second})
    whole = full.avoided({"city": third}, {"city": first})
    assert whole[0] == pytest.approx(steps[0], rel=1e-9, abs=1e-6)
    assert full.avoided({"city": first}, {"city": first}) == pytest.approx(np.zeros(3))
    if second < first:
        assert full.avoided({"city": second}, {"city": first})[0] >= 0


def test_ranges_are_told_by_receptor_and_source():
    full = made()
    assert full.beyond(at(100, 40)) == []
    assert full.beyond(at(40, 40)) == [("city", ("SO2", ""))]


def test_a_region_without_a_baseline_has_no_deaths():
    assert made(deaths=()).avoided({"city": 10.0}).tolist() == [0, 0, 0]


def test_terms_are_read_as_they_are_written():
    sources = (("SO2", ""), ("NH3", "north"), ("NOx", ""))
    for powers in terms_of(3, 3):
        assert term_of(term_text(powers, sources), sources) == tuple(sorted(powers))
    for bad in ("SO3", "SO2^0", "SO2^x", "NH3"):
        with pytest.raises(ValueError, match=bad.replace("^", r"\^")):
            term_of(bad, sources)
