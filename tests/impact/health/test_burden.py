import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.health.burden import (
    attributable,
    attributable_fraction,
    attributable_fraction_of_groups,
    avoided,
    difference_of_burdens,
)
from tongyuan.impact.health.risk import risk_gemm_2018

CASES = 101.6999e6 * 710.0703e-5
"""People of Shandong 2021 times the national rate of non-communicable disease and lower respiratory infection
(GBD 2021, one value, cited); the national rate stands for the province in this check."""


def test_burden_of_shandong_in_2021() -> None:
    burden = attributable(CASES, risk_gemm_2018([39, 30, 25], "ncd_lri"))
    assert pytest.approx(722_141, abs=0.5) == CASES
    assert np.round(burden).tolist() == [181880, 154926, 138478]
    assert attributable_fraction(risk_gemm_2018(39, "ncd_lri")) == pytest.approx(0.25186, abs=5e-6)


def test_what_a_change_avoids_is_not_the_difference_of_burdens() -> None:
    before, after = risk_gemm_2018(39, "ncd_lri"), risk_gemm_2018(30, "ncd_lri")
    assert np.round(avoided(CASES, before, after)) == 34317
    assert np.round(difference_of_burdens(CASES, before, after)) == 26955


def test_three_causes_of_china_in_2020() -> None:
    """Baseline deaths of three causes as the source has them, of ages 25 and above."""
    deaths = {"copd": 1_204_461.7, "lung_cancer": 765_146.8, "lri": 183_091.3}
    found = {e: float(attributable(d, risk_gemm_2018(33, e))) for e, d in deaths.items()}
    assert found["copd"] + found["lung_cancer"] + found["lri"] == pytest.approx(
        320_036.0 + 226_932.7 + 96_214.9, rel=2e-6
    )


@given(st.floats(1, 3), st.floats(1, 3), st.floats(0, 1e6))
def test_signs_and_limits(one: float, other: float, cases: float) -> None:
    gain = float(avoided(cases, one, other))
    assert gain == pytest.approx(-float(avoided(cases, other, one)) * other / one, abs=1e-6)
    assert float(avoided(cases, one, one)) == 0
    assert (gain >= 0) == (one >= other) or cases < 1e-300 or one == other
    assert 0 <= float(attributable(cases, one)) <= cases


def test_groups_of_one_population() -> None:
    assert attributable_fraction_of_groups([0.5, 0.5], [1.0, 1.2]) == pytest.approx(0.1 / 1.1)
    assert attributable_fraction_of_groups([1.0], [1.25]) == pytest.approx(attributable_fraction(1.25))
    with pytest.raises(ValueError, match="shares"):
        attributable_fraction_of_groups([0.8, 0.4], [1.0, 1.2])


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="not negative"):
        attributable(-1, 1.2)
    with pytest.raises(ValueError, match="above nought"):
        attributable(1, 0)
    assert attributable(0, 1.3) == 0
