"""Who reviews, until when."""

from datetime import date

import pytest

from tongyuan.zoning.capacity.review import decision_day, energy_review, opinion_holds

DAY = date(2026, 1, 1)


@pytest.mark.parametrize(
    ("energy", "coal", "body"),
    [(999.0, 999.0, "none"), (1000.0, 0.0, "local"), (0.0, 1000.0, "local"), (9999.9, 9999.0, "local"),
     (0.0, 10_000.0, "province"), (600_000.0, 0.0, "province")],
)  # fmt: skip
def test_upward_either_counts_and_downward_both(energy, coal, body):
    assert energy_review(energy, coal, DAY) == body


def test_the_nation_looks_at_key_fields_with_electricity_at_the_higher_factor():
    assert energy_review(300_000.0, 0.0, DAY, higher=500_000.0, key_field=True) == "nation"
    assert energy_review(300_000.0, 0.0, DAY, higher=500_000.0) == "province"
    assert energy_review(300_000.0, 500_000.0, DAY, key_field=True) == "nation"


def test_before_the_order_there_is_no_answer_by_it():
    assert energy_review(20_000.0, 0.0, date(2025, 8, 31)) == "none"


def test_an_opinion_of_the_29th_of_february_ends_on_the_28th():
    assert opinion_holds(date(2028, 2, 29), date(2030, 2, 28))
    assert not opinion_holds(date(2028, 2, 29), date(2030, 3, 1))
    assert opinion_holds(date(2026, 1, 10), date(2028, 1, 10))


def test_days_are_calendar_days():
    assert decision_day(date(2026, 3, 2), form=False) == date(2026, 5, 1)
