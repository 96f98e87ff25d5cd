import pytest

from tongyuan.inventory.methods.mineral import (
    guide_carbonate_co2,
    ipcc_ferroalloy_co2,
    ipcc_glass_co2,
    ipcc_lime_co2,
)
from tongyuan.reference.method.parameter import parameter

MOLAR = {
    "CaCO3": 100.087,
    "MgCO3": 84.314,
    "Na2CO3": 105.988,
    "BaCO3": 197.336,
    "K2CO3": 138.205,
    "SrCO3": 147.63,
}


@pytest.mark.parametrize("carbonate", MOLAR)
def test_carbonates_by_molar_mass(carbonate: str) -> None:
    factor = parameter("mineral", "carbonate", edition="guide_24_industries", item=carbonate).value
    assert factor == pytest.approx(44.009 / MOLAR[carbonate], abs=6e-4)
    assert float(guide_carbonate_co2(100, 0.9, factor, 0.5)) == pytest.approx(45 * factor)


def test_products() -> None:
    assert float(ipcc_lime_co2(100, 0.75)) == pytest.approx(76.5)
    assert float(ipcc_glass_co2(100, 0.2, 0.5)) == pytest.approx(10)
    assert float(ipcc_ferroalloy_co2(100, 4.0)) == 400
