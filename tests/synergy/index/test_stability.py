import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import rankdata

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.index.stability import dirichlet_weights, rank_bands, ranks
from tongyuan.synergy.method import normalise, topsis, weight

SIGN = -np.ones(4)


def sample(seed: int = 0, regions: int = 40, years: int = 2) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(0, 1, (years, regions, 4))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_ranks_agree_with_scipy(values: list[int]) -> None:
    s = np.array(values, dtype=float)
    assert ranks(s).tolist() == rankdata(-s, method="min").tolist()


def test_drawn_weights_sum_to_one_around_their_mean() -> None:
    mean = np.array([0.1, 0.2, 0.3, 0.4])
    w = dirichlet_weights(mean, 4000, seed=3)
    assert np.allclose(w.sum(axis=-1), 1)
    assert np.allclose(w.mean(axis=0), mean, atol=0.01)
    tight = dirichlet_weights(mean, 4000, seed=3, concentration=1000)
    assert tight.std() < w.std()
    assert dirichlet_weights([0.5, 0.5, 0.0], 10, 0)[:, 2].tolist() == [0.0] * 10


@settings(max_examples=10)
@given(st.integers(0, 100), st.sampled_from(["topsis_improved", "weighted_sum"]), st.integers(3, 400))
def test_bands_agree_with_the_plain_computation(seed: int, aggregate: str, regions: int) -> None:
    y = sample(seed, regions, 1)
    w = weight.equal(4)
    bands = rank_bands(y, w, SIGN, draws=60, seed=seed, aggregate=aggregate)
    v = normalise.min_max(y, SIGN)[0]
    function = topsis.topsis_improved if aggregate == "topsis_improved" else topsis.weighted_sum
    assert bands.rank[0].tolist() == rankdata(-function(v, w), method="min").tolist()
    drawn = np.array([rankdata(-function(v, x), method="min") for x in dirichlet_weights(w, 60, seed)])
    ordered = np.sort(drawn, axis=0)
    # single precision may swap two regions whose scores agree to seven digits
    for mine, place in ((bands.lower, 1), (bands.median, 30), (bands.upper, 58)):
        assert np.abs(mine[0] - ordered[place]).max() <= 1
        assert (mine[0] == ordered[place]).mean() > 0.95


def test_bands_with_drawn_data() -> None:
    y = sample(1, 200)
    calm = rank_bands(y, weight.equal(4), SIGN, draws=200, deviation=0.01, concentration=1e6)
    wild = rank_bands(y, weight.equal(4), SIGN, draws=200, deviation=0.5, concentration=1e6)
    assert (wild.upper - wild.lower).mean() > 4 * (calm.upper - calm.lower).mean()
    assert ((calm.lower <= calm.median) & (calm.median <= calm.upper)).all()
    assert (np.abs(calm.median - calm.rank) <= 5).all()
    again = rank_bands(y, weight.equal(4), SIGN, draws=200, deviation=0.5, concentration=1e6)
    assert (again.lower == wild.lower).all()
    assert (again.top == wild.top).all()


def test_drawn_errors_are_lognormal_of_the_given_size() -> None:
    # two regions whose difference is one standard deviation: the chance to change places is known
    y = np.array([[[1.0], [1.2]]])
    sigma = np.sqrt(np.log1p(0.2**2))
    bands = rank_bands(y, [1.0], [-1], draws=20_000, deviation=0.2, aggregate="weighted_sum", top_share=0.5)
    from scipy.stats import norm

    assert bands.top[0, 0] == pytest.approx(norm.cdf(np.log(1.2) / (sigma * np.sqrt(2))), abs=0.01)


def test_fixed_bounds_do_not_depend_on_the_other_regions() -> None:
    y = sample(2, 30, 1)
    low, high = np.zeros(4), np.full(4, 50.0)
    all_of_them = rank_bands(
        y, weight.equal(4), SIGN, draws=50, aggregate="weighted_sum", lower=low, upper=high
    )
    some = rank_bands(
        y[:, :10], weight.equal(4), SIGN, draws=50, aggregate="weighted_sum", lower=low, upper=high
    )
    assert (np.argsort(all_of_them.rank[0, :10]) == np.argsort(some.rank[0])).all()
    drawn = rank_bands(
        y, weight.equal(4), SIGN, draws=50, aggregate="weighted_sum", lower=low, upper=high, deviation=0.1
    )
    assert drawn.rank.tolist() == all_of_them.rank.tolist()


def test_identical_regions_share_every_rank() -> None:
    bands = rank_bands(np.ones((1, 5, 4)), weight.equal(4), SIGN, draws=10)
    assert bands.upper.tolist() == [[1] * 5]


def test_permuting_regions_permutes_the_bands() -> None:
    y = sample(4, 25, 1)
    order = np.random.default_rng(0).permutation(25)
    a = rank_bands(y, weight.equal(4), SIGN, draws=100)
    b = rank_bands(y[:, order], weight.equal(4), SIGN, draws=100)
    assert np.abs(a.lower[0, order] - b.lower[0]).max() <= 1
    assert (a.rank[0, order] == b.rank[0]).all()


def test_bad_input_is_refused() -> None:
    for arguments in ({"draws": 1}, {"aggregate": "magic"}, {"concentration": 0.0}):
        with pytest.raises(FindingError):
            rank_bands(sample(), weight.equal(4), SIGN, **arguments)
    with pytest.raises(FindingError):
        rank_bands(sample()[0], weight.equal(4), SIGN)


def test_errors_that_differ_between_regions_draw_the_same_when_they_do_not() -> None:
    y = sample(5, 60, 1)
    alike = np.full(y.shape, 0.2)
    nearly = alike.copy()
    nearly[0, 0, 0] += 1e-12
    a, b = (rank_bands(y, weight.equal(4), SIGN, draws=300, deviation=d) for d in (alike, nearly))
    # single precision may swap two regions whose scores agree to seven digits
    for one, other in ((a.lower, b.lower), (a.upper, b.upper)):
        assert np.abs(one - other).max() <= 1
        assert (one == other).mean() > 0.95
