"""Published digits of table 7.SM.7 and the times of the worked table (AR6, chapter 7)."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.impact.climate.pulse import agtp_ar6, parameters, radiative_efficiency, temperature_change

YEARS = [1, 5, 10, 20, 30, 50, 75, 100]
AGTP = {
    "CO2": (1e-16, [1.870624, 4.980054, 5.404758, 4.953580, 4.637578, 4.277036, 4.050095, 3.945974]),
    "CH4": (1e-14, [2.172269, 5.409085, 4.935061, 2.605388, 1.325773, 0.472555, 0.261927, 0.212178]),
    "N2O": (1e-13, [0.402563, 1.207041, 1.462851, 1.471242, 1.396245, 1.241637, 1.067683, 0.919269]),
}
AGWP = {
    "CO2": (2.43362e-14, 8.94651e-14, 3.13801e-13),
    "CH4": (1.97608e-12, 2.49243e-12, 2.49554e-12),
    "N2O": (6.65001e-12, 2.44553e-11, 4.07046e-11),
}


@pytest.mark.parametrize("gas", AGTP)
def test_warming_after_a_pulse(gas: str) -> None:
    scale, values = AGTP[gas]
    assert agtp_ar6(gas, YEARS).agtp / scale == pytest.approx(values, abs=5.1e-7)


@pytest.mark.parametrize("gas", AGWP)
def test_forcing_summed_over_20_100_and_500_years(gas: str) -> None:
    assert agtp_ar6(gas, [20, 100, 500]).agwp == pytest.approx(AGWP[gas], rel=2.5e-6)


def test_global_warming_potentials() -> None:
    carbon = agtp_ar6("CO2", [20, 100]).agwp
    assert agtp_ar6("CH4", [20, 100]).agwp / carbon == pytest.approx([81.199, 27.859], abs=6e-4)
    assert agtp_ar6("N2O", [100]).agwp / carbon[1] == pytest.approx([273.351], abs=6e-4)
    assert agtp_ar6("CH4", [50]).agtp / agtp_ar6("CO2", [50]).agtp == pytest.approx([11.049], abs=6e-4)


def test_a_pathway_is_the_sum_of_its_pulses() -> None:
    warming = temperature_change({"CO2": [1e12, 0, 0], "CH4": [0, 1e9, 0]})
    by_hand = 1e12 * agtp_ar6("CO2", [1, 2, 3]).agtp
    by_hand[1:] += 1e9 * agtp_ar6("CH4", [1, 2]).agtp
    assert warming == pytest.approx(by_hand, rel=1e-12)


@given(st.floats(-1e12, 1e12))
def test_no_emission_no_warming_and_signs(mass: float) -> None:
    assert temperature_change({"CO2": [0.0, 0.0]}).tolist() == [0, 0]
    assert temperature_change({"CO2": [mass]}) == pytest.approx(mass * agtp_ar6("CO2", [1]).agtp)


def test_what_is_asked_does_not_depend_on_what_else_is() -> None:
    alone = agtp_ar6("CH4", 20.0).agtp
    assert agtp_ar6("CH4", [20.0, 500.0]).agtp[0] == pytest.approx(float(alone), rel=1e-12)
    assert np.isfinite(agtp_ar6("CH4", 0.0).agtp)
    assert agtp_ar6("CO2", 0.0).agtp == 0


def test_bad_input() -> None:
    with pytest.raises(KeyError, match="no pulse of SF6"):
        radiative_efficiency("SF6")
    with pytest.raises(ValueError, match="before the pulse"):
        agtp_ar6("CO2", -1)
    with pytest.raises(ValueError, match="different years"):
        temperature_change({"CO2": [1.0], "CH4": [1.0, 2.0]})
    assert parameters()["lifetime_ch4"] == 11.8
