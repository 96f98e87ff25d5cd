"""Bases, batches and meters against figures worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.carbon.basis import conservative, content_as_received, heat_as_received, weighted


def test_air_dry_dry_and_dry_ash_free_carbon_as_received() -> None:
    """C_ad 58.00 %, M_ad 3.00, M_t 9.00 (vector FUEL-02)."""
    got = content_as_received([58.0, 59.7938, 55.0], ["ad", "d", "ar"], 9.0, 3.0)
    assert np.round(got, 4).tolist() == [54.4124, 54.4124, 55.0]
    ash_free = 58.0 * 100 / (100 - 3 - 22)
    assert float(content_as_received(ash_free, "daf", 9.0, 3.0, 22.0)) == pytest.approx(54.412371)


def test_a_basis_without_its_moisture_has_no_answer() -> None:
    assert np.isnan(content_as_received([58.0, 58.0], ["ad", "daf"], [np.nan, 9.0], [3.0, 3.0])).all()


def test_a_month_is_the_mean_weighted_by_mass() -> None:
    """3000, 5000, 2000 t at 0.52, 0.55, 0.50 (vector FUEL-04); the plain mean 0.5233 is wrong."""
    assert weighted([0.52, 0.55, 0.50], [3000, 5000, 2000]) == pytest.approx(0.531, abs=1e-15)


def test_meters_that_were_not_calibrated_in_time() -> None:
    """Coal 100,000 t, class 0.5 %: late with 0.8 %, never; power 500,000 MWh (vector METER-01)."""
    assert conservative(100_000.0, 0.5, [0.8, np.nan]) == pytest.approx([100_300.0, 100_500.0], abs=1e-9)
    assert float(conservative(500_000.0, 0.5, 0.8, output=True)) == pytest.approx(498_500.0)
    assert float(conservative(100.0, 0.5, 0.3)) == 100.0


def test_heat_as_received_by_hand() -> None:
    """(22000 + 23·3) · 91/97 − 23·9."""
    assert float(heat_as_received(22_000.0, 9.0, 3.0)) == pytest.approx(22_069 * 91 / 97 - 207)


@given(st.floats(1, 90), st.floats(0, 40), st.floats(0, 20))
def test_more_moisture_never_adds_carbon(value: float, moisture: float, own: float) -> None:
    wet, dry = (float(content_as_received(value, "ad", m, own)) for m in (moisture + 1, moisture))
    assert wet < dry


@given(st.lists(st.tuples(st.floats(0.1, 1), st.floats(1, 1e5)), min_size=1, max_size=8), st.floats(0.1, 10))
def test_the_mean_does_not_know_units_or_order(batches: list[tuple[float, float]], scale: float) -> None:
    value, mass = zip(*batches, strict=True)
    mean = weighted(value, mass)
    assert weighted(value[::-1], np.array(mass[::-1]) * scale) == pytest.approx(mean)
    assert min(value) - 1e-12 <= mean <= max(value) + 1e-12
