import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.method import normalise
from tongyuan.synergy.method.registry import methods

TABLES = arrays(np.float64, (6, 3), elements=st.floats(0.03125, 1e6))
SIGN = np.array([1.0, -1.0, -1.0])


def test_min_max_by_hand() -> None:
    v = normalise.min_max([[1, 10], [2, 30], [5, 20]], [1, -1])
    assert np.allclose(v, [[0, 1], [0.25, 0], [1, 0.5]])


def test_min_max_of_equal_values_is_one() -> None:
    assert normalise.min_max([[3.0], [3.0]], [-1]).tolist() == [[1.0], [1.0]]


def test_bounds_are_absolute_and_cut() -> None:
    v = normalise.bounds([[0, 80], [50, -5]], [1, -1], [0, 0], [100, 40])
    assert v.tolist() == [[0, 0], [0.5, 1]]


@given(TABLES, st.floats(0.001, 1000))
def test_relative_normalisations_do_not_depend_on_the_unit(y: np.ndarray, scale: float) -> None:
    for function in (normalise.min_max, normalise.vector, normalise.sum_share, normalise.max_ratio):
        assert np.allclose(function(y, SIGN), function(y * scale, SIGN), atol=1e-9)


@given(TABLES, st.permutations(range(6)))
def test_normalisations_follow_a_permutation_of_regions(y: np.ndarray, order: list[int]) -> None:
    for m in methods():
        if m.kind == "normalisation" and m.name != "bounds":
            assert np.allclose(m.function(y, SIGN)[order], m.function(y[order], SIGN), atol=1e-9)


@given(TABLES)
def test_more_is_better_after_normalisation(y: np.ndarray) -> None:
    for m in methods():
        if m.kind == "normalisation" and m.name != "bounds":
            v = m.function(y, SIGN)
            for j in range(3):
                by = np.argsort(y[:, j] * SIGN[j], kind="stable")
                assert np.all(np.diff(v[by, j]) >= -1e-9)


@given(TABLES)
def test_min_max_agrees_with_pymcdm(y: np.ndarray) -> None:
    from pymcdm import normalizations

    if (np.ptp(y, axis=0) > 0).all():
        mine = normalise.min_max(y, SIGN)
        for j in range(3):
            assert np.allclose(mine[:, j], normalizations.minmax_normalization(y[:, j], cost=SIGN[j] < 0))


def test_bad_input_teaches() -> None:
    with pytest.raises(FindingError):
        normalise.min_max([[1.0, np.nan]], [1, 1])
    with pytest.raises(FindingError):
        normalise.min_max([[1.0, 2.0]], [1, 0])
    with pytest.raises(FindingError):
        normalise.bounds([[1.0]], [1], [2], [1])
    with pytest.raises(FindingError):
        normalise.sum_share([[0.0], [1.0]], [-1])
    with pytest.raises(FindingError):
        normalise.max_ratio([[0.0], [1.0]], [-1])
    with pytest.raises(FindingError):
        normalise.z_score([[1.0]], [1])
