from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from tongyuan.facility.hour import gap, kernel
from tongyuan.facility.hour.rules import MISSING, VALID, with_own
from tongyuan.facility.hour.stream import hourly


def _filled(kind: int, row: list[float], state: list[int], tail: list[float]):
    """Fill hours from the 1,000th on by windows of three; `tail` are valid hours from the 100th on."""
    values, month = np.array(row), np.zeros(len(row), np.int8)
    seen, hours = np.zeros(9), np.zeros(9, np.int64)
    seen[: len(tail)], hours[: len(tail)] = tail, np.arange(100, 100 + len(tail))
    table, number = np.zeros((1, 9), np.int64), np.zeros(1)
    count, total = np.zeros((1, 1, 14), np.int64), np.zeros((1, 1, 7))
    rule = np.array([45, 18, 0.9, 0.75, 24, 3, 3, 3])
    status = np.array(state, np.uint8)
    n = gap._fill(
        0,
        kind,
        values,
        status,
        0.95,
        rule,
        month,
        1000,
        seen,
        hours,
        len(tail),
        0,
        table,
        number,
        count,
        total,
    )
    return number[0], table[0], seen[:n].tolist(), hours[:n].tolist()


@pytest.mark.parametrize(
    ("kind", "value"), [(kernel.GAS, 9.0), (kernel.IN_WATER, 5.0), (kernel.ACIDITY, 4.0)]
)
def test_what_a_window_gives_by_kind(kind: int, value: float) -> None:
    lost = [VALID] * 4 + [MISSING] * 3
    got, row, seen, _ = _filled(kind, [100.0, 4.0, 9.0, 2.0, 0.0, 0.0, 0.0], lost, [50.0])
    assert got == value
    assert row[[3, 5, 6]].tolist() == [3, 3, 3]
    assert row[7:].tolist() == [1001, 1003]
    assert seen == [50.0, 100.0, 4.0, 9.0, 2.0]


def test_hours_of_the_quarter_before_stand_in_the_window() -> None:
    got, row, seen, hours = _filled(kernel.GAS, [1.0, 0.0, 7.0], [VALID, MISSING, VALID], [8.0, 3.0, 2.0])
    assert got == 3.0
    assert row[6:].tolist() == [3, 101, 1000]
    assert (seen, hours) == ([8.0, 3.0, 2.0, 1.0, 7.0], [100, 101, 102, 1000, 1002])


def test_a_record_that_begins_with_a_gap_takes_the_hours_after_it() -> None:
    got, row, _, _ = _filled(kernel.IN_WATER, [0.0, 0.0, 4.0, 6.0, 9.0], [MISSING] * 2 + [VALID] * 3, [])
    assert got == 5.0
    assert row[6:].tolist() == [2, 1002, 1003]


@pytest.mark.parametrize(("gap_begins", "expected"), [(2160, 9.0), (2161, 1.0)])
def test_a_whole_quarter_is_carried_on(gap_begins: int, expected: float) -> None:
    hours = [dt.datetime(2025, 1, 1) + dt.timedelta(hours=k) for k in range(2300)]
    key = {"facility": "F", "outlet": "DA001"}
    of = pl.DataFrame({**key, "parameter": ["SO2", "flow"], "role": ["gas", "flow"]})
    rule = with_own(window_short=2160, window_middle=2160, capture_low=0.0, capture_high=0.0)
    value = [9.0] + [1.0] * 2299
    flag = ["M" if gap_begins <= k < gap_begins + 2 else "N" for k in range(2300)]
    rows = pl.concat(
        pl.DataFrame({**key, "parameter": p, "hour": hours, "value": v, "flag": f})
        for p, v, f in (("SO2", value, flag), ("flow", [1e6] * 2300, ["N"] * 2300))
    )
    assert hourly(rows, of, rule=rule).gap["value"].to_list() == [expected]
