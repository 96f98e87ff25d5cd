import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.ledger.finding import FindingError
from tongyuan.synergy.method.decoupling import STATES, tapio


@pytest.mark.parametrize(
    ("emission", "driver", "state"),
    [
        (-0.05, 0.10, "strong_decoupling"),
        (0.05, 0.10, "weak_decoupling"),
        (0.10, 0.10, "expansive_coupling"),
        (0.15, 0.10, "expansive_negative_decoupling"),
        (0.05, -0.10, "strong_negative_decoupling"),
        (-0.05, -0.10, "weak_negative_decoupling"),
        (-0.10, -0.10, "recessive_coupling"),
        (-0.15, -0.10, "recessive_decoupling"),
        (0.05, 0.0, "undefined"),
    ],
)
def test_eight_states(emission: float, driver: float, state: str) -> None:
    _, code = tapio(100, 100 * (1 + emission), 100, 100 * (1 + driver))
    assert STATES[int(code)] == state


def test_a_zero_base_is_undefined() -> None:
    e, code = tapio([0.0], [5.0], [1.0], [2.0])
    assert np.isnan(e[0])
    assert STATES[code[0]] == "undefined"


@given(*(st.floats(0.01, 100) for _ in range(4)), st.floats(0.01, 100), st.floats(0.01, 100))
def test_units_do_not_matter(a: float, b: float, c: float, d: float, p: float, q: float) -> None:
    e1, _ = tapio(a, b, c, d)
    e2, _ = tapio(a * p, b * p, c * q, d * q)
    if abs(d / c - 1) > 1e-6:
        assert e1[()] == pytest.approx(e2[()], rel=1e-4, abs=1e-6)


def test_negative_emissions_are_refused() -> None:
    with pytest.raises(FindingError):
        tapio(-1, 1, 1, 2)
