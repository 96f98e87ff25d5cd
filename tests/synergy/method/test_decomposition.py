import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.method.decomposition import chain, lmdi_additive, lmdi_multiplicative, logarithmic_mean

CELL = st.one_of(st.just(0.0), st.floats(1e-3, 1e3))
FACTORS = arrays(np.float64, (4, 5), elements=CELL)


def test_logarithmic_mean() -> None:
    assert logarithmic_mean(np.e, 1)[()] == pytest.approx(np.e - 1)
    assert logarithmic_mean(3, 3)[()] == 3
    assert logarithmic_mean(0, 3)[()] == 0
    assert logarithmic_mean(1 + 1e-9, 1)[()] == pytest.approx(1, abs=1e-8)
    a, b = 5.0, 5.0 * (1 + 1e-7)
    assert a < logarithmic_mean(a, b)[()] < b


@settings(max_examples=200)
@given(FACTORS, FACTORS)
def test_effects_sum_exactly_zeros_included(before: np.ndarray, after: np.ndarray) -> None:
    effect = lmdi_additive(before, after)
    change = after.prod(axis=0) - before.prod(axis=0)
    scale = np.maximum(before.prod(axis=0), after.prod(axis=0))
    assert np.allclose(effect.sum(axis=0), change, rtol=0, atol=1e-9 * scale.max() + 1e-12)


@given(FACTORS, FACTORS)
def test_indices_multiply_to_the_ratio(before: np.ndarray, after: np.ndarray) -> None:
    e0, e1 = before.prod(axis=0).sum(), after.prod(axis=0).sum()
    d = lmdi_multiplicative(lmdi_additive(before, after).sum(axis=1), e0, e1)
    if e0 > 0 and e1 > 0:
        assert np.prod(d) == pytest.approx(e1 / e0, rel=1e-6)
    else:
        assert np.isnan(d).all()


@given(FACTORS, FACTORS)
def test_time_reversal(before: np.ndarray, after: np.ndarray) -> None:
    assert np.allclose(lmdi_additive(before, after), -lmdi_additive(after, before), rtol=1e-9, atol=1e-9)


def test_zero_limits_agree_with_ever_smaller_substitutes() -> None:
    # Ang & Liu (2007): the limits are what the small-value strategy converges to, slowly
    before = np.array([[2.0], [0.0], [3.0]])
    after = np.array([[4.0], [5.0], [1.0]])
    limit = lmdi_additive(before, after)
    assert limit[:, 0].tolist() == [0.0, 20.0, 0.0]
    gaps = [
        np.abs(lmdi_additive(np.where(before == 0, d, before), after) - limit).max()
        for d in (1e-20, 1e-100, 1e-300)
    ]
    assert gaps[0] > gaps[1] > gaps[2]
    assert gaps[2] < 0.1


def test_two_factors_that_appear_share_the_change() -> None:
    assert lmdi_additive([[0.0], [0.0], [2.0]], [[3.0], [1.0], [4.0]])[:, 0].tolist() == [6.0, 6.0, 0.0]


def test_unknown_ratios_count_as_unchanged() -> None:
    # a sector that did not exist: its structure appears, its intensity was never known
    effect = lmdi_additive([[10.0], [0.0], [np.nan]], [[20.0], [0.5], [3.0]])
    assert effect[:, 0].tolist() == [0.0, 30.0, 0.0]


def test_chain_of_six_factors() -> None:
    x = chain(100.0, [60.0, 40.0], [300.0, 80.0], [200.0, 80.0], [10.0, 4.0], [1.0, 4.0])
    assert np.allclose(x.prod(axis=0), [1.0, 4.0])
    assert x.shape == (6, 2)
    with pytest.raises(FindingError):
        chain(100.0, [0.0], [1.0], [1.0], [1.0], [1.0])


def test_ang_and_liu_small_example_by_hand() -> None:
    before, after = np.array([[100.0], [0.5]]), np.array([[150.0], [0.4]])
    mean = (60 - 50) / np.log(60 / 50)
    assert np.allclose(lmdi_additive(before, after)[:, 0], [mean * np.log(1.5), mean * np.log(0.8)])


def test_sinks_are_refused() -> None:
    with pytest.raises(FindingError):
        lmdi_additive([[-1.0]], [[1.0]])
    with pytest.raises(FindingError):
        lmdi_additive([[1.0]], [[1.0, 2.0]])


def test_logarithmic_mean_of_near_values_by_hand() -> None:
    """0.05 / ln 1.05 = 0.05 / 0.04879016417 = 1.02479672; the mean of the two would be 1.025."""
    assert logarithmic_mean(1.05, 1.0)[()] == pytest.approx(1.02479672, abs=1e-8)
    assert logarithmic_mean(1.001, 1.0)[()] == pytest.approx(1.000499916708, abs=1e-11)


def test_a_ratio_of_nothing_to_nothing_is_unknown_not_zero() -> None:
    x = chain(100.0, [0.0, 40.0], [0.0, 80.0], [0.0, 80.0], [0.0, 4.0], [0.0, 4.0])
    assert x[:2, 0].tolist() == [100.0, 0.0]
    assert np.isnan(x[2:, 0]).all()
    assert x[:, 1].tolist() == [100.0, 0.4, 2.0, 1.0, 0.05, 1.0]


def test_logarithmic_mean_at_its_ends() -> None:
    """L(q(1 + g), q) = q(1 + g/2 − g²/12 …); L(1e-20, 1) = 1 / (20 ln 10) = 0.0217147241."""
    assert logarithmic_mean(1 + 8e-9, 1)[()] == pytest.approx(1 + 4e-9, rel=1e-11)
    assert logarithmic_mean(1e-20, 1)[()] == pytest.approx(0.0217147241, rel=1e-8)


def test_factors_of_one_cell_may_stand_alone() -> None:
    mean = (60 - 50) / np.log(60 / 50)
    assert lmdi_additive([100.0, 0.5], [150.0, 0.4]) == pytest.approx(
        [mean * np.log(1.5), mean * np.log(0.8)]
    )
    with pytest.raises(FindingError):
        lmdi_additive(1.0, 2.0)


def test_what_is_never_known_contributes_nothing() -> None:
    assert lmdi_additive([[10.0], [np.nan]], [[20.0], [np.nan]])[:, 0].tolist() == [0.0, 0.0]


def test_ratios_of_amounts_below_one() -> None:
    x = chain(0.5, [0.2], [0.1], [0.05], [0.4], [0.1])
    assert x[:, 0].tolist() == pytest.approx([0.5, 0.4, 0.5, 0.5, 8.0, 0.25])
