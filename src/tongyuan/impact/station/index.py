"""Comprehensive index of ambient air: what cities are ranked by."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from tongyuan.reference.shelf import shelf

Array = npt.NDArray[np.float64]


class Part(NamedTuple):
    """What a pollutant adds to the index: its weight, its limit and the statistic that is set against it."""

    weight: float
    limit: float
    statistic: str
    status: str


@cache
def parts(rule: str) -> dict[str, Part]:
    """Return the parts of the index by pollutant.

    Raises
    ------
    KeyError
        If the shelf has no such rule.
    """
    rows = [row for row in shelf("air_index").iter_rows(named=True) if row["rule"] == rule]
    if not rows:
        raise KeyError(f"no comprehensive index {rule}")
    return {
        r["pollutant"]: Part(float(r["weight"]), float(r["limit"]), r["statistic"], r["status"]) for r in rows
    }


def index_comprehensive(values: Mapping[str, npt.ArrayLike], rule: str = "2013") -> Array:
    """Return the comprehensive index ``Σ w · C / S`` over six pollutants.

    Parameters
    ----------
    values : mapping of pollutant to array, shape (...) [ug/m3; CO mg/m3]
        Annual means of SO2, NO2, PM10 and PM2.5, 95th percentile of CO, 90th of O3.
    rule : str
        ``2013``, or ``2026-transition`` (weights not read in print).

    Returns
    -------
    array, shape (...) [1]
        NaN where one of the six is missing.

    References
    ----------
    HJ 663-2013, annual evaluation; ranking of cities since 2018.
    """
    found = [
        p.weight * np.asarray(values[name], dtype=np.float64) / p.limit for name, p in parts(rule).items()
    ]
    return np.asarray(np.sum(np.stack(np.broadcast_arrays(*found)), axis=0))
