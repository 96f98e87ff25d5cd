from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.rounding import floor_tonnes, half_up


def test_vector_ets_12_quota_is_rounded_down() -> None:
    assert floor_tonnes(1789.70) == 1789


@pytest.mark.parametrize(
    ("value", "whole"),
    [(1789.9999, 1789), (1790.0, 1790), (0.6 * 800_000 - 1e-10, 480_000), (0.29 * 100, 29)],
)
def test_binary_noise_costs_no_tonne(value: float, whole: int) -> None:
    assert floor_tonnes(value) == whole


def test_halves_go_up_in_decimal() -> None:
    assert [half_up(x, 2) for x in (2.675, 1.005, 13.785, -0.125)] == [2.68, 1.01, 13.79, -0.13]
    assert math.isnan(half_up(math.nan, 2))


@given(st.floats(0, 1e9))
def test_rounding_down_never_gives_more_than_noise(value: float) -> None:
    assert floor_tonnes(value) <= value * (1 + 1e-9) + 1e-9
    assert floor_tonnes(value) > value - 1
