import numpy as np
import pytest

from tongyuan.inventory.methods import stoichiometry as s


def test_ratios() -> None:
    assert pytest.approx(s.CH4_PER_C * s.CO2_PER_CH4) == s.CO2_PER_C
    assert pytest.approx(1.571428, abs=1e-6) == s.N2O_PER_N


def test_array() -> None:
    assert s.array([1, 2]).dtype == np.float64
