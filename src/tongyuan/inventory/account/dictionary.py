"""Dictionary encoding of one column: the code of each row and the sorted distinct values.

A text column is encoded from its Arrow string views: sixteen bytes per row that hold a short text itself, or
point to a longer one. Equal views are equal texts, so one hash table over the views does it, without
touching the texts; where a column has very many views it is made categorical instead.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.table import LIST, join_list, split_list

Codes = npt.NDArray[np.int64]
Short = npt.NDArray[np.int32]
_FEW = 50_000
"""Rows below which a column is encoded by sorting: compiled code takes longer to load than that."""


class _Array(ctypes.Structure):
    """ArrowArray of the Arrow C data interface."""


_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.c_void_p),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))),
    ("private_data", ctypes.c_void_p),
]


class _Stream(ctypes.Structure):
    """ArrowArrayStream of the Arrow C stream interface."""

    _fields_ = (
        ("get_schema", ctypes.c_void_p),
        ("get_next", ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))),
        ("get_last_error", ctypes.c_void_p),
        ("release", ctypes.c_void_p),
        ("private_data", ctypes.c_void_p),
    )


_POINTER = ctypes.pythonapi.PyCapsule_GetPointer
_POINTER.restype, _POINTER.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def _by_views(series: pl.Series) -> tuple[Short, Codes] | None:
    """Return the code of each row and a row for each code, from the string views of one chunk."""
    from tongyuan.inventory.account.kernel import MOST, code_views

    capsule: Any = series.__arrow_c_stream__()
    address = _POINTER(capsule, b"arrow_array_stream")
    stream = _Stream.from_address(address)
    array = _Array()
    if stream.get_next(address, ctypes.byref(array)) or not array.release:
        return None
    try:
        if array.length != len(series) or array.null_count > 0 or array.n_buffers < 3:
            return None
        start = int(array.buffers[1]) + 16 * array.offset
        memory = (ctypes.c_uint64 * (2 * array.length)).from_address(start)
        views = np.frombuffer(memory, dtype=np.uint64).reshape(-1, 2)
        code, first = np.empty(array.length, dtype=np.int32), np.empty(MOST, dtype=np.int64)
        count = code_views(views, code, first)
        return None if count < 0 else (code, first[:count])
    finally:
        array.release(ctypes.byref(array))


def _renumber(code: Short, values: pl.Series) -> tuple[Short, pl.Series]:
    """Return `code` rewritten by sorted distinct values; `values` may name one value twice."""
    names = values.unique().sort()
    place = names.search_sorted(values).to_numpy().astype(np.int32)
    return place[code], names


def _by_category(series: pl.Series) -> tuple[Short, pl.Series]:
    physical = series.to_physical().to_numpy()
    last = np.full(int(physical.max()) + 1 if len(physical) else 0, -1, dtype=np.int64)
    last[physical] = np.arange(len(physical))
    present = np.flatnonzero(last >= 0)
    place = np.zeros(len(last), dtype=np.int32)
    place[present] = np.arange(len(present))
    return _renumber(place[physical], series.gather(last[present]).cast(pl.String))


def _integers(series: pl.Series) -> tuple[Short, pl.Series]:
    if series.null_count():
        raise ValueError(f"column {series.name!r} has missing values")
    low, high = series.min(), series.max()
    if isinstance(low, int) and isinstance(high, int) and high - low < 1_000_000:
        offset = series.to_numpy().astype(np.int64) - low
        present = np.bincount(offset, minlength=high - low + 1) > 0
        place = (np.cumsum(present) - 1).astype(np.int32)
        return place[offset], pl.Series(series.name, np.flatnonzero(present) + low, dtype=series.dtype)
    names = series.unique().sort()
    return np.searchsorted(names.to_numpy(), series.to_numpy()).astype(np.int32), names


def _worded(series: pl.Series, form: Callable[[pl.Expr], pl.Expr]) -> pl.Series:
    return series.to_frame().select(form(pl.first()))[series.name]


def dictionary(series: pl.Series) -> tuple[Short, pl.Series]:
    """Return the code of each row of `series` and its sorted distinct values.

    Parameters
    ----------
    series
        Integers without nulls, or text or categories, whose nulls count as empty text, or lists of words,
        whose nulls count as empty lists.

    Raises
    ------
    ValueError
        If an integer column has nulls.
    """
    if series.dtype.is_integer():
        return _integers(series)
    if series.dtype == LIST:
        code, names = dictionary(_worded(series, join_list))
        return code, _worded(names, split_list)
    if series.null_count():
        series = series.cast(pl.String).fill_null("")
    if isinstance(series.dtype, pl.Categorical):
        code, names = _by_category(series)
        return code, names.alias(series.name)
    text = series.cast(pl.String).rechunk()
    if len(text) < _FEW:
        names = text.unique().sort()
        return names.search_sorted(text).to_numpy().astype(np.int32), names
    found = _by_views(text) if len(text) else None
    if found is None:
        code, names = _by_category(text.cast(pl.Categorical))
    else:
        code, names = _renumber(found[0], text.gather(found[1]))
    return code, names.alias(series.name)
