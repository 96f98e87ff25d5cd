"""One quarter of readings as dense arrays: rows in any order come in, months and filled hours go out."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.facility.hour import gap as gap_kernel
from tongyuan.facility.hour import kernel
from tongyuan.facility.hour.points import KEY, Points, quarter_after, with_flow
from tongyuan.facility.hour.rules import (
    ABSENT,
    EXEMPT,
    MARKS,
    MISSING,
    OUT,
    RULE_NAMES,
    STATE_OF_MARK,
    STOPPED,
    VALID,
    Rules,
)

EPOCH = datetime(1970, 1, 1)
HOUR = timedelta(hours=1)
MARK_TYPE = pl.Enum(MARKS)
STATES = np.array([STATE_OF_MARK.get(mark, MISSING) for mark in MARKS], np.uint8)
REPORTED = ("gas", "water", "acidity", "water_flow")


class ReadingError(ValueError):
    """Raised where readings cannot be taken as they are; `what` names why, `values` where and how many."""

    def __init__(self, what: str, **values: object) -> None:
        self.what, self.values = what, values
        super().__init__(f"{what}: " + ", ".join(f"{k} {v}" for k, v in values.items()))


STILL = ("stopped",)
FREE = ("start", "stop", "fault")
"""Conditions of the plant in which it stands still, and in which an hourly limit may not bind."""


def _with_condition(code: npt.NDArray[np.uint8], condition: pl.Series) -> npt.NDArray[np.uint8]:
    text = condition.cast(pl.String)
    still, free = text.is_in(STILL).fill_null(False).to_numpy(), text.is_in(FREE).fill_null(False).to_numpy()
    code = np.where(still, np.uint8(STOPPED), code)
    return np.where(free & (code == VALID), np.uint8(EXEMPT), code)


def _codes(mark: pl.Series) -> npt.NDArray[np.uint8]:
    """Return the state of every row's mark; without a mark a row is normal."""
    code: npt.NDArray[np.uint8] = np.full(mark.len(), STATE_OF_MARK["N"], np.uint8)
    if mark.dtype == MARK_TYPE:
        code = STATES[mark.fill_null("N").to_physical().to_numpy()]
        return code
    # nearly all rows are normal: only the others are looked up
    text = mark.cast(pl.String)
    at = (text != "N").arg_true()
    at = at.filter(text.gather(at) != "")
    others = text.gather(at)
    coded = others.cast(MARK_TYPE, strict=False)
    unknown = others.filter(coded.is_null())
    if unknown.len():
        raise ReadingError("mark", marks=sorted(set(unknown)), rows=unknown.len())
    code[at.to_numpy()] = STATES[coded.to_physical().to_numpy()]
    return code


def _changes(key: pl.Series) -> npt.NDArray[np.int64]:
    """Return the rows whose key is not that of the row before, and the first row of every chunk."""
    found, offset = [], 0
    for chunk in key.get_chunks():
        changed = chunk.slice(1).ne_missing(chunk.head(-1)).arg_true()
        found.append(np.append(-1, changed.to_numpy().astype(np.int64)) + (offset + 1))
        offset += chunk.len()
    return np.concatenate(found)


def since(moment: datetime) -> int:
    """Return the hours from 1970 to `moment`."""
    return int((moment - EPOCH) / HOUR)


@dataclass
class Carry:
    """What a quarter hands on to the next: the last valid hours of every parameter."""

    value: npt.NDArray[np.float64]
    hour: npt.NDArray[np.int64]
    size: npt.NDArray[np.int64]

    @classmethod
    def empty(cls, size: int) -> Carry:
        """Return a carry without hours for `size` parameters."""
        shape = (size, kernel.TAIL)
        return cls(np.empty(shape), np.empty(shape, np.int64), np.zeros(size, np.int64))


@dataclass
class Quarter:
    """The dense arrays of one quarter.

    Attributes
    ----------
    values, state
        One row for each parameter, one column for each hour from `start`.
    strange
        Readings of parameters that are no points: (facility, outlet, parameter) → rows.
    limit
        The limit that holds, one column for each day.
    day_mean, day_mass
        After :meth:`work`: the mean of every valid day and the kilograms of every day, one column a day.
    """

    points: Points
    rules: Rules
    start: datetime
    values: npt.NDArray[np.float64] = field(init=False)
    state: npt.NDArray[np.uint8] = field(init=False)
    double: npt.NDArray[np.int64] = field(init=False)
    far: npt.NDArray[np.int64] = field(init=False)
    limit: npt.NDArray[np.float64] = field(init=False)
    day_mean: npt.NDArray[np.float64] = field(init=False)
    day_mass: npt.NDArray[np.float64] = field(init=False)
    strange: dict[tuple[str, ...], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        width = since(quarter_after(self.start)) - since(self.start)
        size = self.points.size
        self.values = np.full((size, width), np.nan)
        self.state = np.full((size, width), ABSENT, np.uint8)
        self.double, self.far = np.zeros(size, np.int64), np.zeros(size, np.int64)
        self.limit = np.repeat(self.points.limit[:, None], width // 24, axis=1)
        self.day_mean, self.day_mass = np.full(self.limit.shape, np.nan), np.zeros(self.limit.shape)

    def dated(self, limits: pl.DataFrame) -> None:
        """Take the limits that hold on each day: `facility, outlet, parameter, date_from, date_to, limit`.

        Of two on one day the one that stands later holds. A point that is named has no limit on other days.
        """
        index = self.points.frame.select(*KEY).with_row_index("series")
        placed = limits.join(index, on=KEY, how="inner", maintain_order="left")
        self.limit[placed["series"].unique().to_numpy()] = np.nan
        first, days = self.start.date(), self.limit.shape[1]
        for s, begin, end, value in placed.select("series", "date_from", "date_to", "limit").iter_rows():
            a = 0 if begin is None else max(0, (begin - first).days)
            b = days if end is None else min(days, (end - first).days + 1)
            self.limit[s, a : max(a, b)] = value

    def add(self, rows: pl.DataFrame) -> None:
        """Write readings into their places: `facility, outlet, parameter, hour, value, flag`.

        `minutes` and `condition` are read where they are known; a condition goes before the flag where it
        says that the plant stands still or that the hour is exempt.

        Raises
        ------
        ReadingError
            If a mark is unknown, or a time is not a full hour.
        """
        if rows.is_empty():
            return
        code = _codes(rows["flag"])
        if "condition" in rows.columns:
            code = _with_condition(code, rows["condition"])
        hour = rows["hour"].cast(pl.Datetime("us"))
        series, begins = self._series(rows)
        bad = kernel.scatter(
            self.values,
            self.state,
            series,
            begins,
            hour.to_physical().fill_null(1).to_numpy(),
            since(self.start),
            rows["value"].cast(pl.Float64).fill_null(float("nan")).to_numpy(),
            code,
            rows["minutes"].cast(pl.Float64).fill_null(60.0).to_numpy()
            if "minutes" in rows.columns
            else np.empty(0),
            self.rules.hour_minutes,
            self.double,
            self.far,
        )
        if bad >= 0:
            full = (hour.dt.truncate("1h") == hour).fill_null(False)
            raise ReadingError("hour", rows=int((~full).sum()), example=rows["hour"][int(bad)])

    def _series(self, rows: pl.DataFrame) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Return each run's parameter, −1 where it is no point, and the rows the runs begin and end with."""
        begins = np.unique(np.concatenate([*(_changes(rows[name]) for name in KEY), [rows.height]]))
        keys = rows.select(*KEY)[begins[:-1]].select(pl.all().cast(pl.String))
        known = self.points.frame.select(*KEY).with_row_index("series")
        found = keys.join(known, on=KEY, how="left", maintain_order="left")["series"]
        lost = found.is_null()
        many = np.diff(begins)[lost.to_numpy()]
        for key, count in zip(keys.filter(lost).iter_rows(), many.tolist(), strict=True):
            self.strange[key] = self.strange.get(key, 0) + count
        return found.cast(pl.Int64).fill_null(-1).to_numpy(), begins

    def span(self, marks: pl.DataFrame) -> None:
        """Lay marks of times (`facility, outlet, parameter, time_from, time_to, mark`) over the hours.

        Without a parameter a mark is one of the whole outlet, without an end it still lasts. An hour a mark
        touches has it, the end is exclusive; an exemption touches valid hours only.
        """
        first = since(self.start)
        index = self.points.frame.select(*KEY).with_row_index("series")
        named = marks.select(*KEY, "time_from", "time_to", "mark")
        for facility, outlet, parameter, begin, end, mark in named.iter_rows():
            if mark not in MARKS:
                raise ReadingError("mark", marks=[mark], rows=1)
            width = self.state.shape[1]
            a = 0 if begin is None else max(0, since(begin) - first)
            b = width if end is None else min(width, -((EPOCH - end) // HOUR) - first)
            if a >= b:
                continue
            chosen = index.filter((pl.col("facility") == facility) & (pl.col("outlet") == outlet))
            if parameter:
                chosen = chosen.filter(pl.col("parameter") == parameter)
            what = STATE_OF_MARK.get(mark, MISSING)
            for s in chosen["series"]:
                part = self.state[s, a:b]
                if what == EXEMPT:
                    part[part == VALID] = EXEMPT
                elif what != VALID:
                    part[part != STOPPED if what in (MISSING, OUT) else np.ones(b - a, bool)] = what

    def limit_to(self, begin: datetime, end: datetime) -> None:
        """Leave out hours outside [`begin`, `end`) and outside the time each parameter is to be measured."""
        first, width = since(self.start), self.state.shape[1]
        for s, (own_begin, own_end) in enumerate(self.points.frame.select("begin", "end").iter_rows()):
            a = since(max(begin, own_begin or begin)) - first
            b = since(min(end, own_end or end)) - first
            if a > 0:
                self.state[s, : min(a, width)] = kernel.OUTSIDE
            if b < width:
                self.state[s, max(b, 0) :] = kernel.OUTSIDE

    def work(self, carry: Carry) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Convert, fill and sum up the quarter; `carry` is brought up to its end.

        Returns
        -------
        month
            One row for each reported parameter and month: hours by kind, means, masses [kg] before and after.
            Here and in `gap` the parameter is named by its row of the points, `series`.
        gap
            One row for each gap: its hours, rule, window and value.
        """
        p, size = self.points, self.points.size
        ends = [since(quarter_after(self.start))]
        middle = [datetime(self.start.year, self.start.month + k, 1) for k in (1, 2)]
        bounds = [since(self.start), *map(since, middle), *ends]
        month = np.repeat(np.arange(3, dtype=np.int8), np.diff(bounds))
        count = np.zeros((size, 3, len(kernel.COUNTS)), np.int64)
        total = np.zeros((size, 3, len(kernel.SUMS)))
        gaps, rule = np.zeros(size, np.int64), np.array(self.rules.array())
        scale = p.scale.copy()
        self._share(
            kernel.prepare,
            p.starts,
            self.values,
            self.state,
            p.role,
            scale,
            p.wet,
            p.actual,
            p.reference,
            self.limit,
            p.part_of,
            month,
            rule,
            self.day_mean,
            count,
            total,
            gaps,
        )
        at = np.cumsum(gaps) - gaps
        gap, number = np.zeros((int(gaps.sum()), 9), np.int64), np.zeros(int(gaps.sum()))
        capture = np.full(size, np.nan)
        self._share(
            gap_kernel.fill,
            p.starts,
            self.values,
            self.state,
            p.role,
            self.limit,
            month,
            rule,
            bounds[0],
            carry.value,
            carry.hour,
            carry.size,
            at,
            gap,
            number,
            capture,
            self.day_mean,
            self.day_mass,
            count,
            total,
        )
        return self._months(count, total, capture), self._gaps(gap, number, capture)

    def _share(self, run: Callable[..., None], *arrays: Any) -> None:
        """Work blocks of outlets in threads; no two threads touch one row."""
        outlets = self.points.starts.size - 1
        workers = max(1, min(os.cpu_count() or 1, outlets))
        cuts = np.linspace(0, outlets, workers + 1).astype(np.int64)
        with ThreadPoolExecutor(workers) as pool:
            for done in [pool.submit(run, a, b, *arrays) for a, b in pairwise(cuts)]:
                done.result()

    def _months(
        self, count: npt.NDArray[np.int64], total: npt.NDArray[np.float64], capture: npt.NDArray[np.float64]
    ) -> pl.DataFrame:
        names = [f"{self.start.year}-{self.start.month + k:02d}" for k in range(3)]
        size = self.points.size
        series = np.repeat(np.arange(size), 3)
        frame = pl.DataFrame({"series": series}).with_columns(
            self.points.frame["role"].gather(series),
            pl.Series("month", names * size, dtype=pl.String),
            pl.Series("capture", np.repeat(capture, 3)).fill_nan(None),
            pl.Series("has_flow", np.repeat(with_flow(self.points), 3)),
            pl.Series("limit", self._strictest().reshape(-1)).fill_nan(None),
            *(pl.Series(n, count[:, :, k].reshape(-1)) for k, n in enumerate(kernel.COUNTS)),
            *(pl.Series(f"_{n}", total[:, :, k].reshape(-1)) for k, n in enumerate(kernel.SUMS)),
        )
        some = pl.col("converted") > 0
        mass = pl.col("has_flow") & pl.col("role").is_in(["gas", "water"])
        conc = pl.col("role").is_in(["gas"]) & (pl.col("valid") > 0)
        return frame.filter(pl.col("role").is_in(REPORTED) & (pl.col("hours") > 0)).select(
            "series",
            "month",
            "capture",
            "limit",
            *(n for n in kernel.COUNTS),
            pl.when(some).then(pl.col("_converted") / pl.col("converted")).alias("mean"),
            pl.when(some).then("_converted_max").alias("highest"),
            pl.when(pl.col("days_valid") > 0)
            .then(pl.col("_day_means") / pl.col("days_valid"))
            .alias("mean_of_days"),
            pl.when(conc & some).then(pl.col("_concentration")).alias("concentration_sum"),
            pl.when(mass).then("_flow").alias("flow_sum"),
            pl.when(mass).then("_mass_valid").alias("mass_before"),
            pl.when(mass & (pl.col("unfilled") == 0))
            .then(pl.col("_mass_valid") + pl.col("_mass_filled"))
            .alias("mass_after"),
        )

    def _strictest(self) -> npt.NDArray[np.float64]:
        """Return the lowest limit of each month, shape [size, 3]; not a number where there is none."""
        begins = [(datetime(self.start.year, self.start.month + k, 1) - self.start).days for k in range(3)]
        return np.asarray(np.fmin.reduceat(self.limit, begins, axis=1))

    def _gaps(
        self, gap: npt.NDArray[np.int64], number: npt.NDArray[np.float64], capture: npt.NDArray[np.float64]
    ) -> pl.DataFrame:
        series = gap[:, 0]

        def moment(column: int) -> pl.Series:
            hours = pl.Series(gap[:, column])
            return pl.select(
                pl.when(hours >= 0).then(hours * 3_600_000_000).cast(pl.Datetime("us"))
            ).to_series()

        return pl.DataFrame({"series": series}).with_columns(
            moment(1).alias("begin"),
            moment(2).alias("last"),
            pl.Series("gap_hours", gap[:, 3]),
            pl.Series("rule", RULE_NAMES).gather(gap[:, 4]),
            pl.Series("window_hours", gap[:, 5]),
            pl.Series("window_found", np.maximum(gap[:, 6], 0)),
            moment(7).alias("window_from"),
            moment(8).alias("window_to"),
            pl.Series("capture", capture[series]).fill_nan(None),
            pl.Series("value", number).fill_nan(None),
        )

    def days(self, wanted: pl.DataFrame) -> pl.DataFrame:
        """Return mean and mass [kg] of the days `wanted` (`facility, day`); call it after :meth:`work`."""
        reported = self.points.frame.select(*KEY, "role").with_row_index("series")
        reported = reported.filter(pl.col("role").is_in(["gas", "water"]))
        rows = wanted.join(reported, on="facility", how="inner", maintain_order="left_right")
        column = rows.select((pl.col("day") - self.start.date()).dt.total_days()).to_series()
        rows = rows.with_columns(column.alias("column"))
        rows = rows.filter(pl.col("column").is_between(0, self.limit.shape[1] - 1))
        at = rows["series"].to_numpy(), rows["column"].to_numpy()
        return rows.select(*KEY, "day").with_columns(
            pl.Series("mean", self.day_mean[at], pl.Float64).fill_nan(None),
            pl.Series("mass", self.day_mass[at], pl.Float64).fill_nan(None),
            pl.Series("has_flow", with_flow(self.points)[at[0]], pl.Boolean),
        )

    def hours(self, gap: pl.DataFrame) -> pl.DataFrame:
        """Return every hour of the gaps with why it was lost; call it after :meth:`work`."""
        first = since(self.start)
        begin = (gap["begin"].to_physical().to_numpy() // kernel.MICROSECONDS) - first
        last = (gap["last"].to_physical().to_numpy() // kernel.MICROSECONDS) - first
        length = last - begin + 1
        row = np.repeat(np.arange(gap.height), length)
        offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        column = begin[row] + offset
        state = self.state[gap["series"].to_numpy()[row], column]
        kept = (state == MISSING) | (state == OUT)
        hours = pl.Series((column[kept] + first) * kernel.MICROSECONDS).cast(pl.Datetime("us"))
        why = pl.Series(["missing", "out_of_control"]).gather((state[kept] == OUT).astype(np.int64))
        listed: pl.DataFrame = gap[row[kept]]
        return listed.with_columns(hours.alias("hour"), why.alias("reason"))
