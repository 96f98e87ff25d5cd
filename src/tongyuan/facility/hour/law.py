"""What a permit says of hours by date: limits in force, and how long a start or a stop is exempt."""

from __future__ import annotations

import polars as pl

from tongyuan.facility.hour.points import KEY
from tongyuan.reference.shelf import fold, shelf
from tongyuan.reference.units import UnitError, factor

TARGET = {"gas": "mg/m3", "water": "mg/L"}
BOUNDED = {"start": "start_hours", "stop": "stop_hours"}
"""Conditions a permit exempts for some hours only; a fault is exempt as long as it is marked."""
LIMITS = pl.Schema(
    {
        **dict.fromkeys(KEY, pl.String()),
        "date_from": pl.Date(),
        "date_to": pl.Date(),
        "limit": pl.Float64(),
        "start_hours": pl.Float64(),
        "stop_hours": pl.Float64(),
    }
)
Wrong = tuple[str, str, str, str]
"""Facility, outlet, parameter and unit of a limit that is no concentration."""


def hourly_limits(points: pl.DataFrame, limit: pl.DataFrame) -> tuple[pl.DataFrame, list[Wrong]]:
    """Return the hourly limits of every point with the dates they hold, the one that began last at the end.

    Parameters
    ----------
    points
        `facility, outlet, parameter, role, species`.
    limit
        Table ``permit_limit``.

    Returns
    -------
    polars.DataFrame
        Columns of :data:`LIMITS`; `limit` in mg/m3 or mg/L.
    list
        Limits whose unit is no concentration.
    """
    of_hours = limit.filter(pl.col("period") == "hour").sort("date_from", nulls_last=False)
    judged = points.filter(pl.col("role").is_in(list(TARGET)))
    both = of_hours.join(judged, on=["facility", "outlet", "species"], how="inner", maintain_order="left")
    rows, wrong = [], []
    for row in both.to_dicts():
        try:
            value = float(row["value"]) * factor(str(row["unit"]), TARGET[row["role"]])
        except UnitError:
            wrong.append((row["facility"], row["outlet"], row["parameter"], str(row["unit"])))
            continue
        rows.append({**row, "limit": value})
    return pl.DataFrame([{n: r[n] for n in LIMITS} for r in rows], LIMITS, orient="row"), wrong


def in_condition(reading: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Return readings whose start or stop lasts longer than the permit exempts as of normal running there.

    The hours are counted from the first of the start or stop; a permit that names no hours exempts all.
    """
    if "condition" not in reading.columns:
        return reading
    bound = _bounds(limits)
    named = reading.with_row_index("row").filter(pl.col("condition").is_in(list(BOUNDED)))
    if bound.is_empty() or named.is_empty():
        return reading
    hour = pl.col("hour").dt.epoch("s") // 3600
    run = (hour.diff() != 1) | (pl.col("condition") != pl.col("condition").shift())
    late = (
        named.join(bound, on=KEY, how="inner")
        .sort(*KEY, "hour")
        .with_columns(run.fill_null(True).cum_sum().over(KEY).alias("run"))
        .with_columns((hour - hour.min()).over(*KEY, "run").alias("since"))
        .filter(pl.col("since") >= _allowed(pl.col("condition")))
    )
    after = pl.int_range(pl.len()).is_in(late["row"].implode())
    return reading.with_columns(
        pl.when(after).then(pl.lit("normal_run")).otherwise(pl.col("condition")).alias("condition")
    )


def in_marks(mark: pl.DataFrame, limits: pl.DataFrame) -> pl.DataFrame:
    """Return marks of which those of a start or a stop last no longer than the permit exempts.

    A mark of the whole outlet becomes one of each parameter with such an allowance, and keeps on for the
    others. What is left of a mark is no mark: the plant runs.
    """
    words = {fold(w): kind for kind, names in _words().items() for w in names}
    kind = mark["mark"].map_elements(lambda text: words.get(fold(text), ""), pl.String)
    bound = _bounds(limits)
    short = mark.with_columns(kind.alias("kind")).with_row_index("row").filter(pl.col("kind") != "")
    own = short.rename({"parameter": "said"}).join(bound, on=["facility", "outlet"], how="inner")
    own = own.filter(pl.col("said").is_null() | (pl.col("said") == pl.col("parameter")))
    own = own.with_columns(_allowed(pl.col("kind")).alias("allowed")).filter(pl.col("allowed").is_not_null())
    if own.is_empty():
        return mark
    end = pl.col("time_from") + pl.duration(minutes=(pl.col("allowed") * 60).cast(pl.Int64))
    cut = own.with_columns(pl.min_horizontal("time_to", end).alias("time_to"))
    cut = cut.filter(pl.col("time_to") > pl.col("time_from")).select(mark.columns)
    named = own.select("row", "parameter")
    whole = short.filter(pl.col("parameter").is_null(), pl.col("row").is_in(named["row"].implode()))
    others = (
        whole.drop("parameter")
        .join(limits.select(KEY).unique(), on=["facility", "outlet"], how="inner")
        .join(named, on=["row", "parameter"], how="anti")
        .select(mark.columns)
    )
    rest = mark.with_row_index("row").filter(~pl.col("row").is_in(named["row"].implode())).drop("row")
    return pl.concat([rest, cut, others])


def _words() -> dict[str, list[str]]:
    """Return the words a mark of a start and of a stop is written with."""
    rows = {row["title_en"]: row for row in shelf("mark_word").to_dicts()}
    return {
        kind: [rows[title]["mark_word"], rows[title]["title_zh"], title, *rows[title]["words"].split("|")]
        for kind, title in (("start", "Start-up"), ("stop", "Shut-down"))
    }


def _bounds(limits: pl.DataFrame) -> pl.DataFrame:
    """Return the hours each point's permit exempts: of two limits those of the one that began later."""
    told = limits.filter(pl.any_horizontal(pl.col(list(BOUNDED.values())).is_not_null()))
    return told.unique(KEY, keep="last", maintain_order=True).select(*KEY, *BOUNDED.values())


def _allowed(kind: pl.Expr) -> pl.Expr:
    return pl.when(kind == "start").then("start_hours").when(kind == "stop").then("stop_hours")
