"""Readings in one streaming pass: Parquet in, months and filled hours out, a quarter in memory at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from tongyuan.facility.hour.points import KEY, Points, points, quarter_after, quarter_of
from tongyuan.facility.hour.quarter import Carry, Quarter, ReadingError
from tongyuan.facility.hour.rules import Rules, rules

ROWS_AT_ONCE = 4_000_000
COLUMNS = (*KEY, "hour", "value", "flag")
OPTIONAL = ("minutes", "condition")


@dataclass(frozen=True)
class Hourly:
    """What hourly readings give.

    Attributes
    ----------
    month
        Hours, means and masses of each parameter and month, before and after filling.
    gap
        Every gap with its rule, window and value.
    hour
        Every filled or unfilled hour; None where it was not asked for.
    day
        Mean and mass [kg] of the days that were wanted; None where none were.
    double, strange
        Hours that came twice with two values, and readings of parameters that are no points.
    """

    month: pl.DataFrame
    gap: pl.DataFrame
    hour: pl.DataFrame | None
    double: pl.DataFrame
    strange: pl.DataFrame
    day: pl.DataFrame | None = None


def hourly(
    source: pl.DataFrame | Sequence[str | Path],
    of: pl.DataFrame,
    *,
    rule: Rules | None = None,
    marks: pl.DataFrame | None = None,
    begin: datetime | None = None,
    end: datetime | None = None,
    list_hours: bool = True,
    limits: pl.DataFrame | None = None,
    days: pl.DataFrame | None = None,
) -> Hourly:
    """Convert, validate, fill and sum up hourly readings.

    Parameters
    ----------
    source
        Readings as a frame or as Parquet files (one a month, say): `facility, outlet, parameter, hour,
        value, flag` and, where known, `minutes` and `condition`. Rows come in any order; sorted by outlet
        and parameter they are read fastest.
    of
        The points, see :data:`tongyuan.facility.hour.points.COLUMNS`.
    rule
        Numbers of the rules; those of the shelf when None.
    marks
        Marks of times that lie over those of the hours.
    begin, end
        Hours to be worked [begin, end); from the first to the last reading when None. A missing hour inside
        is a gap.
    list_hours
        Whether every filled hour is listed.
    limits
        Limits by date in place of those of the points, see :func:`tongyuan.facility.hour.law.hourly_limits`.
    days
        Days (`facility, day`) whose means and masses are wanted.

    Raises
    ------
    ReadingError
        If a mark is unknown, a time is not a full hour, or neither readings nor a period are given.
    """
    p = points(of)
    scans = (
        [source.lazy()] if isinstance(source, pl.DataFrame) else [pl.scan_parquet(file) for file in source]
    )
    bounds = [_bounds(scan) for scan in scans]
    known = [bound for bound in bounds if bound]
    if not known and (begin is None or end is None):
        raise ReadingError("empty", rows=0)
    begin = begin or min(bound[0] for bound in known)
    end = end or max(bound[1] for bound in known) + timedelta(hours=1)
    if end <= begin:
        raise ReadingError("period", begin=begin, end=end)
    carry, chosen = Carry.empty(p.size), rule or rules()
    months, gaps, hours, doubles, wanted, strange = [], [], [], [], [], {}  # type: ignore[var-annotated]
    start = quarter_of(begin)
    while start < end:
        after = quarter_after(start)
        quarter = Quarter(p, chosen, start)
        for scan, bound in zip(scans, bounds, strict=True):
            if bound and bound[0] < after and bound[1] >= start:
                inside = bound[0] >= start and bound[1] < after
                for rows in _batches(scan, bound[2], None if inside else (start, after)):
                    quarter.add(rows)
        if marks is not None:
            quarter.span(marks)
        quarter.limit_to(begin, end)
        if limits is not None:
            quarter.dated(limits)
        month, gap = quarter.work(carry)
        months.append(month)
        gaps.append(gap)
        if list_hours:
            hours.append(quarter.hours(gap))
        if days is not None:
            wanted.append(quarter.days(days))
        doubles.append(_doubles(p, quarter))
        for key, many in quarter.strange.items():
            strange[key] = strange.get(key, 0) + many
        start = after
    return Hourly(
        _named(p, months, "month"),
        _named(p, gaps, "begin"),
        _named(p, hours, "hour") if list_hours else None,
        pl.concat(doubles).sort(*KEY, "quarter"),
        pl.DataFrame(
            [(*key, many) for key, many in sorted(strange.items())],
            {**dict.fromkeys(KEY, pl.String), "rows": pl.Int64},
            orient="row",
        ),
        pl.concat(wanted).sort(*KEY, "day") if days is not None else None,
    )


def _named(p: Points, frames: Sequence[pl.DataFrame], moment: str) -> pl.DataFrame:
    """Return the quarters' frames as one, in the order of the parameters and of `moment`, with their names.

    Parameters stand in the order of their names, so that the order of their rows is that of the names.
    """
    rows = pl.concat(frames).sort("series", moment)
    names = p.frame.select(*KEY, "role")[rows["series"]]
    return pl.concat([names, rows.drop("series")], how="horizontal")


def _bounds(scan: pl.LazyFrame) -> tuple[datetime, datetime, int] | None:
    """Return the first and last hour of the readings and how many rows there are, None where none are."""
    hour = pl.col("hour").cast(pl.Datetime("us"))
    found = scan.select(hour.min().alias("first"), hour.max().alias("last"), pl.len()).collect()
    first, last, size = found.row(0)
    return (first, last, size) if first is not None else None


def _batches(
    scan: pl.LazyFrame, size: int, period: tuple[datetime, datetime] | None
) -> Iterator[pl.DataFrame]:
    """Yield the `size` readings a few million at a time; those of `period` only where one is given."""
    names = scan.collect_schema().names()
    wanted = scan.select(*COLUMNS, *(name for name in OPTIONAL if name in names))
    for offset in range(0, size, ROWS_AT_ONCE):
        rows = (wanted.slice(offset, ROWS_AT_ONCE) if size > ROWS_AT_ONCE else wanted).collect()
        if period:
            rows = rows.filter(pl.col("hour").is_between(*period, closed="left"))
        yield rows


def _doubles(p: Points, quarter: Quarter) -> pl.DataFrame:
    frame = p.frame.select(*KEY).with_columns(
        pl.lit(quarter.start).cast(pl.Datetime("us")).alias("quarter"), pl.Series("rows", quarter.double)
    )
    return frame.filter(pl.col("rows") > 0)
