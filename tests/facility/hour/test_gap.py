from __future__ import annotations

import numpy as np
import pytest

from tongyuan.facility.hour import gap, kernel
from tongyuan.facility.hour.rules import MISSING, VALID


@pytest.mark.parametrize(
    ("kind", "value"), [(kernel.GAS, 9.0), (kernel.IN_WATER, 5.0), (kernel.ACIDITY, 4.0)]
)
def test_what_a_window_gives_by_kind(kind: int, value: float) -> None:
    row = np.array([100.0, 4.0, 9.0, 2.0, 0.0])
    status = np.array([VALID, VALID, VALID, VALID, MISSING], np.uint8)
    found = np.zeros(3, np.int64)
    nothing = np.zeros(kernel.TAIL)
    got = gap._window(row, status, 4, 3, kind, nothing, nothing.astype(np.int64), 0, 1000, found)
    assert got == value
    assert found.tolist() == [3, 1001, 1003]


def test_carry_shifts_old_hours_out() -> None:
    tail, hours = np.zeros(kernel.TAIL), np.zeros(kernel.TAIL, np.int64)
    size = gap._carry(np.arange(3.0), np.full(3, VALID, np.uint8), 100, tail, hours, 0)
    assert size == 3
    assert tail[-3:].tolist() == [0.0, 1.0, 2.0]
    size = gap._carry(np.array([9.0, 8.0]), np.array([VALID, MISSING], np.uint8), 200, tail, hours, size)
    assert size == 4
    assert tail[-4:].tolist() == [0.0, 1.0, 2.0, 9.0]
    assert hours[-4:].tolist() == [100, 101, 102, 200]
    full = gap._carry(
        np.arange(kernel.TAIL * 1.0), np.full(kernel.TAIL, VALID, np.uint8), 300, tail, hours, size
    )
    assert full == kernel.TAIL
    assert tail[0] == 0.0
    assert tail[-1] == kernel.TAIL - 1
