import numpy as np
import pytest

from tongyuan.reference.method import stoichiometry as s


def test_ratios() -> None:
    assert pytest.approx(s.CH4_PER_C * s.CO2_PER_CH4) == s.CO2_PER_C
    assert pytest.approx(1.571428, abs=1e-6) == s.N2O_PER_N


def test_array() -> None:
    assert s.array([1, 2]).dtype == np.float64


@pytest.mark.parametrize(("year", "days"), [(2020, 366), (2021, 365), (2000, 366), (1900, 365), (2100, 365)])
def test_days_of_a_year(year: int, days: int) -> None:
    assert s.days_of(year) == days
