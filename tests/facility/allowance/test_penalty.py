from __future__ import annotations

from datetime import date

from tongyuan.facility.allowance.penalty import not_surrendered


def test_the_law_of_the_day_decides() -> None:
    old = not_surrendered(1000, 80, date(2024, 4, 30))
    assert (old.low, old.high, old.deduction, old.source) == (20_000, 30_000, 1000, "ets_order_19")
    new = not_surrendered(1000, 80, date(2024, 5, 1))
    assert (new.low, new.high, new.deduction) == (400_000, 800_000, 1000)
    code = not_surrendered(1000, 80, date(2026, 8, 15))
    assert (code.low, code.high, code.deduction) == (400_000, 800_000, 0)
    assert not_surrendered(1000, 80, date(2026, 8, 14)).deduction == 1000


def test_who_paid_owes_nothing() -> None:
    assert not_surrendered(0, 80, date(2026, 12, 31)).high == 0
