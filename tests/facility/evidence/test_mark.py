import numpy as np
from scipy import stats

from tongyuan.facility.evidence import mark
from tongyuan.facility.simulate.plant import walk


def stack(seed: int, n: int = 3000) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.round(26 * np.exp(0.2 * walk(rng, n, 0.7)), 1)


def test_shifts_are_an_exact_reference() -> None:
    """Events and conditions drawn apart meet by chance: the rates are uniform up to ties."""
    rng = np.random.default_rng(0)
    p = [mark.shift_rate(rng.random(2000) < 0.2, rng.random(2000) < 0.3)[0] for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 0.005
    assert np.isnan(mark.shift_rate(np.zeros(500, bool), np.ones(500, bool))[0])


def test_maintenance_that_comes_after_high_hours() -> None:
    value = stack(1)
    regular = np.arange(len(value)) % 168 == 0
    assert mark.marks_at_exceedance(value, regular, 35.0)[0] > 0.01
    suits = np.concatenate([[False], value[:-1] > 34])
    rate, count = mark.marks_at_exceedance(value, suits, 35.0)
    assert rate < 0.002
    assert count > 20


def test_gaps_that_follow_exceedances() -> None:
    value = stack(2)
    rng = np.random.default_rng(1)
    by_chance = np.where(rng.random(len(value)) < 0.01, np.nan, value)
    assert mark.gaps_at_exceedance(by_chance, 35.0)[0] > 0.01
    over = value > 35
    first = over & ~np.concatenate([[False], over[:-1]])
    hidden = np.where(np.concatenate([[False], first[:-1]]), np.nan, value)
    assert mark.gaps_at_exceedance(hidden, 35.0)[0] < 0.002


def test_a_stack_that_runs_in_a_stop() -> None:
    stopped = np.zeros(1000, bool)
    stopped[100:200] = True
    running = ~stopped
    assert mark.running_in_stop(stopped, running)[0] == 1.0
    running[120:150] = True
    rate, hours = mark.running_in_stop(stopped, running)
    assert rate < 1e-20
    assert hours == 30
    assert np.isnan(mark.running_in_stop(stopped[:100], running[:100])[0])


def test_three_series_that_jump_at_once_without_load() -> None:
    values = np.stack([stack(k) for k in range(4)])
    load = np.full(values.shape[1], 50.0)
    assert mark.joint_jump(values, load)[0] > 0.05
    moved = values.copy()
    moved[:, 1500:] *= 0.4
    rate, hours = mark.joint_jump(moved, load)
    assert rate <= 0.01
    assert hours >= 1
    stopping = load.copy()
    stopping[1500:] = 20.0
    assert mark.joint_jump(moved, stopping)[1] == 0
    assert np.isnan(mark.joint_jump(values[:2], load)[0])


def test_far_out_the_rate_is_that_of_a_fitted_tail() -> None:
    """Counts of mean 4 reach 20 with probability 1.02e-8 (Poisson); by counting 200 of them it is 1/201."""
    rng = np.random.default_rng(0)
    chance = rng.poisson(4, 200).astype(float)
    assert 1e-9 < mark.tail_rate(20, chance) < 1e-5
    assert mark.tail_rate(4, chance) == (1 + (chance >= 4).sum()) / 201
    assert mark.tail_rate(3, np.zeros(100)) < 1e-4
