from __future__ import annotations

import pytest

from tongyuan.facility.hour.rules import MARKS, STATE_OF_MARK, rules, window_hours, with_own


def test_vector_sub_01_capture_and_window() -> None:
    capture = (2160 - 100 - 120) / (2160 - 100)
    assert round(capture, 5) == 0.94175
    assert window_hours(capture, 30) == 720


@pytest.mark.parametrize(
    ("capture", "gap", "hours"),
    [
        (0.90, 24, 180),
        (0.90, 25, 720),
        (0.8999, 1, 2160),
        (0.75, 500, 2160),
        (0.7499, 1, None),
        (1.0, 1, 180),
    ],
)
def test_windows_at_their_boundaries(capture: float, gap: int, hours: int | None) -> None:
    assert window_hours(capture, gap) == hours


def test_own_numbers_act_and_impossible_ones_are_refused() -> None:
    assert window_hours(0.95, 30, with_own(gap_short=48)) == 180
    assert with_own(day_hours=20).day_hours == 20
    with pytest.raises(ValueError, match="no such rules"):
        with_own(capture_low=0.95)
    with pytest.raises(ValueError, match="no such rules"):
        with_own(window_short=0)
    with pytest.raises(ValueError, match="no such rules"):
        with_own(hour_minutes=61)


def test_every_mark_with_a_state_is_a_mark() -> None:
    assert set(STATE_OF_MARK) <= set(MARKS)
    assert rules().hour_minutes == 45
