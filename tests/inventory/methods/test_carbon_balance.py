import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.inventory.methods.carbon_balance import (
    guide_carbon_balance_co2,
    guide_combustion_co2,
    guide_combustion_co2_measured_carbon,
    handbook_discharge,
)
from tongyuan.reference.energy import fuels

share = st.floats(0, 1)
positive = st.floats(0.001, 1e6)


@pytest.mark.parametrize(
    ("product", "expected"),
    [
        ("diesel", 3.0959),
        ("natural_gas", 21.6219),
        ("bituminous", 1.7418),
        ("lignite", 1.1729),
        ("coke", 2.8604),
    ],
)
def test_set_c_as_published(product: str, expected: float) -> None:
    fuel = fuels.get(product, "C")
    ncv = fuel.ncv
    assert ncv is not None
    assert fuel.carbon_content is not None
    assert fuel.oxidation is not None
    value = guide_combustion_co2(1.0, ncv, fuel.carbon_content / 1000, fuel.oxidation)
    assert float(value) == pytest.approx(expected, abs=6e-5)


def test_anthracite_as_raw_material_as_published() -> None:
    assert round(float(guide_combustion_co2(1.0, 20.304, 0.02749, 0.94)), 3) == 1.924


@given(positive, st.floats(1, 50), st.floats(0.01, 0.04), share)
def test_measured_carbon_agrees_with_heat(
    amount: float, ncv: float, content: float, oxidation: float
) -> None:
    heat = guide_combustion_co2(amount, ncv, content, oxidation)
    carbon = guide_combustion_co2_measured_carbon(amount, ncv * content, oxidation)
    assert float(heat) == pytest.approx(float(carbon))


def test_carbon_balance_closes() -> None:
    assert guide_carbon_balance_co2([100, 50], [0.8, 0.1], [85], [1.0]) == pytest.approx(0.0)
    assert guide_carbon_balance_co2([12.0], [1.0], [], []) == pytest.approx(44.0)


@given(positive, positive, share, share)
def test_discharge_falls_with_removal(activity: float, generation: float, removal: float, k: float) -> None:
    made = handbook_discharge(activity, generation, 0.0)
    left = handbook_discharge(activity, generation, removal, k)
    assert 0 <= float(left) <= float(made)
    assert float(handbook_discharge(2 * activity, generation, removal, k)) == pytest.approx(2 * float(left))


def test_arrays_keep_their_shape() -> None:
    assert guide_combustion_co2(np.ones((3, 2)), 1.0, 1.0, 1.0).shape == (3, 2)
