from __future__ import annotations

import numpy as np
import pytest

from tongyuan.inventory.uncertainty import monte_carlo
from tongyuan.inventory.uncertainty.distribution import fit
from tongyuan.inventory.uncertainty.monte_carlo import Term, ends, hypercube, limits, sample, simulate


def spread(count: int, lower: float, upper: float, name: str):
    return fit(np.ones(count), np.full(count, lower), np.full(count, upper), [name] * count)


NONE = spread(0, 1, 1, "normal")


def terms(group: list[int], record: list[int], value: list[float], activity: list[int] | None = None) -> Term:
    driver = activity if activity is not None else [-1] * len(group)
    as_codes = [np.array(part, dtype=np.int64) for part in (group, record, driver)]
    return Term(*as_codes, np.array(value, dtype=np.float64))


def test_a_latin_hypercube_hits_every_stratum_once() -> None:
    points = hypercube(3, 100, np.random.default_rng(0))
    for column in points.T:
        assert sorted((column * 100).astype(int)) == list(range(100))


def test_rows_of_one_record_move_together() -> None:
    drawn = simulate(
        terms([0, 1], [0, 0], [1.0, 2.0]), spread(1, 0.5, 1.5, "normal"), NONE, 2, draws=500, seed=1
    )
    assert drawn[1] == pytest.approx(2 * drawn[0])
    apart = simulate(
        terms([0, 1], [0, 1], [1.0, 2.0]), spread(2, 0.5, 1.5, "normal"), NONE, 2, draws=500, seed=1
    )
    assert abs(np.corrcoef(apart)[0, 1]) < 0.2


def test_shared_records_do_not_average_out() -> None:
    count = 100
    shared = simulate(
        terms([0] * count, [0] * count, [1.0] * count),
        spread(1, 0.5, 1.5, "normal"),
        NONE,
        1,
        draws=2000,
        seed=1,
    )
    own = simulate(
        terms([0] * count, list(range(count)), [1.0] * count),
        spread(count, 0.5, 1.5, "normal"),
        NONE,
        1,
        draws=2000,
        seed=1,
    )
    assert shared.std() / own.std() == pytest.approx(10, rel=0.1)


def test_correlation_within_a_family() -> None:
    fitted = spread(4, 0.5, 2.0, "lognormal")
    family = np.array([0, 0, 0, -1])
    drawn = np.concatenate(
        [x for _, x in sample(fitted, 20_000, np.random.default_rng(1), family=family, correlation=0.8)],
        axis=1,
    )
    scores = np.corrcoef(np.log(drawn.T))
    assert scores[0, 1] == pytest.approx(0.8, abs=0.02)
    assert scores[0, 3] == pytest.approx(0.0, abs=0.03)
    assert drawn.mean(axis=0) == pytest.approx([1.0] * 4, abs=0.02)


def test_activity_varies_with_its_factor() -> None:
    both = terms([0, 0], [0, 0], [1.0, 1.0], [0, 1])
    drawn = simulate(
        both, spread(1, 0.9, 1.1, "normal"), spread(2, 0.8, 1.2, "normal"), 1, draws=20_000, seed=3
    )[0]
    one = 0.1 / 1.96
    two = 0.2 / 1.96
    expected = np.sqrt(4 * one**2 + 2 * two**2 * (1 + one**2))
    assert drawn.mean() == pytest.approx(2.0, rel=2e-3)
    assert drawn.std() == pytest.approx(expected, rel=0.02)


def test_many_activities_over_several_blocks() -> None:
    count = 1300
    one = terms(list(np.arange(count) % 3), [0] * count, [1.0] * count, list(range(count)))
    records = fit(np.ones(1), np.full(1, np.nan), np.full(1, np.nan), [""])
    drawn = simulate(one, records, spread(count, 0.5, 1.5, "normal"), 3, draws=2000, seed=0)
    assert drawn.mean(axis=1) == pytest.approx(np.bincount(np.arange(count) % 3), rel=1e-3)
    assert drawn.std(axis=1) == pytest.approx(
        0.5 / 1.96 * np.sqrt(np.bincount(np.arange(count) % 3)), rel=0.08
    )


def test_a_seed_fixes_every_bit() -> None:
    rng = np.random.default_rng(0)
    many = Term(
        rng.integers(0, 5, 3000), rng.integers(0, 700, 3000), rng.integers(-1, 50, 3000), rng.random(3000)
    )
    runs = [
        simulate(
            many, spread(700, 0.3, 3.0, "lognormal"), spread(50, 0.9, 1.1, "normal"), 5, draws=300, seed=7
        ).tobytes()
        for _ in range(3)
    ]
    assert len(set(runs)) == 1
    other = simulate(
        many, spread(700, 0.3, 3.0, "lognormal"), spread(50, 0.9, 1.1, "normal"), 5, draws=300, seed=8
    )
    assert other.tobytes() != runs[0]


def test_limits_drawn_in_parts_are_those_of_all_at_once() -> None:
    """Records are drawn from one seed in every part; where activity varies only its own draws differ."""
    group = [3, 0, 2, 1, 0, 2]
    shared = terms(group, [0, 1, 1, 0, 0, 1], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    records = spread(2, 0.5, 1.5, "normal")
    whole = limits(shared, records, NONE, 4, draws=400, seed=3)
    parts = limits(shared, records, NONE, 4, draws=400, seed=3, cells=800)
    assert np.array(parts) == pytest.approx(np.array(whole), rel=1e-12)
    drawn = simulate(shared, records, NONE, 4, draws=400, seed=3)
    assert np.array(whole) == pytest.approx(np.quantile(drawn, [0.025, 0.975], axis=1), rel=1e-12)

    both = terms(group, [0, 1, 1, 0, 0, 1], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [0, 1, 2, -1, 3, 0])
    drivers = spread(4, 0.9, 1.1, "normal")
    whole = limits(both, records, drivers, 4, draws=20_000, seed=3)
    parts = limits(both, records, drivers, 4, draws=20_000, seed=3, cells=20_000)
    assert np.array(parts) == pytest.approx(np.array(whole), rel=0.02)


def test_the_hypercube_is_that_of_scipy_to_the_bit() -> None:
    from scipy.stats import qmc

    ours, theirs = np.random.default_rng(5), np.random.default_rng(5)
    for count, draws in ((1, 100), (7, 1000)):
        sampled = qmc.LatinHypercube(d=count, rng=theirs).random(draws)
        assert hypercube(count, draws, ours).tolist() == sampled.tolist()
        strata = np.sort(np.floor(sampled * draws), axis=0)
        assert (strata == np.arange(draws)[:, None]).all()


@pytest.mark.parametrize("compiled", [0, 10_000_000])
@pytest.mark.parametrize("draws", [2, 79, 80, 81, 100, 101, 999, 1000, 1001, 3000, 3001])
def test_ends_are_quantiles_to_the_bit(draws: int, compiled: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monte_carlo, "COMPILED", compiled)
    draw = np.random.default_rng(draws)
    drawn = draw.lognormal(0, 2, (40, draws))
    drawn[1] = 3.0
    drawn[2] = np.sort(drawn[2])
    drawn[3] = np.sort(drawn[3])[::-1]
    drawn[4, draws // 2] = np.nan
    drawn[5, 0] = np.inf
    drawn[6] = np.round(drawn[6])
    with np.errstate(invalid="ignore"):
        expected = np.quantile(drawn, [0.025, 0.975], axis=1)
        assert np.array_equal(ends(drawn.copy()), expected, equal_nan=True)
