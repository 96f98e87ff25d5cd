import numpy as np
import pytest
from scipy import stats

from tongyuan.facility.evidence import peer


def test_calm_plants_against_their_peers() -> None:
    rng = np.random.default_rng(0)
    group = np.zeros(400, dtype=int)
    p = peer.calm(rng.lognormal(3, 0.05, (400, 12)), group)
    assert stats.kstest(p, "uniform").pvalue > 0.001
    value = rng.lognormal(3, 0.05, (40, 12))
    value[7] = value[7].mean() * (1 + 0.001 * rng.standard_normal(12))
    assert peer.calm(value, np.zeros(40, dtype=int))[7] < 1e-6
    assert np.isnan(peer.calm(value[:5], np.zeros(5, dtype=int))).all()


def test_a_constant_is_the_calmest() -> None:
    rng = np.random.default_rng(0)
    value = rng.lognormal(3, 0.05, (40, 12))
    value[3] = 20.0
    assert peer.calm(value, np.zeros(40, dtype=int)).argmin() == 3


def test_prediction_against_others_by_hand() -> None:
    """Peers 0 … 8 (mean 4, s = √7.5), own 10: t = 6 / (2.7386 · √(10/9)) = 2.0785, 8 degrees."""
    figure = np.array([*range(9), 10.0])
    p = peer.against(figure, np.zeros(10, dtype=int), lower=False)
    assert p[9] == pytest.approx(stats.t.sf(2.0785, 8), rel=1e-4)


def test_line_of_carbon_on_heat() -> None:
    rng = np.random.default_rng(0)
    rates = []
    for _ in range(40):
        heat = rng.normal(21, 0.6, 12)
        rates += list(peer.carbon_line(0.026 * heat + rng.normal(0, 0.002, 12), heat))
    assert stats.kstest(rates, "uniform").pvalue > 0.001
    heat = rng.normal(21, 0.6, 12)
    carbon = 0.026 * heat + rng.normal(0, 0.002, 12)
    carbon[5] *= 0.93
    assert peer.carbon_line(carbon, heat).argmin() == 5
    assert peer.carbon_line(carbon, heat)[5] < 1e-4
    assert np.isnan(peer.carbon_line(carbon[:5], heat[:5])).all()


def test_one_sample_reported_as_many() -> None:
    rng = np.random.default_rng(0)
    peers = rng.normal([55, 21, 20], [2, 0.8, 2.5], (600, 3))
    honest = rng.normal([55, 21, 20], [2, 0.8, 2.5], (12, 3))
    assert peer.split_samples(np.diff(honest, axis=0), np.diff(peers, axis=0))[0] > 0.01
    split = honest.copy()
    split[7] = split[6] + rng.normal(0, 0.01, 3)
    rate, at = peer.split_samples(np.diff(split, axis=0), np.diff(peers, axis=0))
    assert rate < 0.05
    assert at == 6
    assert np.isnan(peer.split_samples(np.diff(honest[:1], axis=0), peers)[0])


def test_report_numbers_out_of_order() -> None:
    number, day = np.arange(12.0), np.arange(12.0) * 30
    assert peer.out_of_order(number, day) == (1.0, 0)
    swapped = number[[0, 1, 6, 3, 4, 5, 2, 7, 11, 9, 10, 8]]
    rate, wrong = peer.out_of_order(swapped, day)
    assert wrong == 4
    assert rate == pytest.approx(stats.binom.sf(3, 11, 0.01))
    assert np.isnan(peer.out_of_order(number[:2], day[:2])[0])


def test_few_distinct_values() -> None:
    distinct = np.array([*np.random.default_rng(0).normal(60, 3, 30), 4.0])
    p = peer.few_values(distinct, np.zeros(31, dtype=int))
    assert p.argmin() == 30
    assert p[30] < 1e-6
