from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.impact.air.surface import (
    inside,
    response_prsm_fit,
    response_surface,
    slope,
    terms_of,
    trusted,
)


def truth(x):
    """A synthetic model: sulfate and nitrate with a product of two, 10 in nature."""
    return 10 + 8 * x[..., 0] + 6 * x[..., 1] - 1.5 * x[..., 1] ** 2 + 3 * x[..., 0] * x[..., 2]


def runs(count, seed=0, noise=0.0):
    draw = np.random.default_rng(seed)
    x = draw.uniform(0.2, 1.4, (count, 3))
    return x, truth(x) + draw.normal(0, noise, count)


def test_a_polynomial_is_found_again():
    x, y = runs(40)
    made = response_prsm_fit(x, y)
    assert made.error < 1e-9
    fresh = np.random.default_rng(1).uniform(0.3, 1.3, (100, 3))
    assert response_surface(made, fresh) == pytest.approx(truth(fresh), abs=1e-8)


def test_the_error_on_runs_left_out_is_that_of_fresh_runs():
    """Noise of 0.5: the error that leaving out promises is met by runs nobody fitted."""
    x, y = runs(200, noise=0.5)
    made = response_prsm_fit(x, y)
    fresh, seen = runs(400, seed=9, noise=0.5)
    keep = inside(made, fresh)
    met = np.sqrt(np.mean((response_surface(made, fresh[keep]) - seen[keep]) ** 2))
    assert made.error == pytest.approx(met, rel=0.15)
    assert made.error == pytest.approx(0.5, rel=0.15)


def test_the_closed_form_equals_leaving_out_by_hand():
    x, y = runs(25, noise=0.3)
    made = response_prsm_fit(x, y, degrees=(2,))
    left = []
    for i in range(25):
        keep = np.arange(25) != i
        one = response_prsm_fit(x[keep], y[keep], degrees=(2,))
        left.append(y[i] - response_surface(one, np.clip(x[i], one.lower, one.upper), strict=False))
        if not inside(one, x[i]):
            left[-1] = None
    whole = [v for v in left if v is not None]
    assert len(whole) > 15
    assert 0 < np.sqrt(np.mean(np.square(whole))) < 2 * made.error


def test_outside_the_runs_it_is_refused():
    x, y = runs(40)
    made = response_prsm_fit(x, y)
    with pytest.raises(ValueError, match="outside"):
        response_surface(made, [0.0, 1.0, 1.0])
    assert not inside(made, [0.0, 1.0, 1.0])
    edge = response_surface(made, [0.0, 1.0, 1.0], strict=False)
    assert edge == pytest.approx(truth(np.array([made.lower[0], 1.0, 1.0])))


def test_a_corner_no_run_went_to_is_not_trusted():
    x, y = runs(60)
    keep = ~((x[:, 0] > 1.0) & (x[:, 1] > 1.0) & (x[:, 2] > 1.0))
    made = response_prsm_fit(x[keep], y[keep])
    assert trusted(made, [0.8, 0.8, 0.8])
    assert not trusted(made, made.upper)


def test_it_rises_where_it_is_asked_to():
    draw = np.random.default_rng(3)
    x = draw.uniform(0, 1, (30, 2))
    y = 5 - 0.5 * x[:, 0] + 3 * x[:, 1]
    free = response_prsm_fit(x, y, degrees=(1,))
    assert free.value[1] == pytest.approx(-0.5)
    held = response_prsm_fit(x, y, degrees=(1,), rising=(0,))
    assert held.value[1] >= -1e-9
    assert held.error > free.error


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0.1, 2), min_size=3, max_size=3), st.integers(0, 2), st.integers(1, 3))
def test_slopes_are_those_of_small_steps(point, source, degree):
    from tongyuan.impact.air.surface import design

    terms = terms_of(3, degree)
    step = np.zeros(3)
    step[source] = 1e-6
    around = (design(point + step, terms) - design(point - step, terms)) / 2e-6
    assert slope(point, terms, source) == pytest.approx(around, abs=1e-6)


@pytest.mark.parametrize(
    ("ratio", "told"),
    [
        ([[1.0, 1.0]] * 5, "same in every run"),
        ([[1.0, np.nan]] * 5, "numbers"),
        ([[1.0, -1.0]] * 5, "not negative"),
        ([[1.0, 0.5], [0.5, 1.0]], "too few"),
        ([1.0, 2.0], "do not go together"),
    ],
)
def test_runs_that_tell_nothing_are_refused(ratio, told):
    with pytest.raises(ValueError, match=told):
        response_prsm_fit(ratio, np.arange(len(ratio), dtype=float))
