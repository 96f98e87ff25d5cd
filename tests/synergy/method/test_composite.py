import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.method import composite

LEVELS = arrays(np.float64, (4, 3), elements=st.floats(0, 1))


def test_by_hand() -> None:
    assert composite.synergy_degree([0.2, 0.3], [0.6, 0.4])[()] == pytest.approx(0.2)
    assert composite.synergy_degree([0.2, 0.3], [0.6, 0.2])[()] == pytest.approx(-0.2)
    assert composite.synergy_degree([0.2, 0.3], [0.6, 0.3])[()] == 0


def test_order_of_a_subsystem() -> None:
    mu = composite.order_parameter([[30, 5]], [1, -1], [0, 0], [60, 10])
    assert mu.tolist() == [[0.5, 0.5]]
    assert composite.subsystem_order([[0.25, 1.0]])[0] == pytest.approx(0.5)
    assert composite.subsystem_order([[0.25, 1.0]], [3, 1])[0] == pytest.approx(0.4375)


@given(LEVELS, LEVELS)
def test_degree_lies_between_minus_one_and_one(before: np.ndarray, after: np.ndarray) -> None:
    d = composite.synergy_degree(before, after)
    assert (np.abs(d) <= 1).all()
    assert ((d > 0) <= (after > before).all(axis=1)).all()


def test_one_subsystem_is_refused() -> None:
    with pytest.raises(FindingError):
        composite.synergy_degree([0.1], [0.2])
