import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.synergy.method import normalise, topsis, weight

TABLES = arrays(np.float64, (6, 3), elements=st.floats(0.03125, 1000))
WEIGHTS = arrays(np.float64, 3, elements=st.floats(0.05, 1))
COST = -np.ones(3)


@given(TABLES, WEIGHTS)
def test_classical_agrees_with_pymcdm(y: np.ndarray, w: np.ndarray) -> None:
    from pymcdm.methods import TOPSIS
    from pymcdm.normalizations import vector_normalization

    if (np.ptp(y, axis=0) > 1e-3 * y.max(axis=0)).all():
        other = TOPSIS(vector_normalization)(y, w / w.sum(), np.array([1, -1, -1]), validation=False)
        # pymcdm turns costs into 1 − r; distances are the same
        assert np.allclose(topsis.topsis_classical(y, w, [1, -1, -1]), other, atol=1e-7)


def test_improved_by_hand() -> None:
    v = np.array([[1.0, 0.0], [0.5, 1.0], [0.0, 0.5]])
    w = np.array([0.6, 0.4])
    a = v / np.sqrt((v**2).sum(axis=0))
    best = np.sqrt(0.6 * (a[:, 0].max() - a[:, 0]) ** 2 + 0.4 * (a[:, 1].max() - a[:, 1]) ** 2)
    worst = np.sqrt(0.6 * a[:, 0] ** 2 + 0.4 * a[:, 1] ** 2)
    assert np.allclose(topsis.topsis_improved(v, w), worst / (best + worst))


@given(TABLES, WEIGHTS, st.permutations(range(6)))
def test_scores_follow_a_permutation_of_regions(y: np.ndarray, w: np.ndarray, order: list[int]) -> None:
    v = normalise.min_max(y, COST)
    for function in (
        topsis.topsis_improved,
        topsis.topsis_fixed,
        topsis.weighted_sum,
        topsis.weighted_geometric,
    ):
        s = function(v, w)
        assert np.allclose(s[order], function(v[order], w), atol=1e-9)
        assert (s >= -1e-12).all()
        assert (s <= 1 + 1e-12).all()


@given(TABLES, WEIGHTS, st.integers(0, 5), st.integers(0, 2), st.floats(1.0, 20.0))
def test_a_higher_emission_never_raises_a_monotone_score(
    y: np.ndarray, w: np.ndarray, region: int, species: int, factor: float
) -> None:
    more = y.copy()
    more[region, species] *= factor

    def scores(table: np.ndarray) -> list[float]:
        fixed = normalise.bounds(table, COST, np.zeros(3), np.full(3, 2000.0))
        relative = normalise.min_max(table, COST)
        return [
            topsis.weighted_sum(fixed, w)[region],
            topsis.weighted_geometric(fixed, w)[region],
            topsis.topsis_fixed(fixed, w)[region],
            topsis.topsis_improved(fixed, w)[region],
            topsis.weighted_sum(relative, w)[region],
            topsis.weighted_geometric(relative, w)[region],
            topsis.topsis_fixed(relative, w)[region],
            topsis.topsis_classical(table, w, COST)[region],
        ]

    for before, after in zip(scores(y), scores(more), strict=True):
        assert after <= before + 1e-9


def test_improved_topsis_over_min_max_can_reward_the_worst_for_becoming_worse() -> None:
    # the reason for which the catalogue calls it not monotone: region 0 triples its worst emission and gains
    y = np.array([[10.0, 5.0], [9.0, 6.0], [1.0, 9.0]])
    w = weight.equal(2)
    more = y.copy()
    more[0, 0] = 30.0
    before = topsis.topsis_improved(normalise.min_max(y, [-1, -1]), w)[0]
    after = topsis.topsis_improved(normalise.min_max(more, [-1, -1]), w)[0]
    assert after > before


def test_equal_regions_score_one() -> None:
    assert topsis.topsis_improved(np.ones((3, 2)), [1, 1]).tolist() == [1, 1, 1]
    assert topsis.weighted_geometric([[0.0, 1.0]], [0.5, 0.5])[0] == 0
    assert topsis.weighted_geometric([[0.0, 1.0]], [0.0, 1.0])[0] == pytest.approx(1)
