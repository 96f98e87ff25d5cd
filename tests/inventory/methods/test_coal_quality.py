import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.coal_quality import mee_coal_particulate_factor, mee_coal_so2

share = st.floats(0, 1)


def test_sulphur_balance() -> None:
    assert float(mee_coal_so2(100, 0.01, 1.0)) == pytest.approx(2.0)
    assert float(mee_coal_so2(100, 0.01, 0.9, 0.95)) == pytest.approx(0.09)


@given(share, share, share)
def test_ash_balance(ash: float, bottom: float, fine: float) -> None:
    sizes = [float(mee_coal_particulate_factor(ash, bottom, part)) for part in (fine, 1 - fine)]
    assert sum(sizes) + 1000 * ash * bottom == pytest.approx(1000 * ash, abs=1e-9)
