import numpy as np
import pytest

from tongyuan.impact.money.value import discount_factor, present_value, vsl_transfer

FLOW = np.array([800, 1000, 1200, 1500, 1800, 2000.0])


def test_discounting_of_a_published_example() -> None:
    years = np.arange(6)
    found = FLOW * discount_factor(years, 0.05)
    assert np.round(found, 2).tolist() == [800, 952.38, 1088.44, 1295.76, 1480.86, 1567.05]
    hyperbolic = FLOW * discount_factor(years, 0.05, "mazur")
    assert np.round(hyperbolic, 2).tolist() == [800, 952.38, 1090.91, 1304.35, 1500, 1600]


def test_single_amounts() -> None:
    assert 1000 * discount_factor(5, 0.03) == pytest.approx(863, abs=0.5)
    assert np.round(1000 * discount_factor(5, 0.03) - 100 * discount_factor(5, 0.03)) == 776
    assert 20_000 * discount_factor(20, 0.03) == pytest.approx(11_073.5, abs=0.05)
    assert discount_factor(3, 0.5, "harvey") == pytest.approx(0.5)
    assert 19_800 * 541_000 - 8.2e9 == 2_511_800_000


def test_present_value_is_the_sum() -> None:
    assert present_value(FLOW, 0.05) == pytest.approx((FLOW * 1.05 ** -np.arange(6.0)).sum())
    assert present_value(FLOW, 0.0) == FLOW.sum()


def test_a_value_goes_with_income_and_prices_apart() -> None:
    assert vsl_transfer(3.6, 32_700, 32_700, 0.8) == pytest.approx(3.6)
    assert vsl_transfer(4.0, 2.0, 1.0, 1.0, prices=1.5) == pytest.approx(12.0)
    assert vsl_transfer(4.0, 4.0, 1.0, 0.5) == pytest.approx(8.0)


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="above nought"):
        vsl_transfer(1, 0, 1, 1)
    with pytest.raises(ValueError, match="ahead"):
        discount_factor(-1, 0.05)
    with pytest.raises(ValueError, match="no rule"):
        discount_factor(1, 0.05, "other")  # type: ignore[arg-type]
