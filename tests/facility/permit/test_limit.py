from __future__ import annotations

from datetime import date

import polars as pl

from tongyuan.facility.permit.limit import limit_tonnes, on_day, performance_tonnes


def test_arithmetic_of_vector_perm_01() -> None:
    assert performance_tonnes(600, 0.15) == 495


def test_arithmetic_of_vector_perm_02() -> None:
    assert round(limit_tonnes(2_000_000, 2500, 50), 9) == 250


def test_the_limit_is_that_of_the_day() -> None:
    limits = pl.DataFrame(
        {
            "facility": "F",
            "outlet": "A",
            "species": "SO2",
            "period": ["year", "year", "hour"],
            "value": [100.0, 80.0, 35.0],
            "unit": ["t/a", "t/a", "mg/m3"],
            "date_from": [date(2020, 1, 1), date(2025, 7, 1), date(2020, 1, 1)],
            "date_to": [None, None, None],
        },
        schema_overrides={"date_to": pl.Date},
    )
    assert on_day(limits, "year", date(2025, 6, 30))["value"].to_list() == [100.0]
    assert on_day(limits, "year", date(2025, 7, 1))["value"].to_list() == [80.0]
    assert on_day(limits, "year", date(2019, 1, 1)).is_empty()
