from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.station import kernel
from tongyuan.impact.station.hour import day_max_8h, running_8h


def test_rows_stand_where_their_codes_say_in_the_unit_of_the_pollutant() -> None:
    station, pollutant, unit = (
        np.array(codes, dtype=np.uint32) for codes in ([7, 3, 7], [1, 0, 1], [0, 0, 2])
    )
    places = tuple(np.array(lines, dtype=np.int32) for lines in ([0, 0, 0, 0, 0, 0, 0, 1], [0, 1], [0, 0, 1]))
    factors = np.array([[1.0, 1000.0], [1.0, 1000.0]])
    out, present = np.full((2, 2, 4), np.nan), np.zeros((2, 2), dtype=np.bool_)
    hour = np.array([7200, 3600, 10_800])
    kernel.put(
        station, pollutant, unit, places, factors, hour, 3600, 1, np.array([5.0, 6.0, 0.007]), out, present
    )
    assert (out[1, 1, 1], out[0, 0, 0], out[1, 1, 2]) == (5.0, 6.0, pytest.approx(7.0))
    assert np.isfinite(out).sum() == 3
    assert present.tolist() == [[True, False], [False, True]]


def test_every_code_is_found_in_a_row_of_its_own() -> None:
    codes, row = np.array([2, 0, 2], dtype=np.uint8), np.full(4, -1)
    kernel.note(codes, 10, row)
    assert row.tolist() == [11, -1, 12, -1]


@given(st.integers(0, 2**32), st.floats(0.0, 0.6))
def test_regions_are_the_means_of_who_was_there(seed: int, gaps: float) -> None:
    generator = np.random.default_rng(seed)
    hours = generator.lognormal(3, 1, (5, 48))
    hours[generator.random(hours.shape) < gaps] = np.nan
    hours[[0, 3], 7] = np.nan
    out = np.empty((2, 48))
    kernel.mean_of_members(hours, np.array([3, 0, 4, 1]), np.array([0, 2, 4]), out)
    for made, members in zip(out, ([3, 0], [4, 1]), strict=True):
        for h in range(48):
            seen = [v for v in hours[members, h] if np.isfinite(v)]
            assert made[h] == pytest.approx(np.mean(seen) if seen else np.nan, rel=1e-14, nan_ok=True)
    assert np.isnan(out[0, 7])


@given(st.integers(0, 2**32), st.floats(0.0, 0.6), st.floats(0.0, 100.0))
def test_the_highest_of_eight_hours_is_that_of_the_running_means(
    seed: int, gaps: float, limit: float
) -> None:
    generator = np.random.default_rng(seed)
    hours = generator.lognormal(4, 0.5, (20, 24))
    hours[generator.random(hours.shape) < gaps] = np.nan
    runs = running_8h(hours)
    for day, seen in zip(day_max_8h(hours, limit), runs, strict=True):
        there = seen[np.isfinite(seen)]
        valid = len(there) >= 14 or (len(there) > 0 and there.max() > limit)
        assert day == pytest.approx(there.max() if valid else np.nan, rel=1e-14, nan_ok=True)
