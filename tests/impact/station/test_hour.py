import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.impact.station.hour import day_max_8h, day_mean, running_8h

HOURS = np.arange(24.0)


def test_twenty_hours_make_a_day_and_nineteen_do_not() -> None:
    twenty, nineteen = HOURS.copy(), HOURS.copy()
    twenty[:4] = np.nan
    nineteen[:5] = np.nan
    assert day_mean(twenty) == pytest.approx(np.arange(4, 24).mean())
    assert np.isnan(day_mean(nineteen))
    assert day_mean(HOURS) == 11.5


def test_running_means_end_at_eight_to_twenty_four() -> None:
    runs = running_8h(HOURS)
    assert runs.shape == (17,)
    assert runs[0] == 3.5
    assert runs[-1] == 19.5


def test_a_running_mean_needs_six_hours() -> None:
    hours = np.full(24, 80.0)
    hours[:3] = np.nan
    runs = running_8h(hours)
    assert np.isnan(runs[0])
    assert (runs[1:] == 80).all()


def test_the_highest_mean_needs_fourteen_runs_unless_it_exceeds_the_limit() -> None:
    hours = np.full(24, np.nan)
    hours[3:] = 100.0
    assert day_max_8h(hours, 160) == 100
    hours[:6] = np.nan
    assert np.isnan(day_max_8h(hours, 160))
    hours[6:] = 161.0
    assert day_max_8h(hours, 160) == 161
    assert np.isnan(day_max_8h(np.full(24, np.nan), 160))


@given(arrays(np.float64, (3, 24), elements=st.floats(0, 1e4)), st.floats(0.1, 10))
def test_means_follow_the_unit(hours: np.ndarray, factor: float) -> None:
    assert day_mean(hours * factor) == pytest.approx(day_mean(hours) * factor)
    assert day_max_8h(hours * factor, 160 * factor) == pytest.approx(day_max_8h(hours, 160) * factor)
    assert (day_max_8h(hours, 160) >= running_8h(hours).mean(axis=-1) - 1e-9).all()
