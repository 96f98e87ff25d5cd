from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.allowance.power import load_factor, power_quota, with_unit_top_up


def test_vector_ets_07_air_cooled_chp_of_2021() -> None:
    quota = power_quota(2021, "above_300", 1_600_000, 900_000, load=78, heat_ratio=0.10, cooling="air")
    assert (quota.cooling, quota.heat, round(quota.load, 4)) == (1.05, 0.978, 1.0102)
    assert abs(quota.initial - 1_464_013) <= 1


def test_vector_ets_15_peak_factor_of_the_draft() -> None:
    assert load_factor(40, 2026, "above_300") == 1.160254
    assert load_factor(49.99, 2026, "above_300") == 1.100321
    assert load_factor(50, 2026, "above_300") == 1.0


def test_peak_factor_of_2023() -> None:
    assert load_factor(60, 2023, "above_300") == pytest.approx(1.06136, abs=1e-5)
    assert load_factor(50, 2024, "up_to_300") == pytest.approx(1.09344, abs=1e-5)
    assert load_factor(65, 2023, "above_300") == 1.0
    assert load_factor(64.999, 2023, "above_300") == pytest.approx(1.0457, abs=1e-4)


@pytest.mark.parametrize(
    ("load", "factor"), [(85, 1.0), (80, 1.007), (79.999, 1.007), (75, 1.015), (74.999, 1.015), (90, 1.0)]
)
def test_steps_of_2019_meet(load: float, factor: float) -> None:
    assert load_factor(load, 2020, "above_300") == pytest.approx(factor, abs=1e-5)


@pytest.mark.parametrize("unit_class", ["gas", "unconventional"])
def test_other_units_have_no_load_factor(unit_class: str) -> None:
    assert load_factor(30, 2021, unit_class) == load_factor(30, 2026, unit_class) == 1.0


def test_from_2023_power_is_gross_and_the_factors_of_cooling_and_heat_are_gone() -> None:
    quota = power_quota(2023, "above_300", 1_000_000, 0, load=80, heat_ratio=0.5, cooling="air")
    assert quota.initial == 795_000
    assert quota.edge_distance == 15


def test_gas_units_get_what_they_emitted_from_2023_on() -> None:
    assert with_unit_top_up(90_000, 100_000, "gas", 2023) == 100_000
    assert with_unit_top_up(90_000, 100_000, "gas", 2022) == 90_000
    assert with_unit_top_up(110_000, 100_000, "gas", 2025) == 110_000
    assert with_unit_top_up(90_000, 100_000, "above_300", 2023) == 90_000


@given(st.floats(0, 1e7), st.floats(0, 1e7), st.floats(20, 100), st.sampled_from([2021, 2023, 2026]))
def test_more_power_or_heat_is_never_less_quota(power: float, more: float, load: float, year: int) -> None:
    one = power_quota(year, "above_300", power, 0, load=load).initial
    assert power_quota(year, "above_300", power + more, 0, load=load).initial >= one
    assert power_quota(year, "above_300", power, more, load=load).initial >= one
