from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest
from tests.facility.hour.conftest import series

from tongyuan.facility.hour.points import points
from tongyuan.facility.hour.quarter import Carry, Quarter, ReadingError, since
from tongyuan.facility.hour.rules import STOPPED, VALID, rules


def test_a_quarter_has_its_hours(stack_points: pl.DataFrame) -> None:
    quarter = Quarter(points(stack_points), rules(), datetime(2024, 1, 1))
    assert quarter.values.shape == (3, 24 * (31 + 29 + 31))
    assert since(datetime(1970, 1, 2, 3)) == 27


def test_rows_of_another_quarter_are_counted_and_not_written(stack_points: pl.DataFrame) -> None:
    quarter = Quarter(points(stack_points), rules(), datetime(2025, 1, 1))
    quarter.add(series("SO2", [1.0, 2.0], start="2025-03-31T23:00"))
    assert quarter.far.sum() == 1
    assert (quarter.state == VALID).sum() == 1


def test_a_mark_of_a_time_must_be_a_mark(stack_points: pl.DataFrame) -> None:
    quarter = Quarter(points(stack_points), rules(), datetime(2025, 1, 1))
    span = {
        "facility": ["F"],
        "outlet": ["A"],
        "parameter": [""],
        "time_from": [datetime(2025, 1, 1)],
        "time_to": [datetime(2025, 1, 2)],
    }
    quarter.span(pl.DataFrame({**span, "mark": ["F"]}))
    assert (quarter.state == STOPPED).sum() == 3 * 24
    with pytest.raises(ReadingError, match="mark"):
        quarter.span(pl.DataFrame({**span, "mark": ["?"]}))


def test_the_carry_keeps_the_last_valid_hours(stack_points: pl.DataFrame) -> None:
    p = points(stack_points)
    carry = Carry.empty(p.size)
    quarter = Quarter(p, rules(), datetime(2025, 1, 1))
    for parameter, value in (("SO2", 7.0), ("flow", 1e6), ("O2", 6.0)):
        quarter.add(series(parameter, [value, value + 1]))
    quarter.limit_to(datetime(2025, 1, 1), datetime(2025, 1, 1, 2))
    quarter.work(carry)
    assert carry.size.tolist() == [0, 2, 0]
    assert carry.value[1, :2].tolist() == [7.0, 8 * (1e6 + 1) * 1e-6]
    assert carry.hour[1, 1] == since(datetime(2025, 1, 1, 1))


def test_rows_in_any_chunks_are_the_same_rows(stack_points: pl.DataFrame) -> None:
    whole = pl.concat(series(p, [v, v + 1, v + 2]) for p, v in (("SO2", 7.0), ("flow", 1e6), ("O2", 6.0)))
    cuts = [whole[:2], whole[2:2], whole[2:4], whole[4:].filter(pl.col("value") < 0), whole[4:]]
    states = []
    for rows in (whole.rechunk(), pl.concat(cuts, rechunk=False)):
        quarter = Quarter(points(stack_points), rules(), datetime(2025, 1, 1))
        quarter.add(rows)
        states.append((quarter.state[:, :4].tolist(), quarter.values[:, :3].tolist()))
    assert states[0] == states[1]
    assert states[0][1][1] == [7.0, 8.0, 9.0]
