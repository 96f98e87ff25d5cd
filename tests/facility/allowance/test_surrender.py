from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.allowance.surrender import (
    Offset,
    borrowing,
    carry_over,
    offset_limit,
    offsets_usable,
    position,
    usable,
)


def test_vector_ets_10_limit_of_offsets() -> None:
    assert offset_limit(950_000, 2021) == 47_500


def test_vector_ets_17_limit_of_offsets_of_the_whole_obligation() -> None:
    assert offset_limit(1_000_000, 2023) == 50_000


@pytest.mark.parametrize(
    ("vintage", "year", "may"),
    [
        (2019, 2024, True),
        (2026, 2024, True),
        (2024, 2025, False),
        (2019, 2026, False),
        (2025, 2025, True),
        (2026, 2025, True),
    ],
)
def test_vintages(vintage: int, year: int, may: bool) -> None:
    assert usable(vintage, year) is may


def test_carry_over_by_hand() -> None:
    # 10,000 + 1.5 · (30,000 − 10,000) = 40,000
    assert carry_over("power", 100_000, 30_000, 10_000) == 40_000
    assert carry_over("power", 25_000, 30_000, 10_000) == 25_000
    assert carry_over("power", 100_000, 5_000, 90_000) == 10_000
    assert carry_over("steel", 500_000, 0, 0) == 100_000


def test_borrowing_of_2021_and_2022_only() -> None:
    assert borrowing("power", 2021, 900_000, 1_000_000) == 50_000
    assert borrowing("power", 2022, 900_001, 1_000_000) == 0
    assert borrowing("power", 2023, 500_000, 1_000_000) == 0


def test_offsets_must_be_new_and_of_free_projects() -> None:
    lots = [
        Offset(10, date(2024, 1, 22)),
        Offset(20, date(2024, 1, 23)),
        Offset(40, date(2025, 1, 1), under_quota=True),
    ]
    assert offsets_usable(lots, 2025) == 20
    assert offsets_usable(lots, 2021) == 30


def test_a_position_by_hand() -> None:
    got = position(2025, 1000, {2024: 500, 2025: 600, 2026: 100}, [Offset(80, date(2025, 3, 1))])
    assert got.offsets == 50
    assert got.used == {2025: 600, 2026: 100}
    assert got.short == 250
    assert got.left == {2024: 500, 2025: 0, 2026: 0}


@given(
    st.integers(0, 10**7),
    st.dictionaries(st.integers(2019, 2027), st.integers(0, 10**7), max_size=6),
    st.sampled_from([2021, 2024, 2025, 2026]),
)
def test_allowances_are_conserved(obligation: int, holding: dict[int, int], year: int) -> None:
    got = position(year, obligation, holding)
    assert sum(got.used.values()) + got.offsets + got.short == obligation
    assert {v: got.used.get(v, 0) + got.left[v] for v in holding} == holding
    assert all(usable(v, year) for v in got.used)
