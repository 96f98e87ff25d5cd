from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.facility.permit.forecast import year_end


def test_a_steady_works_goes_on_steadily() -> None:
    got = year_end(60.0, [7, 8, 9, 10, 11, 12], [10.0] * 6, range(1, 7), 119.0)
    assert got is not None
    assert (got.middle, got.low, got.high) == (120.0, 120.0, 120.0)
    assert got.probability == pytest.approx(1.0, abs=2e-4)
    safe = year_end(60.0, [7, 8, 9, 10, 11, 12], [10.0] * 6, range(1, 7), 121.0)
    assert safe is not None
    assert safe.probability == pytest.approx(0.0, abs=2e-4)


def test_a_whole_year_is_no_forecast() -> None:
    got = year_end(100.0, [], [10.0] * 12, range(1, 13), 99.0)
    assert got is not None
    assert (got.middle, got.probability) == (100.0, 1.0)


def test_two_months_say_nothing() -> None:
    assert year_end(20.0, [3], [10.0, 10.0], [1, 2], 99.0) is None


def test_winter_months_are_drawn_from_winter_months() -> None:
    number = list(range(1, 13)) * 2
    history = [20.0 if m in (11, 12, 1, 2, 3) else 5.0 for m in number]
    got = year_end(0.0, [12, 1], history, number, None)
    assert got is not None
    assert got.middle == 40.0
    assert got.probability is None


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=3, max_size=24), st.floats(1, 2000), st.floats(0, 500))
def test_a_higher_limit_is_never_likelier_to_be_broken(
    history: list[float], limit: float, more: float
) -> None:
    number = [k % 12 + 1 for k in range(len(history))]
    one = year_end(sum(history), [10, 11, 12], history, number, limit)
    two = year_end(sum(history), [10, 11, 12], history, number, limit + more)
    assert one is not None
    assert two is not None
    assert one.probability is not None
    assert two.probability is not None
    assert two.probability <= one.probability
    assert one.low <= one.middle <= one.high


def test_the_probability_is_calibrated() -> None:
    rng = np.random.default_rng(5)
    hits = []
    for k in range(150):
        months = rng.gamma(4, 2.5, 36)
        got = year_end(
            float(months[24:30].sum()),
            range(7, 13),
            months[:30],
            [i % 12 + 1 for i in range(30)],
            120.0,
            seed=k,
        )
        assert got is not None
        hits.append((got.probability or 0) - float(months[24:].sum() > 120.0))
    assert abs(float(np.mean(hits))) < 0.12
