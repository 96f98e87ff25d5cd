from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from tests.facility.tax.conftest import emissions, own_rates

from tongyuan.facility.tax.account import tax_account
from tongyuan.facility.tax.quarter import due, quarter_of, tax_return, totals


def test_the_return_of_a_quarter_line_by_line() -> None:
    rows = pl.concat(
        [
            emissions(month=month, air_SO2=1000.0, air_NOx=100.0, air_CO=1.0, air_HCl=1.0)
            for month in ("2025-01", "2025-02", "2025-04")
        ]
    ).with_columns(limit=35.0, concentration=24.0, hours_over=0.0)
    lines = tax_return(tax_account(rows, own=own_rates(("air", "", 6.0))))
    first = lines.filter(pl.col("quarter") == "2025Q1")
    assert first["number"].to_list() == [1, 2, 3, 4, 5, 6]
    assert first["month"].to_list() == ["2025-01"] * 3 + ["2025-02"] * 3
    assert first.row(0, named=True)["tax"] == 4736.84
    assert first.row(0, named=True)["due_before"] == 6315.79
    assert first.row(0, named=True)["relief"] == 1578.95
    summed = totals(lines)
    assert summed["quarter"].to_list() == ["2025Q1", "2025Q2"]
    assert summed["tax"][0] == pytest.approx(first["tax"].sum())
    assert summed["due_day"].to_list() == [date(2025, 4, 15), date(2025, 7, 15)]


def test_a_line_without_a_rate_leaves_the_quarter_without_a_sum() -> None:
    lines = tax_return(tax_account(emissions(region="110100", air_SO2=1.0)))
    row = totals(lines).row(0, named=True)
    assert (row["tax"], row["lines_without_rate"]) == (None, 1)


@pytest.mark.parametrize(
    ("month", "quarter"),
    [("2025-01", "2025Q1"), ("2025-03", "2025Q1"), ("2025-04", "2025Q2"), ("2025-12", "2025Q4")],
)
def test_quarters(month: str, quarter: str) -> None:
    assert quarter_of(month) == quarter


def test_due_days() -> None:
    assert [due(f"2025Q{k}") for k in (1, 2, 3, 4)] == [
        date(2025, 4, 15),
        date(2025, 7, 15),
        date(2025, 10, 15),
        date(2026, 1, 15),
    ]
