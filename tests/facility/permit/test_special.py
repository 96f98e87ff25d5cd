from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.permit.special import special_days
from tongyuan.ledger.table import empty


def limits(*rows: dict[str, object]) -> pl.DataFrame:
    named = {"facility": "F", "outlet": "A", "species": "SO2", "period": "special", "unit": "mg/m3"}
    schema = empty("permit_limit").schema
    return pl.DataFrame([{**dict.fromkeys(schema), **named, **row} for row in rows], schema)


def days(means: list[float | None], masses: list[float | None] | None = None) -> pl.DataFrame:
    n = len(means)
    return pl.DataFrame(
        {
            "facility": ["F"] * n,
            "outlet": ["A"] * n,
            "species": ["SO2"] * n,
            "day": [date(2025, 1, 29) + timedelta(days=k) for k in range(n)],
            "mean": means,
            "mass": masses or [500.0] * n,
            "water": [False] * n,
        },
        schema_overrides={"mean": pl.Float64, "mass": pl.Float64},
    )


def alert(*day: date) -> pl.DataFrame:
    return pl.DataFrame(
        {"facility": ["F"] * len(day), "day": list(day)}, {"facility": pl.String, "day": pl.Date}
    )


JANUARY, FEBRUARY = [date(2025, 1, 30), date(2025, 1, 31)], [date(2025, 2, 1)]


def test_only_the_days_of_an_alert_are_judged_and_by_the_special_limit() -> None:
    """Means 20, 28, 20, 28 mg/m3 from 29 January on, a special limit of 25, alerts on the last three days."""
    counted, wrong = special_days(days([20, 28, 20, 28]), limits({"value": 25.0}), alert(*JANUARY, *FEBRUARY))
    assert wrong == []
    told = counted.select("month", "days_special", "days_special_over").rows()
    assert told == [("2025-01", 2.0, 1.0), ("2025-02", 1.0, 1.0)]


def test_a_mass_a_day_and_a_limit_by_date() -> None:
    rows = days([None, 30, 30, 30], [None, 400.0, 700.0, 700.0])
    found, _ = special_days(rows, limits({"value": 0.6, "unit": "t/d"}), alert(*JANUARY, *FEBRUARY))
    assert found["days_special_over"].to_list() == [1.0, 1.0]
    ended = limits({"value": 0.6, "unit": "t/d", "date_to": date(2025, 1, 31)})
    found, _ = special_days(rows, ended, alert(*JANUARY, *FEBRUARY))
    assert found["month"].to_list() == ["2025-01"]
    later = limits(
        {"value": 0.6, "unit": "t/d"}, {"value": 900.0, "unit": "kg/d", "date_from": date(2025, 1, 31)}
    )
    found, _ = special_days(rows, later, alert(*JANUARY, *FEBRUARY))
    assert found["days_special_over"].to_list() == [0.0, 0.0]


def test_a_limit_of_the_works_holds_at_its_outlets_unless_they_have_their_own() -> None:
    both = limits({"value": 10.0, "outlet": "whole"}, {"value": 25.0})
    found, wrong = special_days(days([20.0]), both, alert(date(2025, 1, 29)))
    assert (found["days_special_over"].to_list(), wrong) == ([0.0], [])
    found, _ = special_days(days([20.0]), both[:1], alert(date(2025, 1, 29)))
    assert found["days_special_over"].to_list() == [1.0]


@pytest.mark.parametrize("unit", ["m3", "%", "MWh"])
def test_what_is_neither_is_named(unit: str) -> None:
    assert special_days(days([20.0]), limits({"value": 1.0, "unit": unit}), alert())[1] == [
        ("F", "A", "SO2", unit)
    ]
    whole = limits({"value": 1.0, "unit": "t/d", "outlet": "whole"})
    assert special_days(days([20.0]), whole, alert())[1] == [("F", "whole", "SO2", "t/d")]


def test_a_day_without_a_valid_mean_is_not_judged() -> None:
    found, _ = special_days(days([None]), limits({"value": 1.0}), alert(date(2025, 1, 29)))
    assert found.is_empty()


@given(st.lists(st.floats(0, 100), min_size=1, max_size=20), st.floats(0, 100), st.floats(0, 50))
def test_a_lower_limit_never_finds_fewer_days(means: list[float], value: float, less: float) -> None:
    every = alert(*days(list(means))["day"].to_list())
    high, _ = special_days(days(list(means)), limits({"value": value + less}), every)
    low, _ = special_days(days(list(means)), limits({"value": value}), every)
    assert low["days_special_over"].sum() >= high["days_special_over"].sum()
    assert low["days_special"].sum() == len(means)
