import numpy as np
from scipy import stats

from tongyuan.facility.evidence import digits


def test_honest_last_digits_are_uniform_and_made_up_ones_are_not() -> None:
    rng = np.random.default_rng(0)
    p = [digits.last_digit(np.round(rng.normal(20, 4, 500), 1), 1) for _ in range(300)]
    assert stats.kstest(p, "uniform").pvalue > 0.01
    human = np.round(rng.normal(20, 4, 500), 1)
    human[::3] = np.round(human[::3])
    assert digits.last_digit(human, 1) < 1e-6
    assert digits.round_figures(human, 1) < 1e-6


def test_a_narrow_or_short_series_is_not_judged() -> None:
    assert np.isnan(digits.last_digit(np.full(500, 20.0), 1))
    assert np.isnan(digits.last_digit(np.arange(50) * 1.3, 1))
    assert np.isnan(digits.round_figures(np.full(500, 20.0), 1))


def test_leading_digits_are_those_of_the_peers() -> None:
    rng = np.random.default_rng(1)
    peers = rng.lognormal(5, 1.5, 4000)
    p = [digits.leading_digit(rng.lognormal(5, 1.5, 400), peers) for _ in range(60)]
    assert np.mean(np.array(p) < 0.05) < 0.15
    assert digits.leading_digit(rng.uniform(100, 999, 400), peers) < 1e-6


def test_benford_by_its_law() -> None:
    """Powers of two follow Benford's law; uniform figures do not; below two decades nothing is said."""
    assert digits.benford_distance(2.0 ** np.arange(1, 400)) < 0.006
    rng = np.random.default_rng(0)
    assert (
        digits.benford_distance(np.concatenate([rng.uniform(1, 10, 900), rng.uniform(1000, 10000, 900)]))
        > 0.04
    )
    assert np.isnan(digits.benford_distance(np.linspace(10, 20, 200)))


def test_first_digits_by_hand() -> None:
    assert digits.first_digits(np.array([0.012, 19.0, 2.5, 999.0, 0.0, np.nan])).tolist() == [
        2,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        1,
    ]
