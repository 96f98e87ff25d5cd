from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.finance.appraisal.portfolio import best_portfolio


def brute(value, cost, budget, together=(), either=(), least=None):
    best = 0.0
    for pick in product([0, 1], repeat=len(value)):
        spent = sum(c for c, p in zip(cost, pick, strict=True) if p)
        if spent > budget + 1e-9 or any(len({pick[i] for i in g}) > 1 for g in together):
            continue
        if any(sum(pick[i] for i in g) > 1 for g in either):
            continue
        if any(
            sum(cost[i] for i in g if pick[i]) < share * spent - 1e-9 for share, g in (least or {}).items()
        ):
            continue
        best = max(best, sum(v for v, p in zip(value, pick, strict=True) if p))
    return best


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 40)), min_size=4, max_size=8), st.integers(10, 120)
)
def test_the_choice_equals_all_choices_tried(projects, budget):
    value, cost = zip(*projects, strict=True)
    rules = {"together": [[0, 1]], "either": [[1, 2]], "least": {0.3: [0, 3]}}
    made = best_portfolio(value, cost, budget, **rules)
    assert made.value == pytest.approx(brute(value, cost, budget, **rules))
    assert made.cost <= budget + 1e-9
    assert made.gap == pytest.approx(0.0, abs=1e-9)


def test_the_last_yuan_is_the_best_project_that_no_longer_fits():
    """Worth a yuan: 3, 2 and 1; the second is cut by the budget."""
    made = best_portfolio([300.0, 200.0, 100.0], [100.0, 100.0, 100.0], 150.0)
    assert made.chosen.tolist() == [True, False, False]
    assert made.last == pytest.approx(2.0)
    assert best_portfolio([300.0, 200.0, 100.0], [100.0, 100.0, 100.0], 400.0).last == pytest.approx(0.0)


def test_what_cannot_be_asked_is_refused():
    with pytest.raises(ValueError, match="negative"):
        best_portfolio([1.0], [-1.0], 5.0)
    with pytest.raises(ValueError, match="negative"):
        best_portfolio(np.ones(2), np.ones(2), -1.0)


def test_nothing_is_chosen_of_nothing_or_with_nothing():
    assert best_portfolio([], [], 5.0).chosen.tolist() == []
    assert best_portfolio([1.0], [2.0], 0.0).chosen.tolist() == [False]
