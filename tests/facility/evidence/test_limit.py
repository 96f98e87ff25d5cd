import numpy as np

from tongyuan.facility.evidence import limit
from tongyuan.facility.simulate.plant import walk


def stack(seed: int, mean: float = 26.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.round(mean * np.exp(0.2 * walk(rng, 4000, 0.7)), 1)


def test_flat_top() -> None:
    p = np.array([limit.flat_top(stack(k), 0.1)[0] for k in range(100)])
    assert (p < 0.05).mean() <= 0.08
    clipped = np.minimum(stack(1), 34.9)
    rate, count = limit.flat_top(clipped, 0.1)
    assert rate < 1e-12
    assert count > 50
    assert np.isnan(limit.flat_top(np.ones(20), 0.1)[0])


def test_hugging() -> None:
    p = np.array([limit.hugging(stack(k), 35.0)[0] for k in range(150)])
    assert (p < 0.05).mean() <= 0.12
    low = stack(1)
    over = (low >= 35) & (low < 40)
    held = np.where(over, 34.0 + (low - 35) / 5.2, low)
    rate, share = limit.hugging(held, 35.0)
    assert rate < 1e-3
    assert share > 0.95
    assert np.isnan(limit.hugging(stack(1), 1000.0)[0])


def test_each_stay_near_the_limit_counts_once() -> None:
    near = np.array([False, True, True, False, True, False, True])
    assert limit._episodes(near).tolist() == [2.0, 1.0, 1.0]
