import numpy as np
import pytest

from tongyuan.facility.evidence import repeat
from tongyuan.facility.simulate.plant import walk


def series(seed: int, n: int = 2160, digits: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.round(20 * np.exp(0.2 * walk(rng, n, 0.9) + 0.03 * rng.standard_normal(n)), digits)


def test_the_law_of_the_longest_run() -> None:
    """One hundred tosses of a coin hold a run of ten or more heads with probability about 0.044."""
    assert repeat.run_rate(91, 0.5, 0.5, 10) == pytest.approx(0.0435, abs=0.001)
    rng = np.random.default_rng(0)
    seen = np.mean([max(repeat._runs(rng.random(100) < 0.5), default=0) >= 10 for _ in range(4000)])
    assert seen == pytest.approx(0.0435, abs=0.01)


def test_standstill() -> None:
    honest = series(1)
    assert repeat.flat_line(honest)[0] > 0.01
    stuck = honest.copy()
    stuck[500:530] = stuck[500]
    rate, length = repeat.flat_line(stuck)
    assert rate < 1e-9
    assert length >= 30
    assert np.isnan(repeat.flat_line(np.arange(10.0))[0])
    assert repeat.flat_line(np.arange(100.0)) == (1.0, 0)


def test_replay_of_two_days() -> None:
    honest = series(2)
    assert repeat.replay(honest)[0] > 0.01
    copied = honest.copy()
    copied[1000:1048] = copied[300:348]
    rate, length, lag = repeat.replay(copied)
    assert rate < 1e-9
    assert length >= 47
    assert lag == 700
    assert np.isnan(repeat.replay(honest[:50])[0])


def test_honest_series_are_seldom_called_replays() -> None:
    p = np.array([repeat.replay(series(k, 1000))[0] for k in range(60)])
    assert (p < 0.05).mean() <= 0.1


def test_a_scaled_replay_is_seen_by_its_shape() -> None:
    honest = series(3)
    assert repeat.similar_days(honest)[0] > 0.005
    copied = honest.copy()
    copied[480:504] = np.round(1.07 * copied[240:264] + 0.4, 1)
    rate, first, second = repeat.similar_days(copied)
    assert rate < 1e-6
    assert {first, second} == {10, 20}


def test_twins() -> None:
    """Two outlets that share half of what moves them are no twins; a scaled copy with little noise is one."""
    rng = np.random.default_rng(0)
    apart = [repeat.twins(series(k), series(k + 500)) for k in range(30)]
    assert min(apart) > 0.5
    common = rng.standard_normal(2160).cumsum()
    shared = [common + rng.standard_normal(2160).cumsum() for _ in range(2)]
    assert repeat.twins(*shared) > 0.05
    assert repeat.twins(series(1), series(1) * 1.02 + 1) < 1e-9
    assert np.isnan(repeat.twins(np.ones(100), series(1)[:100]))


def test_two_equal_months() -> None:
    rng = np.random.default_rng(0)
    rows = np.round(rng.normal([52, 21, 20], [1.2, 0.5, 1.5], (12, 3)), 2)
    unit = np.array([0.01, 0.01, 0.01])
    assert repeat.duplicate_rows(rows, unit)[0] == 1.0
    rows[9] = rows[4]
    rate, first, second = repeat.duplicate_rows(rows, unit)
    assert rate < 1e-4
    assert (first, second) == (4, 9)
    assert np.isnan(repeat.duplicate_rows(rows[:3], unit)[0])
    constant = np.full((12, 1), 20.0)
    assert repeat.duplicate_rows(constant, np.array([0.1]))[0] > 0.1
