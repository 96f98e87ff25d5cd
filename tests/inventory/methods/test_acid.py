import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.acid import guide_acid_n2o


def test_adipic_with_thermal_destruction() -> None:
    assert float(guide_acid_n2o(1000, 0.3, 0.985, 0.98)) == pytest.approx(300 * (1 - 0.985 * 0.98))


@given(st.floats(0, 1e6), st.floats(0, 1), st.floats(0, 1))
def test_never_negative_never_above_uncontrolled(product: float, destruction: float, use: float) -> None:
    assert 0 <= float(guide_acid_n2o(product, 0.0139, destruction, use)) <= product * 0.0139 * (1 + 1e-12)
