import numpy as np
import pytest

from tongyuan.facility.evidence.scale import combined, false_discovery, strength


def test_adjusted_p_values_by_hand() -> None:
    """Benjamini and Hochberg: p 0.01, 0.02, 0.03, 0.5 → 0.04, 0.04, 0.04, 0.5; Yekutieli: times 1 + 1/2
    + 1/3 + 1/4."""
    p = np.array([0.03, 0.01, 0.5, 0.02, np.nan])
    assert false_discovery(p, "BH") == pytest.approx([0.04, 0.04, 0.5, 0.04, np.nan], nan_ok=True)
    assert false_discovery(p)[:2] == pytest.approx([0.04 * 25 / 12] * 2)
    assert np.isnan(false_discovery(np.array([np.nan]))).all()


@pytest.mark.parametrize("method", ["BH", "BY"])
def test_the_share_of_false_discoveries_is_held(method: str) -> None:
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(200):
        p = rng.random(200)
        p[:20] = rng.random(20) * 1e-4
        called = false_discovery(p, method) <= 0.1  # type: ignore[arg-type]
        shares.append(called[20:].sum() / max(called.sum(), 1))
    assert np.mean(shares) <= 0.11


def test_one_p_value_of_several() -> None:
    assert combined(np.array([0.2, np.nan])) == pytest.approx(0.2)
    assert combined(np.array([1e-6, 1.0])) < 1e-5
    assert combined(np.array([1e-20, 0.5])) == pytest.approx(2e-20, rel=1e-6)
    assert np.isnan(combined(np.array([np.nan])))
    rng = np.random.default_rng(0)
    assert np.mean([combined(rng.random(8)) < 0.05 for _ in range(2000)]) == pytest.approx(0.05, abs=0.015)


def test_strength() -> None:
    assert strength(np.array([0.01, 1.0, 0.0])) == pytest.approx([2.0, 0.0, 30.0])
