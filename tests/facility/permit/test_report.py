from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from tongyuan.facility.permit.report import due, execution_report, period_of


def test_a_quarter_by_hand() -> None:
    months = ["2025-01", "2025-02", "2025-04"]
    emission = pl.DataFrame(
        {
            "facility": "F",
            "month": months,
            "outlet": "A",
            "species": "SO2",
            "mass": [1.0, 2.0, 4.0],
            "method": "monitored",
        }
    )
    hours = pl.DataFrame(
        {
            "facility": "F",
            "month": months[:2],
            "outlet": "A",
            "species": "SO2",
            "hours_valid": [700.0, 300.0],
            "hours_over": [7.0, 3.0],
            "maximum": [40.0, 50.0],
            "mean": [10.0, 20.0],
            "limit": [35.0, 35.0],
        }
    )
    lines = execution_report(emission, hours)
    first, second = lines.to_dicts()
    assert (first["period"], first["emission"], first["maximum"]) == ("2025Q1", 3.0, 50.0)
    assert first["mean"] == pytest.approx(13.0)
    assert first["over_share"] == pytest.approx(0.01)
    assert (second["period"], second["emission"], second["hours_valid"]) == ("2025Q2", 4.0, None)


def test_periods_and_due_days() -> None:
    assert [period_of(f"2025-{m:02d}", "quarter") for m in (3, 4, 12)] == ["2025Q1", "2025Q2", "2025Q4"]
    assert due("2025Q4") == date(2026, 1, 15)
    assert due("2025-01") == date(2025, 2, 10)
    with pytest.raises(ValueError, match="week"):
        period_of("2025-01", "week")
