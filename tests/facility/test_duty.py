"""Due days by the law of the period."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyuan.facility.duty import due, duties, owes, periods
from tongyuan.ledger.table import table


def make(name: str, *rows: dict[str, object]) -> pl.DataFrame:
    schema = table(name).dtypes
    return pl.DataFrame([{**dict.fromkeys(schema), "facility": "F", **row} for row in rows], schema=schema)


LISTED = make("facility", {"kind": "power", "permit_class": "key", "ets_sector": "power", "ets_from": 2021})
NOTHING = make("month_report")


def days(facilities: pl.DataFrame, *years: int, **options: bool) -> dict[tuple[str, str], date]:
    made = duties(facilities, NOTHING, years, **options)
    return {(d, p): day for d, p, day in made.select("duty", "period", "due_day").iter_rows()}


def test_the_days_of_2025_and_2026_by_the_texts() -> None:
    """Tax: fifteen days; record: forty; report 31 March; surrender 31 December of the next year."""
    got = days(LISTED, 2025, 2026)
    assert got["tax_return", "2025Q4"] == date(2026, 1, 15)
    assert got["month_deposit", "2026-01"] == date(2026, 3, 12)
    assert got["carbon_report", "2025"] == date(2026, 3, 31)
    assert got["surrender", "2025"] == date(2026, 12, 31)
    assert got["quality_plan", "2026"] == date(2025, 12, 31)
    assert got["permit_month", "2025-02"] == date(2025, 3, 10)
    assert got["permit_quarter", "2025Q1"] == date(2025, 4, 15)
    assert got["permit_year", "2025"] == date(2026, 1, 31)


def test_the_law_of_the_period_decides() -> None:
    """Monthly records begin with July 2025; before, there is none; the tax begins with 2018."""
    got = days(LISTED, 2025)
    assert ("month_deposit", "2025-06") not in got
    assert ("month_deposit", "2025-07") in got
    assert not days(LISTED, 2017)
    assert {d for d, _ in days(LISTED, 2018)} == {"tax_return"}


def test_who_owes_what() -> None:
    small = make("facility", {"kind": "boiler", "permit_class": "registered", "ets_sector": "not_listed"})
    assert {d for d, _ in days(small, 2026)} == {"tax_return"}
    other = make(
        "facility", {"kind": "chemicals", "permit_class": "simplified", "ets_sector": "other_sector"}
    )
    assert {d for d, _ in days(other, 2026)} == {
        "tax_return", "permit_month", "permit_quarter", "permit_year", "carbon_report_other",
    }  # fmt: skip
    later = LISTED.with_columns(ets_from=pl.lit(2027, pl.Int64))
    assert ("surrender", "2026") not in days(later, 2026)
    with pytest.raises(KeyError):
        owes("nobody", {})


def test_what_was_not_read_in_print_is_off() -> None:
    key = LISTED.with_columns(key_unit=pl.lit(True))
    assert ("disclosure", "2025") not in days(key, 2025)
    assert days(key, 2025, unverified=True)["disclosure", "2025"] == date(2026, 3, 15)


def test_what_was_handed_in_is_on_time_or_late_and_the_rest_is_open() -> None:
    reports = make(
        "month_report",
        {"month": "2025-03", "kind": "quarter_tax", "submitted": datetime(2025, 4, 15, 23)},
        {"month": "2025-06", "kind": "quarter_tax", "submitted": datetime(2025, 7, 16, 0)},
        {"month": "2025-08", "kind": "month_deposit", "submitted": datetime(2025, 9, 1, 0)},
    )
    made = duties(LISTED, reports, [2025])
    state = {(d, p): s for d, p, s in made.select("duty", "period", "state").iter_rows()}
    assert state["tax_return", "2025Q1"] == "on_time"
    assert state["tax_return", "2025Q2"] == "late"
    assert state["tax_return", "2025Q3"] == "not_filed"
    assert state["month_deposit", "2025-08"] == "on_time"
    assert made["due_day"].is_sorted()


@given(st.sampled_from(["month", "quarter", "year"]), st.integers(2018, 2100), st.integers(0, 90))
def test_nothing_is_due_before_its_period_ends(each: str, year: int, number: int) -> None:
    named = periods(each, year)
    assert len(named) == {"month": 12, "quarter": 4, "year": 1}[each]
    assert named[-1][1] == date(year, 12, 31)
    for _, end in named:
        assert (due(end, str(number), "") - end).days == number
    assert due(date(year, 12, 31), "", "03-31") == date(year + 1, 3, 31)


def test_other_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="decade"):
        periods("decade", 2026)
