from __future__ import annotations

import pytest

from tongyuan.reference.energy.steam import saturated_enthalpy


def test_printed_values() -> None:
    assert saturated_enthalpy(0.1) == 2675.4
    assert saturated_enthalpy(1.0) == 2776.9
    assert saturated_enthalpy(2.0) == 2802.3


def test_values_above_the_physical_maximum_need_asking() -> None:
    with pytest.raises(KeyError, match="doubtful"):
        saturated_enthalpy(5.0)
    assert saturated_enthalpy(5.0, include_unverified=True) == 2830.0


def test_nothing_between_is_invented() -> None:
    with pytest.raises(KeyError, match="has no"):
        saturated_enthalpy(1.1)
