from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tongyuan.zoning.offset.reserve import Reserve, ReserveError


def test_a_second_promise_beyond_what_is_left_is_refused():
    """OFF-04 of the facts: 90 of 150 t are promised, 70 more are asked."""
    reserve = Reserve({("S1", "NOx"): Decimal(150)})
    reserve.promise("r1", "A", "S1", "NOx", Decimal(90))
    with pytest.raises(ReserveError, match="60 t left") as told:
        reserve.promise("r2", "B", "S1", "NOx", Decimal(70))
    assert told.value.left == 60
    reserve.withdraw("r1")
    assert reserve.promise("r2", "B", "S1", "NOx", Decimal(70)).tonnes == 70


def test_a_promise_repeated_is_given_once_and_a_key_stands_for_one():
    reserve = Reserve({("S", "SO2"): Decimal(10)})
    assert reserve.promise("k", "A", "S", "SO2", Decimal(4)) is reserve.promise(
        "k", "A", "S", "SO2", Decimal(4)
    )
    assert reserve.left("S", "SO2") == 6
    with pytest.raises(ReserveError, match="another promise"):
        reserve.promise("k", "B", "S", "SO2", Decimal(4))
    for wrong in (Decimal(0), Decimal(-1)):
        with pytest.raises(ReserveError):
            reserve.promise(f"w{wrong}", "A", "S", "SO2", wrong)
    with pytest.raises(ReserveError, match="0 t left"):
        reserve.promise("x", "A", "nowhere", "SO2", Decimal(1))


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 40), min_size=20, max_size=60))
def test_no_tonne_is_promised_twice_by_threads(amounts):
    reserve = Reserve({("S", "NOx"): Decimal(100)})

    def ask(k):
        try:
            return reserve.promise(f"r{k // 2}", "A", "S", "NOx", Decimal(amounts[k // 2])).tonnes
        except ReserveError:
            return Decimal(0)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(2 * len(amounts))))
    given_out = sum(p.tonnes for p in reserve.promises())
    assert given_out + reserve.left("S", "NOx") == 100
    assert given_out <= 100
    assert all(a > reserve.left("S", "NOx") for k, a in enumerate(amounts)
               if f"r{k}" not in {p.key for p in reserve.promises()})  # fmt: skip
