import numpy as np
import pytest
from scipy.special import ndtri
from scipy.stats import rankdata

from tongyuan.synergy.index.draw import PICKS, drawn_data, fixed_data, summaries
from tongyuan.synergy.method import normalise, topsis

MASK = (1 << 64) - 1


def words(seed: int, count: int) -> np.ndarray:
    """The splitmix64 stream (Steele, Lea, Flood 2014) in plain integers, four picks a word."""
    state, found = seed, []
    for _ in range(count // 4):
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        z ^= z >> 31
        found += [(z >> (16 * k)) & (PICKS - 1) for k in range(4)]
    return np.array(found)


def plain(
    y: np.ndarray, sigma: np.ndarray, w: np.ndarray, sign: np.ndarray, seeds: np.ndarray, by_topsis: bool
) -> np.ndarray:
    """The same draws in double precision, with the methods of the room."""
    n, m = y.shape
    wide = n + -n % 4
    quantiles = ndtri((np.arange(PICKS) + 0.5) / PICKS)
    ranks = []
    for d, seed in enumerate(seeds):
        picks = quantiles[words(int(seed), m * wide)].reshape(m, wide)[:, :n].T
        v = normalise.min_max(y * np.exp(sigma * picks), sign)
        score = topsis.topsis_improved(v, w[d]) if by_topsis else topsis.weighted_sum(v, w[d])
        ranks.append(rankdata(-score, method="min"))
    return np.array(ranks)


def arrays(a: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.pad(a, ((0, -len(a) % 4), (0, 0)), mode="edge").T, dtype=np.float32)


@pytest.mark.parametrize("by_topsis", [True, False])
@pytest.mark.parametrize("alike", [True, False])
@pytest.mark.parametrize("n", [5, 64, 203])
def test_single_precision_ranks_as_double_does(by_topsis: bool, alike: bool, n: int) -> None:
    g = np.random.default_rng(n)
    m, draws = 4, 40
    y = g.lognormal(0, 1, (n, m))
    sigma = np.broadcast_to(g.uniform(0.05, 0.4, m), (n, m)) if alike else g.uniform(0.05, 0.4, (n, m))
    w = g.dirichlet(np.ones(m), draws)
    sign = np.array([-1.0, 1.0, -1.0, 1.0])
    seeds = np.random.SeedSequence(n).generate_state(draws, np.uint64)
    quantiles = ndtri((np.arange(PICKS) + 0.5) / PICKS)
    table = np.exp(sigma[:1].T * quantiles) if alike else quantiles[None, :]
    out = np.empty((draws, n), dtype=np.uint16)
    none = np.zeros(m)
    drawn_data(
        arrays(y), arrays(sigma), sign, w.astype(np.float32), by_topsis, none, none, False, seeds,
        table.astype(np.float32), alike, out, 0, 1,
    )  # fmt: skip
    expected = plain(y, sigma, w, sign, seeds, by_topsis)
    assert np.abs(out.astype(int) - expected).max() <= 1
    assert (out == expected).mean() > 0.99


def test_threads_deal_out_draws() -> None:
    g = np.random.default_rng(0)
    gain = g.random((3, 50)).astype(np.float32)
    w = g.dirichlet(np.ones(3), 30).astype(np.float32)
    whole, dealt = (np.zeros((30, 50), dtype=np.uint16) for _ in range(2))
    fixed_data(gain, gain, w, False, whole, 0, 1)
    for first in range(3):
        fixed_data(gain, gain, w, False, dealt, first, 3)
    assert (whole == dealt).all()
    assert (whole[0] == rankdata(-(w[0] @ gain), method="min")).mean() > 0.95


def test_quantiles_are_counted() -> None:
    drawn = np.random.default_rng(1).integers(1, 21, (99, 20)).astype(np.uint16)
    places = np.array([2, 49, 96])
    out = np.empty((3, 20), dtype=np.int64)
    top = np.empty(20)
    for first in range(2):
        summaries(drawn, places, 2, out, top, 8, first, 2)
    assert (out == np.sort(drawn, axis=0)[places]).all()
    assert np.allclose(top, (drawn <= 2).mean(axis=0))
