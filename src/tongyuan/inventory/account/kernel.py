"""The inner loops of encoding and summing, compiled; loaded only where rows are many.

Loading compiled code takes longer than a few thousand rows do without it.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]
_TABLE = 1 << 16
"""Slots of the hash table."""
MOST = _TABLE // 4
"""Distinct views that fit into the table."""


@numba.njit(cache=True, nogil=True)
def code_views(views: npt.NDArray[np.uint64], code: Short, first: Codes) -> int:
    """Number the distinct views in order of appearance; return their count, or −1 when there are too many."""
    size = np.uint64(_TABLE - 1)
    slots = np.full(_TABLE, -1, dtype=np.int32)
    lows, highs = np.empty(_TABLE, dtype=np.uint64), np.empty(_TABLE, dtype=np.uint64)
    count = 0
    for row in range(views.shape[0]):
        low, high = views[row, 0], views[row, 1]
        mixed = (low ^ (high * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xD6E8FEB86659FD93)
        slot = (mixed >> np.uint64(40)) & size
        while True:
            found = slots[slot]
            if found >= 0 and lows[slot] == low and highs[slot] == high:
                code[row] = found
                break
            if found < 0:
                if count == first.shape[0]:
                    return -1
                slots[slot], lows[slot], highs[slot] = count, low, high
                first[count] = row
                code[row] = count
                count += 1
                break
            slot = (slot + np.uint64(1)) & size
    return count


@numba.njit(cache=True, nogil=True)  # one pass: no array of combined codes is made
def accumulate(
    codes: tuple[Short, ...],
    weight: Short,
    value: Floats,
    begin: int,
    end: int,
    total: Floats,
    seen: npt.NDArray[np.bool_],
) -> None:
    """Add the values of rows `begin` to `end` to the totals of their combined codes; mark these as seen."""
    block = 4096
    place = np.empty(block, dtype=np.int32)
    for start in range(begin, end, block):
        count = min(block, end - start)
        place[:count] = 0
        for column in range(len(codes)):
            size = weight[column]
            code = codes[column]
            for row in range(count):
                place[row] += code[start + row] * size
        for row in range(count):
            total[place[row]] += value[start + row]
            seen[place[row]] = True
