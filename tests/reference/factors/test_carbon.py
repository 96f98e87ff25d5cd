from __future__ import annotations

import pytest

from tongyuan.reference.energy import fuels
from tongyuan.reference.factors.carbon import carbon_factors


def record(product: str) -> dict[str, float]:
    rows = carbon_factors("C").to_dicts()
    return next(row for row in rows if row["product"] == product)


def test_values_are_those_of_the_fuel_set() -> None:
    assert carbon_factors("C")["value"].to_list() == fuels.combustion_factors("C")["value"].to_list()


def test_limits_have_the_relative_width_of_table_2_2() -> None:
    gas = record("natural_gas")
    assert gas["lower"] / gas["value"] == pytest.approx(54300 / 56100)
    assert gas["upper"] / gas["value"] == pytest.approx(58300 / 56100)


def test_raw_coal_takes_the_width_of_bituminous_coal() -> None:
    coal = record("raw_coal")
    assert coal["lower"] / coal["value"] == pytest.approx(89500 / 94600)
    assert "表2.2" in str(coal["note"])


def test_an_unknown_set_is_refused() -> None:
    with pytest.raises(KeyError):
        carbon_factors("Z")
