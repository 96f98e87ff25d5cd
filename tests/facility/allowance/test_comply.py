from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.facility.allowance.comply import Saving, cheapest


def test_buying_alone() -> None:
    got = cheapest(1000, 800, 2025, 75.0)
    assert (got.bought, got.cost) == (200, 15_000)


def test_cheaper_offsets_go_first_up_to_five_per_cent() -> None:
    got = cheapest(1000, 800, 2025, 75.0, offset_price=70.0)
    assert (got.offsets, got.bought, got.cost) == (50, 150, 50 * 70 + 150 * 75)
    assert cheapest(1000, 800, 2025, 75.0, offset_price=80.0).offsets == 0
    assert cheapest(1000, 800, 2025, 75.0, offset_price=70.0, offset_available=20).offsets == 20


def test_a_cheap_saving_is_used_as_far_as_it_is_needed() -> None:
    got = cheapest(1000, 800, 2025, 75.0, savings=[Saving("fan", 500, 40.0)])
    assert got.saved == {"fan": 200}
    assert got.cost == 8_000


def test_measuring_carbon_is_taken_when_it_pays() -> None:
    measure = Saving("measure", 150, 6_000.0, whole=True)
    got = cheapest(1000, 800, 2025, 75.0, savings=[measure])
    assert got.saved == {"measure": 150}
    assert got.cost == 6_000 + 50 * 75
    dear = cheapest(1000, 800, 2025, 75.0, savings=[Saving("measure", 150, 12_000.0, whole=True)])
    assert dear.saved == {}


def test_a_saving_whose_quota_falls_with_it_is_worth_less() -> None:
    got = cheapest(1000, 800, 2025, 75.0, savings=[Saving("fan", 500, 40.0, quota_share=0.9)])
    assert got.saved == {}


def test_what_is_left_over_is_sold_where_that_is_wanted() -> None:
    got = cheapest(1000, 1100, 2025, 75.0, savings=[Saving("fan", 500, 40.0)], sell=True)
    assert got.saved == {"fan": 500}
    assert got.sold == pytest.approx(600)
    assert got.cost == pytest.approx(500 * 40 - 600 * 75)


def test_offsets_are_whole_tonnes_so_that_a_little_is_saved_to_reach_the_next() -> None:
    # 5 % of 861 t is 43.05 t; down to 860 t all 43 stand, and each tonne saved at 11 is worth 12.
    got = cheapest(861, 0, 2025, 12.0, offset_price=10.0, savings=[Saving("s", 2, 11.0)])
    assert (got.saved, got.offsets, got.cost) == ({"s": 1.0}, 43, 817 * 12 + 430 + 11)


savings = st.lists(
    st.tuples(st.floats(1, 500), st.floats(1, 150), st.sampled_from([0.0, 0.5])), min_size=0, max_size=3
)


@settings(max_examples=40, deadline=None)
@given(st.floats(100, 2000), st.floats(0, 2000), st.floats(10, 120), st.floats(10, 120), savings)
def test_no_cheaper_way_is_found_by_trying(
    owed: float, held: float, price: float, other: float, rows: list[tuple[float, float, float]]
) -> None:
    ways = [Saving(f"s{k}", *row) for k, row in enumerate(rows)]
    best = cheapest(owed, held, 2025, price, offset_price=other, savings=ways)
    for share in range(21):
        for k in range(len(ways) + 1):
            part = [
                Saving(
                    s.name, s.amount * share / 20, s.amount * share / 20 * s.cost, s.quota_share, whole=True
                )
                for s in ways[: k + 1]
            ]
            tried = cheapest(owed, held, 2025, price, offset_price=other, savings=part)
            assert best.cost <= tried.cost + 1e-6 * max(1.0, abs(tried.cost))
