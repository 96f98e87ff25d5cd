"""Checks of arrays before a method touches them; they raise findings that say what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tongyuan.ledger.finding import FindingError, finding

ROOM = "synergy"

Floats = NDArray[np.float64]
Codes = NDArray[np.int8]


def as_floats(values: ArrayLike) -> Floats:
    """Return `values` as a float array."""
    return np.asarray(values, dtype=np.float64)


def refuse(check: str, **values: Any) -> FindingError:
    """Return the error of check `check`, ready to be raised."""
    return FindingError([finding(ROOM, check, **values)])


def finite(values: ArrayLike, name: str) -> Floats:
    """Return `values` as a float array; raise when any of them is missing or infinite."""
    array = np.asarray(values, dtype=np.float64)
    bad = int(np.size(array) - np.count_nonzero(np.isfinite(array)))
    if bad:
        raise refuse("not_finite", name=name, count=bad)
    return array


def not_negative(values: ArrayLike, name: str) -> Floats:
    """Return `values` as a finite float array; raise when any of them is below zero."""
    array = finite(values, name)
    bad = int(np.count_nonzero(array < 0))
    if bad:
        raise refuse("negative", name=name, count=bad)
    return array


def weights(values: ArrayLike, count: int) -> Floats:
    """Return `values` as weights that sum to one; raise unless there are `count` of them, none negative."""
    array = not_negative(values, "weight")
    if array.shape[-1] != count:
        raise refuse("weight_count", given=array.shape[-1], expected=count)
    total = array.sum(axis=-1, keepdims=True)
    if np.any(total <= 0):
        raise refuse("weight_zero")
    return np.asarray(array / total, dtype=np.float64)
