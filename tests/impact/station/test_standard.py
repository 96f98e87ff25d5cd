from datetime import date

import pytest

from tongyuan.impact.station.standard import index_rule, limit_of, state_of, validity


@pytest.mark.parametrize(
    ("day", "standard", "limit"),
    [
        (date(2026, 2, 28), "GB3095-2012", 35),
        (date(2026, 3, 1), "GB3095-2026-transition", 30),
        (date(2030, 12, 31), "GB3095-2026-transition", 30),
        (date(2031, 1, 1), "GB3095-2026", 25),
    ],
)
def test_a_limit_applies_by_the_date(day: date, standard: str, limit: float) -> None:
    found = limit_of("PM2.5", "year", day)
    assert found is not None
    assert (found.standard, found.value, found.unit) == (standard, limit, "µg/m3")


def test_before_the_standard_no_limit_holds() -> None:
    assert limit_of("PM2.5", "year", date(2014, 12, 31)) is None


def test_a_named_standard_holds_whatever_the_date() -> None:
    found = limit_of("NO2", "day", date(2014, 12, 31), standard="GB3095-2026")
    assert found is not None
    assert found.value == 50


def test_areas_of_class_one_have_lower_limits() -> None:
    found = limit_of("PM2.5", "day", date(2020, 1, 1), zone=1)
    assert found is not None
    assert found.value == 35


def test_the_edition_of_the_index_and_the_state_follow_the_date() -> None:
    assert index_rule(date(2026, 2, 28)) == "HJ633-2012"
    assert index_rule(date(2026, 3, 1)) == "HJ633-2026"
    assert state_of(date(2018, 8, 31), gas=True) == "273K"
    assert state_of(date(2018, 9, 1), gas=True) == "298K"
    assert state_of(date(2018, 9, 1), gas=False) == "actual"


def test_counts_that_make_a_mean_valid() -> None:
    assert [validity(r) for r in ("days_per_year", "days_per_month", "days_february")] == [324, 27, 25]
    with pytest.raises(KeyError):
        validity("days_per_week")
