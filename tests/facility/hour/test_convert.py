from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.hour import convert


def test_vector_o2_01_reference_oxygen() -> None:
    assert round(float(convert.at_reference_oxygen(30, 8, 6)), 4) == 34.6154


def test_vector_nox_01_no_and_no2_as_no2() -> None:
    assert round(float(convert.nitrogen_oxides(20, 3)), 3) == 33.664


def test_oxygen_of_air_is_no_flue_gas() -> None:
    assert np.isnan(convert.at_reference_oxygen(30, [21, 21.5], 6)).all()


def test_more_oxygen_means_more_dilution_and_a_higher_converted_value() -> None:
    low, high = convert.at_reference_oxygen(30, [5.0, 7.0], 6)
    assert low < 30 < high


def test_standard_state_and_drying_by_hand() -> None:
    # 273/(273+100) · 98000/101325 = 0.731903 · 0.967184 = 0.707885
    assert float(convert.standard_volume(100, 98_000)) == pytest.approx(0.707885, abs=1e-6)
    assert float(convert.dry_share(8)) == pytest.approx(0.92)


def test_volume_share_of_sulphur_dioxide_by_hand() -> None:
    # HJ 75 itself pairs 250 umol/mol of SO2 with 715 mg/m3
    assert float(convert.from_volume_share(250, 64.058)) == pytest.approx(715, abs=0.1)
    assert float(convert.from_volume_share(250, 46.005)) == pytest.approx(513, abs=0.5)


def test_flow_and_masses_by_hand() -> None:
    assert float(convert.flow_of_velocity(10, 15, 0.9)) == pytest.approx(486_000)
    assert float(convert.mass_of_gas(35, 1_000_000)) == pytest.approx(35.0)
    assert float(convert.mass_of_water(50, 100)) == pytest.approx(5.0)


@given(st.floats(0, 1e4), st.floats(0, 20.5), st.floats(0, 20.5), st.floats(0.1, 10))
def test_conversion_is_linear_in_the_concentration(c: float, o2: float, ref: float, k: float) -> None:
    once = float(convert.at_reference_oxygen(c, o2, ref))
    assert float(convert.at_reference_oxygen(k * c, o2, ref)) == pytest.approx(k * once, rel=1e-12, abs=1e-12)
