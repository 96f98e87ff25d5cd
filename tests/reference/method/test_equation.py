"""Equations of the guides against figures published or worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.reference.method.equation import (
    ets_anode_co2,
    ets_anode_effect,
    ets_anode_net,
    ets_clinker_co2,
    guide_combustion_co2,
    guide_combustion_co2_measured_carbon,
    guide_incineration_co2,
    guide_steel_process_co2,
)


def test_coke_of_a_steel_works_has_no_oxidation_factor() -> None:
    """Steel guide of 2025, table A.1: 10,000 t × 28.435 × 0.02942 × 44/12 (vector STL-07)."""
    assert round(float(guide_combustion_co2(10_000, 28.435, 0.02942, 1)), 2) == 30673.78


def test_natural_gas_by_defaults_unrounded_and_with_a_rounded_carbon() -> None:
    """21 ×10⁴ m³ × 389.31 × 0.01532 × 99 % (vector FUEL-01)."""
    assert round(float(guide_combustion_co2(21, 389.31, 0.01532, 0.99)), 2) == 454.65
    rounded = guide_combustion_co2_measured_carbon(21, 5.96, 0.99)
    assert round(float(rounded), 2) == 454.33
    assert round(float(guide_combustion_co2_measured_carbon(21, 5.9642, 0.99)), 2) == 454.65


def test_materials_of_a_steel_works() -> None:
    """Steel guide of 2025, table A.2 (vector STL-10)."""
    value = guide_steel_process_co2(
        [50_000, 20_000], [0.440, 0.476], 300, 3.663, [100_000], [0.037], [1_000_000, 5_000], [0.037, 2.699]
    )
    assert round(value, 2) == -14176.10


def test_clinker_anodes_and_waste_as_printed() -> None:
    assert ets_clinker_co2(1000, 0.535, [100, 50], [0.48, 0.055]) == pytest.approx(484.25)
    assert round(float(ets_anode_co2(0.411)), 4) == 1.4708
    assert float(ets_anode_net(100)) == pytest.approx(84.82)
    assert float(ets_anode_effect(1000, 0.02)) == pytest.approx(0.02)
    assert round(float(guide_incineration_co2(1, 0.4, 0.4, 0.95)), 4) == 0.5573


@given(st.floats(0, 1e6), st.floats(0.1, 50), st.floats(0.001, 0.04))
def test_co2_is_proportional_to_the_fuel(amount: float, ncv: float, content: float) -> None:
    one = guide_combustion_co2(amount, ncv, content, 0.99)
    assert float(guide_combustion_co2(2 * amount, ncv, content, 0.99)) == pytest.approx(2 * float(one))
    assert guide_combustion_co2(np.ones((2, 3)), ncv, content, 1).shape == (2, 3)
