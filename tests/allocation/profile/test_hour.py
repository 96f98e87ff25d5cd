"""Shares of hours: a day of Shanghai in UTC, calendars, rest, heating, and years that sum to one."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfoNotFoundError

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.allocation.profile.hour import balanced, clock, degree_days, hour_shares, window

SHANGHAI = clock(2021, "Asia/Shanghai")
BERLIN = clock(2021, "Europe/Berlin")
RUSH = np.where(np.arange(24) == 8, 24.0, 0.0)


def test_a_day_of_shanghai_in_utc() -> None:
    """Eight in the morning there is midnight in UTC; the local year begins at 16:00 of 31 December."""
    assert SHANGHAI.start == datetime(2020, 12, 31, 16, tzinfo=UTC)
    assert SHANGHAI.size == 8760
    shares = hour_shares(SHANGHAI, {"hour": RUSH})
    day = shares[window(SHANGHAI, datetime(2021, 6, 1, tzinfo=UTC), 24)]
    assert np.flatnonzero(day).tolist() == [0]
    assert day[0] == pytest.approx(1 / 365)
    at_utc = hour_shares(clock(2021, "UTC"), {"hour": RUSH})
    assert np.flatnonzero(at_utc[:24]).tolist() == [8]


def test_summer_time_has_its_own_days() -> None:
    assert BERLIN.size == 8760
    shares = hour_shares(BERLIN, {"hour": RUSH})
    winter = shares[window(BERLIN, datetime(2021, 1, 15, tzinfo=UTC), 24)]
    summer = shares[window(BERLIN, datetime(2021, 7, 15, tzinfo=UTC), 24)]
    assert (int(winter.argmax()), int(summer.argmax())) == (7, 6)


def test_months_of_one_factor_are_not_alike_on_a_calendar() -> None:
    """January at 2 and the others at 10/11: 31·2 of 31·2 + 334·10/11 days."""
    month = np.array([2.0] + [10 / 11] * 11)
    shares = hour_shares(SHANGHAI, {"month": month})
    assert shares[:744].sum() == pytest.approx(62 / (62 + 334 * 10 / 11), rel=1e-12)


def test_rest_work_and_their_hours() -> None:
    """1 October 2021 was a Friday of rest, 9 October a Saturday of work."""
    week = np.array([1.0, 1, 1, 1, 2, 0.5, 0.5])
    rest, work = frozenset({date(2021, 10, 1)}), frozenset({date(2021, 10, 9)})

    def of(day: date, **more: np.ndarray) -> float:
        shares = hour_shares(SHANGHAI, {"weekday": week, **more}, rest=rest, work=work)
        at = (day - date(2021, 1, 1)).days * 24
        monday = (date(2021, 10, 11) - date(2021, 1, 1)).days * 24
        return float(shares[at : at + 24].sum() / shares[monday : monday + 24].sum())

    assert of(date(2021, 10, 1)) == pytest.approx(0.5)
    assert of(date(2021, 10, 8)) == pytest.approx(2)
    assert of(date(2021, 10, 9)) == pytest.approx(1.2)
    assert of(date(2021, 10, 1), holiday=np.array([0.3])) == pytest.approx(0.3)
    lazy = hour_shares(SHANGHAI, {"hour": RUSH, "hour_rest": np.roll(RUSH, 2)}, rest=rest, work=work)
    days = lazy.reshape(365, 24).argmax(axis=1)
    first = (date(2021, 10, 1) - date(2021, 1, 1)).days
    assert days[[first, first + 7, first + 8, first + 9]].tolist() == [10, 8, 8, 10]


def test_heating_by_degree_days() -> None:
    """Days at 3, 8 and 20 °C heated below 18: 15 and 10 of 25, a fifth of all without heed of it."""
    shares = degree_days(np.array([3.0, 8.0, 20.0]), 18, 0.2)
    assert shares.tolist() == pytest.approx([0.8 * 0.6 + 0.2 / 3, 0.8 * 0.4 + 0.2 / 3, 0.2 / 3])
    with pytest.raises(ValueError, match="below"):
        degree_days(np.array([20.0]), 18)
    cold = np.where(np.arange(365) < 30, 0.0, 20.0)
    days = degree_days(cold, 18)
    hours = hour_shares(SHANGHAI, {"hour": RUSH}, days=days)
    assert hours[: 30 * 24].sum() == pytest.approx(1)
    assert hours[8] == pytest.approx(1 / 30)


@given(
    st.integers(1990, 2040),
    st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
    st.integers(-9000, 9000),
    st.integers(0, 100),
)
@settings(max_examples=25, deadline=None)
def test_any_year_of_hours_sums_to_one(year: int, zone: str, shift: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    when = clock(year, zone)
    factors = {"month": draw.random(12), "weekday": draw.random(7), "hour": draw.random(24)}
    shares = hour_shares(when, factors)
    assert shares.min() >= 0
    begin = when.start + timedelta(hours=shift)
    assert shares[window(when, begin, when.size)].sum() == pytest.approx(1, abs=1e-12)
    scaled = hour_shares(when, {kind: 7 * values for kind, values in factors.items()})
    assert np.allclose(scaled, shares, rtol=1e-12, atol=0)


def test_zones_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="Kolkata"):
        clock(2021, "Asia/Kolkata")
    with pytest.raises(ZoneInfoNotFoundError):
        clock(2021, "Asia/Atlantis")


def test_sums_of_two_classes_are_seen() -> None:
    assert balanced(np.ones(12)) == "mean"
    assert balanced(np.ones(12) / 12) == "sum"
    assert balanced(np.full(12, 2.0)) is None
