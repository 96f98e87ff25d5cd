import pytest

from tongyuan.inventory.methods.oil_gas import (
    guide_catalyst_burn_off_co2,
    guide_decoking_co2,
    guide_flare_co2,
    guide_gas_carbon,
    guide_oil_gas_device_ch4,
    guide_reforming_co2,
)
from tongyuan.reference.method.parameter import parameters


def test_devices() -> None:
    factors = {key[2]: p.value for key, p in parameters("oil_gas").items() if key[0] == "leak"}
    value = guide_oil_gas_device_ch4([100, 2], [factors["oil_wellhead"], factors["joint_station"]])
    assert value == pytest.approx(25.8)


def test_carbon_of_a_gas_agrees_with_the_printed_density() -> None:
    assert guide_gas_carbon([1.0], [1]) * 44 / 12 == pytest.approx(19.7, rel=0.01)
    assert guide_gas_carbon([0.9, 0.1], [1, 2]) == pytest.approx(12 * 11 / 22.4)


def test_flare_and_catalysts() -> None:
    assert float(guide_flare_co2(10, 5.0, 0.02)) == pytest.approx(10 * (5 * 0.98 * 44 / 12 + 0.394))
    assert float(guide_catalyst_burn_off_co2(100, 0.93)) == pytest.approx(100 * 0.93 * 0.98 * 44 / 12)
    assert float(guide_reforming_co2(100, 0.05, 0.0)) == pytest.approx(5 * 44 / 12)
    assert float(guide_reforming_co2(100, 0.05, 0.05)) == pytest.approx(0.0)


def test_decoking() -> None:
    assert float(guide_decoking_co2(1000, 10, 0.1, 0.0)) == pytest.approx(1.97)
    assert float(guide_decoking_co2(1000, 10, 0.05, 0.05)) == pytest.approx(1.97)
