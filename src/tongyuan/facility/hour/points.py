"""Points of measurement: which parameters an outlet has and what each is to it, as arrays for the kernel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.facility.hour.rules import FLOW, GAS, ROLES, WATER_FLOW

KEY = ("facility", "outlet", "parameter")

COLUMNS: dict[str, pl.DataType] = {
    "facility": pl.String(),
    "outlet": pl.String(),
    "parameter": pl.String(),
    "role": pl.String(),
    "scale": pl.Float64(),
    "wet": pl.Boolean(),
    "actual": pl.Boolean(),
    "oxygen_reference": pl.Float64(),
    "limit": pl.Float64(),
    "part_of": pl.String(),
    "begin": pl.Datetime("us"),
    "end": pl.Datetime("us"),
}
"""Columns of a frame of points; all but the first four may be left out.

`scale` brings a value to mg/m3 (mg/L, m3/h); `wet` and `actual` tell that the value is of wet gas, and at the
temperature and pressure of the stack; `part_of` names the parameter a part (NO, NO2) is added into.
"""
DEFAULTS = {"scale": 1.0, "wet": False, "actual": False, "part_of": ""}


@dataclass(frozen=True)
class Points:
    """Arrays of all parameters, those of one outlet side by side, in the order of their names."""

    frame: pl.DataFrame
    starts: npt.NDArray[np.int64]
    role: npt.NDArray[np.int64]
    scale: npt.NDArray[np.float64]
    wet: npt.NDArray[np.bool_]
    actual: npt.NDArray[np.bool_]
    reference: npt.NDArray[np.float64]
    limit: npt.NDArray[np.float64]
    part_of: npt.NDArray[np.int64]

    @property
    def size(self) -> int:
        """Number of parameters of all outlets."""
        return self.frame.height


class PointError(ValueError):
    """Raised where points cannot be worked: names the outlet and the parameter."""


def points(frame: pl.DataFrame) -> Points:
    """Return `frame` as arrays.

    Raises
    ------
    PointError
        If a role is unknown, a parameter stands twice at one outlet, an outlet has two flows, a part belongs
        to nothing, or a scale is not above zero.
    """
    whole = frame.with_columns(
        pl.lit(DEFAULTS.get(name), dtype=kind).alias(name)
        for name, kind in COLUMNS.items()
        if name not in frame
    ).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    whole = whole.with_columns(pl.col(name).fill_null(value) for name, value in DEFAULTS.items())
    whole = whole.sort(*KEY)
    bad = whole.filter(~pl.col("role").is_in(ROLES))
    _refuse(bad, "the role {role} is not one of " + ", ".join(ROLES))
    _refuse(whole.filter(pl.struct(*KEY).is_duplicated()), "stands twice")
    _refuse(whole.filter(~(pl.col("scale") > 0)), "the scale {scale} is not above zero")
    single = whole.filter(~pl.col("role").is_in(["gas", "water", "acidity", "part"]))
    _refuse(
        single.filter(pl.struct("facility", "outlet", "role").is_duplicated()),
        "the outlet has two of role {role}",
    )
    index = {key: i for i, key in enumerate(whole.select(*KEY).iter_rows())}
    part = np.full(whole.height, -1, np.int64)
    named = whole.select("facility", "outlet", "part_of", "role").iter_rows()
    for i, (facility, outlet, target, role) in enumerate(named):
        if bool(target) != (role == "part") or (target and (facility, outlet, target) not in index):
            _refuse(whole[i], "a part names the parameter of its outlet it is added into: {part_of}")
        if target:
            part[i] = index[facility, outlet, target]
    outlets = whole.select(pl.struct("facility", "outlet").rle_id()).to_series().cast(pl.Int64).to_numpy()
    starts = np.append(np.flatnonzero(np.diff(outlets, prepend=-1)), whole.height).astype(np.int64)
    order = {role: i for i, role in enumerate(ROLES)}
    return Points(
        whole,
        starts,
        np.array([order[role] for role in whole["role"]], np.int64),
        whole["scale"].to_numpy().copy(),
        whole["wet"].to_numpy().copy(),
        whole["actual"].to_numpy().copy(),
        whole["oxygen_reference"].fill_null(float("nan")).to_numpy().copy(),
        whole["limit"].fill_null(float("nan")).to_numpy().copy(),
        part,
    )


def _refuse(bad: pl.DataFrame, why: str) -> None:
    for row in bad.head(1).to_dicts():
        raise PointError(f"{row['facility']} {row['outlet']} {row['parameter']}: " + why.format(**row))


def with_flow(p: Points) -> npt.NDArray[np.bool_]:
    """Return for every parameter whether it is a pollutant whose outlet measures the flow, shape [size]."""
    result = np.zeros(p.size, np.bool_)
    for first, last in zip(p.starts[:-1], p.starts[1:], strict=True):
        flows = set(p.role[first:last].tolist())
        for s in range(first, last):
            result[s] = FLOW in flows if p.role[s] == GAS else WATER_FLOW in flows
    return result


def quarter_of(moment: datetime) -> datetime:
    """Return the first hour of the quarter `moment` lies in."""
    return datetime(moment.year, 3 * ((moment.month - 1) // 3) + 1, 1)


def quarter_after(start: datetime) -> datetime:
    """Return the first hour of the quarter after the one that begins at `start`."""
    return datetime(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
