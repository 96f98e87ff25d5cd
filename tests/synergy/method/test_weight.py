import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.method import normalise, weight

TABLES = arrays(np.float64, (7, 4), elements=st.floats(0.03125, 1000))


@given(TABLES)
def test_weights_sum_to_one_and_none_is_negative(y: np.ndarray) -> None:
    v = normalise.min_max(y, np.ones(4))
    for w in (weight.entropy(v), weight.critic(v), weight.equal(4)):
        assert w.sum() == pytest.approx(1)
        assert (w >= 0).all()
    both = weight.product(weight.equal(4), weight.entropy(v))
    mixed = weight.linear(weight.equal(4), weight.entropy(v), 0.3)
    assert both.sum() == pytest.approx(1)
    assert mixed.sum() == pytest.approx(1)


@given(TABLES)
def test_entropy_agrees_with_pymcdm(y: np.ndarray) -> None:
    from pymcdm.weights import entropy_weights

    if (np.ptp(y, axis=0) > 1e-3).all():
        assert np.allclose(weight.entropy(y), entropy_weights(y), atol=1e-7)


@given(TABLES)
def test_critic_agrees_with_pymcdm(y: np.ndarray) -> None:
    from pymcdm.weights import critic_weights

    if (np.ptp(y, axis=0) > 1e-2).all():
        assert np.allclose(weight.critic(normalise.min_max(y, np.ones(4))), critic_weights(y), atol=1e-7)


def test_a_constant_indicator_has_no_data_driven_weight() -> None:
    v = normalise.min_max([[1, 5, 2], [2, 5, 1], [3, 5, 7]], [1, 1, 1])
    assert weight.entropy(v)[1] == 0
    assert weight.critic(v)[1] == 0


def test_all_constant_indicators_share_equally() -> None:
    v = np.ones((3, 2))
    assert weight.entropy(v).tolist() == [0.5, 0.5]
    assert weight.critic(v).tolist() == [0.5, 0.5]


@given(TABLES, st.permutations(range(7)))
def test_weights_do_not_depend_on_the_order_of_regions(y: np.ndarray, order: list[int]) -> None:
    v = normalise.min_max(y, np.ones(4))
    assert np.allclose(weight.entropy(v), weight.entropy(v[order]), atol=1e-9)
    assert np.allclose(weight.critic(v), weight.critic(v[order]), atol=1e-7)


def test_years_are_separate_samples() -> None:
    v = np.random.default_rng(1).random((3, 6, 4))
    for function in (weight.entropy, weight.critic):
        assert np.allclose(function(v), [function(v[t]) for t in range(3)])


SAATY = [1 / 9, 1 / 7, 1 / 5, 1 / 3, 1, 3, 5, 7, 9]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(SAATY), min_size=6, max_size=6))
def test_ahp_agrees_with_ahpy(upper: list[float]) -> None:
    import ahpy

    names = "abcd"
    pairs = [(i, j) for i in range(4) for j in range(i + 1, 4)]
    a = np.ones((4, 4))
    for (i, j), x in zip(pairs, upper, strict=True):
        a[i, j], a[j, i] = x, 1 / x
    mine = weight.ahp(a)
    told = {(names[i], names[j]): x for (i, j), x in zip(pairs, upper, strict=True)}
    other = ahpy.Compare("x", told, precision=8, random_index="saaty", tolerance=1e-12, iterations=10_000)
    assert np.allclose(mine.weight, [other.local_weights[n] for n in names], atol=1e-4)
    assert mine.ratio == pytest.approx(other.consistency_ratio, abs=1e-4)


def test_ahp_names_the_worst_judgement() -> None:
    w = np.array([0.5, 0.3, 0.15, 0.05])
    a = w[:, None] / w[None, :]
    assert weight.ahp(a).ratio == pytest.approx(0, abs=1e-9)
    assert np.allclose(weight.ahp(a).weight, w)
    a[1, 3], a[3, 1] = 1 / 6, 6.0
    result = weight.ahp(a)
    assert result.worst == (1, 3)
    assert not result.consistent
    assert result.judged == pytest.approx(1 / 6)
    assert result.implied > result.judged


def test_ahp_refuses_a_matrix_that_is_not_reciprocal() -> None:
    with pytest.raises(FindingError) as error:
        weight.ahp([[1, 2], [2, 1]])
    assert error.value.findings[0].check == "ahp_reciprocal"
    with pytest.raises(FindingError):
        weight.ahp(np.ones((2, 3)))
    with pytest.raises(FindingError):
        weight.ahp(np.ones((11, 11)))
    with pytest.raises(FindingError):
        weight.ahp(np.ones((3, 3)), random_index="guess")


def test_older_random_index_is_there_by_name() -> None:
    a = np.array([[1, 2, 5], [0.5, 1, 4], [0.2, 0.25, 1.0]])
    assert weight.ahp(a, "saaty_1980").ratio == pytest.approx(weight.ahp(a).ratio * 0.52 / 0.58)


def test_too_few_regions_are_refused() -> None:
    with pytest.raises(FindingError):
        weight.entropy([[1.0, 0.5]])
    with pytest.raises(FindingError):
        weight.critic([[1.0, 0.5]])
    with pytest.raises(FindingError):
        weight.linear([0.5, 0.5], [0.5, 0.5], 1.5)


@pytest.mark.parametrize(
    ("entry", "value", "place"), [((1, 2), 9.0, (2, 3)), ((0, 2), -3.0, (1, 3)), ((1, 1), 2.0, (2, 2))]
)
def test_the_first_judgement_without_its_reciprocal_is_named(
    entry: tuple[int, int], value: float, place: tuple[int, int]
) -> None:
    matrix = np.array([[1, 2, 6], [0.5, 1, 3], [1 / 6, 1 / 3, 1.0]])
    matrix[entry] = value
    with pytest.raises(FindingError) as error:
        weight.ahp(matrix)
    values = error.value.findings[0].values
    assert (values["line"], values["place"]) == place
