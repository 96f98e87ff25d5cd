from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.allowance.settle import fixed, issue, pre_allocation, released


def test_vector_ets_09_obligation_of_2021_is_capped() -> None:
    got = fixed("power", 2021, 750_000, 1_000_000)
    assert (got.obligation, got.waived) == (950_000, 50_000)
    assert got.obligation - got.fixed == 200_000


def test_vector_ets_17_quota_of_2023_is_topped_up_and_the_obligation_stays_whole() -> None:
    got = fixed("power", 2023, 750_000, 1_000_000)
    assert (got.fixed, got.top_up, got.obligation, got.waived) == (800_000, 50_000, 1_000_000, 0)
    assert (got.gap_rate_initial, got.gap_rate) == (25.0, 20.0)


def test_vector_ets_19_unit_first_then_enterprise() -> None:
    got = fixed("power", 2023, 300_000 + max(90_000, 100_000), 420_000 + 100_000)
    assert (got.initial, got.fixed, got.top_up) == (400_000, 416_000, 16_000)


def test_gas_works_owe_no_more_than_their_quota_up_to_2022() -> None:
    assert fixed("power", 2020, 90_000, 100_000, gas_only=True).obligation == 90_000


def test_vector_ets_13_pre_allocation_with_a_deduction() -> None:
    got = issue(50_000, 30_000, 70_000)
    assert (got.pre_deducted, got.pre_issued) == (50_000, 0)
    assert (got.returned, got.outstanding, got.issued) == (20_000, 40_000, 0)


def test_a_quota_above_the_pre_allocation_pays_the_rest_of_the_deduction() -> None:
    got = issue(50_000, 90_000, 70_000)
    assert (got.deducted, got.issued, got.outstanding) == (20_000, 20_000, 0)


def test_held_quotas() -> None:
    assert released(1_200_000, 1_000_000) == (200_000, 0)
    assert released(800_000, 1_000_000) == (0, 200_000)


def test_pre_allocation_is_rounded_down_and_has_a_greatest_share() -> None:
    assert pre_allocation("power", 2026, 100_001, 0.5) == 50_000
    assert pre_allocation("power", 2024, 100_001) == 70_000
    assert pre_allocation("cement", 2026, 3_579.4) == 1_789
    with pytest.raises(ValueError, match="above"):
        pre_allocation("power", 2026, 100_001, 0.51)


tonnes = st.integers(0, 10_000_000).map(float)


@given(tonnes, tonnes, tonnes)
def test_no_tonne_is_lost_between_quota_account_and_deduction(
    pre: float, quota: float, deduction: float
) -> None:
    got = issue(pre, quota, deduction)
    assert got.pre_issued + got.issued + (deduction - got.outstanding) == pytest.approx(quota)
    assert 0 <= got.outstanding <= deduction


@given(tonnes, tonnes, st.sampled_from([2020, 2022, 2023, 2026]))
def test_quota_and_waiver_are_consistent(initial: float, verified: float, year: int) -> None:
    got = fixed("power", year, initial, verified)
    assert got.obligation + got.waived == verified
    assert got.fixed == got.initial + got.top_up
    assert got.top_up >= 0
    assert got.waived >= 0
