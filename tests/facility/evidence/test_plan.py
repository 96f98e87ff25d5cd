import numpy as np
import pytest

from tongyuan.facility.evidence.plan import covered, draw, estimate


def test_the_estimate_is_unbiased() -> None:
    """Repeated draws from 200 sites with 31 misstatements give 31 on average, with the told standard
    error."""
    rng = np.random.default_rng(0)
    stratum = np.repeat([0, 1, 2, 3], 50)
    truth = (rng.random(200) < np.array([0.05, 0.1, 0.2, 0.3])[stratum]).astype(float)
    risk, tonnes, days = rng.random(200) * (0.2 + truth), rng.lognormal(3, 1, 200), np.ones(200)
    found, told = [], []
    for seed in range(1500):
        plan = draw(risk, tonnes, stratum, days, 60, random_share=0.6, seed=seed)
        total, error = estimate(plan, truth[plan.chosen], stratum)
        found.append(total)
        told.append(error)
    assert np.mean(found) == pytest.approx(truth.sum(), abs=4 * np.std(found) / np.sqrt(1500))
    assert np.sqrt(np.mean(np.square(told))) == pytest.approx(np.std(found), rel=0.1)


def test_the_riskiest_sites_come_first_and_the_budget_holds() -> None:
    risk, tonnes, days = np.array([0.9, 0.1, 0.5, 0.1]), np.array([10.0, 1000.0, 10.0, 1.0]), np.ones(4)
    plan = draw(risk, tonnes, np.zeros(4, dtype=int), days, 3, random_share=0.34)
    assert plan.chosen[:1].tolist() == [1]
    assert plan.certain.tolist() == [True, False, False]
    assert plan.inclusion == pytest.approx([2 / 3, 1, 2 / 3, 2 / 3])
    assert covered(plan) == 1.0
    assert len(set(plan.chosen.tolist())) == 3
    again = draw(risk, tonnes, np.zeros(4, dtype=int), days, 3, random_share=0.34)
    assert again.chosen.tolist() == plan.chosen.tolist()


def test_a_site_visited_for_certain_counts_once() -> None:
    plan = draw(np.ones(2), np.ones(2), np.zeros(2, dtype=int), np.ones(2), 2, random_share=0.0)
    assert estimate(plan, np.array([1.0, 0.0]), np.zeros(2, dtype=int)) == (1.0, 0.0)


def test_strata_without_a_visit_are_told() -> None:
    plan = draw(np.ones(4), np.ones(4), np.array([0, 1, 2, 3]), np.ones(4), 2, random_share=1.0)
    assert covered(plan) == 0.5
