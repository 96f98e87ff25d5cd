from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.uncertainty import kernel, monte_carlo


def test_a_product_is_value_times_record_times_activity() -> None:
    result = np.zeros((2, 3))
    x = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    y = np.array([[1.0, 1.0, 0.5]])
    one, zero = np.array([1, 0]), np.array([0, 0])
    kernel.products(result, x, y, np.array([0, 2, 2]), one, zero, np.array([2.0, 4.0]))
    assert result.tolist() == [[24.0, 48.0, 36.0], [0.0, 0.0, 0.0]]


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(0, 40), st.integers(1, 70))
def test_few_products_are_those_of_the_compiled_loop_to_the_bit(
    seed: int, groups: int, terms: int, draws: int
) -> None:
    draw = np.random.default_rng(seed)
    x, y = draw.lognormal(0, 2, (5, draws)), draw.normal(0, 3, (4, draws))
    start = np.searchsorted(np.sort(draw.integers(0, groups, terms)), np.arange(groups + 1)).astype(np.int64)
    given_to = (x, y, start, draw.integers(0, 5, terms), draw.integers(0, 4, terms), draw.normal(0, 9, terms))
    plain, compiled = np.ones((groups, draws)), np.ones((groups, draws))
    monte_carlo.products(plain, *given_to)
    kernel.products(compiled, *given_to)
    assert plain.tobytes() == compiled.tobytes()


def test_the_outermost_values_are_found_and_an_unknown_one_makes_all_unknown() -> None:
    drawn = np.array([[5.0, 1.0, 4.0, 2.0, 3.0], [5.0, np.nan, 4.0, 2.0, 3.0]])
    found = np.empty((2, 4))
    kernel.outer(drawn, 2, 2, found)
    assert found[0].tolist() == [1.0, 2.0, 4.0, 5.0]
    assert np.isnan(found[1]).all()
