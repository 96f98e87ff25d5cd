from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.facility.hour.conftest import series

from tongyuan.facility.hour.law import hourly_limits, in_condition, in_marks
from tongyuan.facility.hour.stream import hourly
from tongyuan.ledger.table import empty

NAMED = {"facility": "F", "outlet": "A", "species": "SO2", "period": "hour", "unit": "mg/m3"}


def limits(*rows: dict[str, object]) -> pl.DataFrame:
    schema = empty("permit_limit").schema
    return pl.DataFrame([{**dict.fromkeys(schema), **NAMED, **row} for row in rows], schema)


def of_points(stack_points: pl.DataFrame, *rows: dict[str, object]) -> pl.DataFrame:
    kinds = pl.Series("species", ["SO2", "", ""])
    found, wrong = hourly_limits(stack_points.with_columns(kinds), limits(*rows))
    assert wrong == []
    return found


def stack(gas: list[float], **more: list[object]) -> pl.DataFrame:
    rows = pl.concat(
        [series("SO2", list(gas)), series("flow", [1e6] * len(gas)), series("O2", [6.0] * len(gas))]
    )
    return rows.with_columns(pl.Series(n, v * 3, pl.String) for n, v in more.items())


def test_a_limit_holds_on_its_days(stack_points: pl.DataFrame) -> None:
    """40 mg/m3 for three days under 50 up to the first, 35 from the second on: 48 hours over, one lowest."""
    dated = of_points(
        stack_points,
        {"value": 50.0, "date_to": date(2025, 1, 1)},
        {"value": 0.035, "unit": "g/m3", "date_from": date(2025, 1, 2)},
    )
    month = hourly(stack([40.0] * 72), stack_points, limits=dated).month
    assert month["over"].to_list() == [48]
    assert month["days_over"].to_list() == [2]
    assert month["limit"].to_list() == [pytest.approx(35.0)]


def test_of_two_limits_the_later_holds_and_days_without_one_have_none(stack_points: pl.DataFrame) -> None:
    dated = of_points(
        stack_points,
        {"value": 30.0, "date_from": date(2025, 1, 2), "date_to": date(2025, 1, 3)},
        {"value": 45.0, "date_from": date(2025, 1, 3), "date_to": date(2025, 1, 3)},
    )
    month = hourly(stack([40.0] * 96), stack_points, limits=dated).month
    assert month["over"].to_list() == [24]


def test_a_limit_that_is_no_concentration_is_named(stack_points: pl.DataFrame) -> None:
    points = stack_points.with_columns(pl.Series("species", ["SO2", "", ""]))
    found, wrong = hourly_limits(points, limits({"value": 3.0, "unit": "kg/h"}))
    assert found.is_empty()
    assert wrong == [("F", "A", "SO2", "kg/h")]


@settings(max_examples=20, deadline=None)
@given(start=st.integers(1, 20), length=st.integers(1, 12), allowed=st.integers(0, 12))
def test_a_start_is_exempt_as_long_as_the_permit_says(start: int, length: int, allowed: int) -> None:
    points = pl.DataFrame({"facility": ["F"], "outlet": ["A"], "parameter": ["SO2"], "role": ["gas"]})
    dated, _ = hourly_limits(
        points.with_columns(species=pl.lit("SO2")), limits({"value": 35.0, "start_hours": float(allowed)})
    )
    said = [
        "start" if start <= k < start + length else "fault" if k > start + length else None for k in range(40)
    ]
    rows = series("SO2", [50.0] * 40).with_columns(pl.Series("condition", said, pl.String))
    month = hourly(in_condition(rows, dated), points, limits=dated).month
    exempt = min(length, allowed) + (40 - start - length - 1)
    assert (month["over_exempt"][0], month["over"][0]) == (exempt, 40 - exempt)


def test_each_start_has_its_own_hours_and_without_hours_all_are_exempt(stack_points: pl.DataFrame) -> None:
    said: list[object] = ["start"] * 5 + [None] * 3 + ["start"] * 5
    rows = stack([50.0] * 13, condition=said)
    two = of_points(stack_points, {"value": 35.0, "start_hours": 2.0, "stop_hours": 1.0})
    assert hourly(in_condition(rows, two), stack_points, limits=two).month["over_exempt"].to_list() == [4]
    free = of_points(stack_points, {"value": 35.0})
    assert in_condition(rows, free).equals(rows)


def test_a_mark_of_a_stop_ends_with_its_hours_and_others_go_on() -> None:
    begin = datetime(2025, 1, 1, 8)
    mark = pl.DataFrame(
        {
            "facility": ["F"] * 3,
            "outlet": ["A"] * 3,
            "parameter": pl.Series([None, None, None], dtype=pl.String),
            "time_from": [begin] * 3,
            "time_to": [begin + timedelta(hours=12), None, begin + timedelta(hours=9)],
            "mark": ["停机过程", "启炉", "故障"],
        }
    )
    points = pl.DataFrame(
        {
            "facility": ["F"] * 2,
            "outlet": ["A"] * 2,
            "parameter": ["SO2", "NOx"],
            "role": ["gas"] * 2,
            "species": ["SO2", "NOx"],
        }
    )
    dated, _ = hourly_limits(
        points,
        limits({"value": 35.0, "stop_hours": 8.0, "start_hours": 4.0}, {"value": 50.0, "species": "NOx"}),
    )
    spans = {
        (r["parameter"], r["mark"]): None if r["time_to"] is None else (r["time_to"] - begin).seconds / 3600
        for r in in_marks(mark, dated).to_dicts()
    }
    assert spans == {
        ("SO2", "停机过程"): 8.0,
        ("NOx", "停机过程"): 12.0,
        ("SO2", "启炉"): 4.0,
        ("NOx", "启炉"): None,
        (None, "故障"): 9.0,
    }
