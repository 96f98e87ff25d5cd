"""Storage, and outputs that are exchanged for one another: pumped hydro, batteries, extraction of steam."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes
from tongyuan.pathway.problem.problem import Builder
from tongyuan.pathway.problem.slice import MOVED

INFINITY = np.inf
SWAP = {
    "column": pl.Int64, "o": pl.UInt32, "n": pl.Int32, "k": pl.Int32, "t": pl.Int32, "l": pl.Int32,
    "f": pl.Int32, "h": pl.Int32, "rate": pl.Float64,
}  # fmt: skip
STORED = {
    "o": pl.UInt32, "n": pl.Int32, "k": pl.Int32, "t": pl.Int32, "l": pl.Int32, "g": pl.Int32, "f": pl.Int32,
    "charge": pl.Int64, "level": pl.Int64, "out": pl.Float64,
}  # fmt: skip


def outputs(case: Case, names: Codes) -> pl.DataFrame:
    """Return what a unit of activity yields: ``k, f, out``."""
    rows = case["technology_flow"].filter(pl.col("role") == "output")
    return names.frame(rows.select("technology", "flow", "coefficient")).select("k", "f", out="coefficient")


def add_storage(
    build: Builder, case: Case, names: Codes, days: pl.DataFrame, place: pl.DataFrame, y: pl.DataFrame,
    capacity: pl.DataFrame,
) -> pl.DataFrame:  # fmt: skip
    """Add charging and what is held; discharging is the activity of the technology.

    A storage that cycles by day has one level per part of an average day of the season; one that cycles over
    the year has one at the end of every season.

    Parameters
    ----------
    days
        :func:`~tongyuan.pathway.problem.slice.calendar`.
    place, y
        Those of :func:`~tongyuan.pathway.problem.slice.add_operation`.

    Returns
    -------
    polars.DataFrame
        ``o, n, k, t, l, g, f`` with the columns ``charge`` and ``level`` and ``out``, flow per activity.
    """
    if case["storage"].is_empty():
        return pl.DataFrame(schema=STORED)
    option = names.frame(case["storage"].drop("source", "locator", "note"))
    rows = (
        place.select("o", "n", "k", "t", "l", "g", "rate", "use", "hours", "days", "before")
        .join(option, on="k", maintain_order="left_right")
        .join(outputs(case, names), on=["k", "f"], maintain_order="left")
        .with_columns(subject=pl.lit(""))
        .with_columns(
            full=pl.col("rate") * pl.col("out"),
            use=pl.col("use").fill_null(1.0),
        )
        .with_columns(hourly=pl.col("full") / pl.col("hours"))
    )
    rows = rows.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(rows["l"]))
    rows = rows.with_columns(
        charge=pl.Series(build.add_columns("charge", rows, 0.0, INFINITY), dtype=pl.Int64)
    )
    limit = pl.Series(build.add_rows("charge", rows, -INFINITY, 0.0), dtype=pl.Int64)
    rows = rows.with_columns(row=limit)
    build.add_entries(rows["row"], rows["charge"], 1.0)
    part = capacity.join(rows, on="o", maintain_order="left_right")
    most = pl.col("power_in") * pl.col("use") * pl.col("full") * pl.col("coefficient")
    build.add_entries(part["row"], part["column"], -part.select(most).to_series().to_numpy())
    levels = pl.concat([_levels(build, rows, y, capacity, cycle) for cycle in ("day", "year")])
    rows = rows.join(levels, on=["o", "l"], maintain_order="left")
    return rows.select(pl.col(c).cast(d) for c, d in STORED.items())


def _levels(
    build: Builder, rows: pl.DataFrame, y: pl.DataFrame, capacity: pl.DataFrame, cycle: str
) -> pl.DataFrame:
    """Add the levels of one kind of cycle; return which is that of every ``o, l``."""
    part = rows.filter(pl.col("cycle") == cycle)
    lost = 1.0 - pl.col("loss")
    if cycle == "day":
        at = part.with_columns(at="l", past="before", span=pl.col("hours") / pl.col("days"), each="days")
        held = at
    else:
        last = part["g"].max()
        at = part.with_columns(
            at="g", span=pl.col("hours").sum().over("o", "g"), each=pl.lit(1.0),
            past=pl.when(pl.col("g") == 1).then(pl.lit(last, dtype=pl.Int32)).otherwise(pl.col("g") - 1),
        )  # fmt: skip
        held = at.unique(["o", "g"], keep="first", maintain_order=True)
    held = held.with_columns(kept=lost.pow(pl.col("span")))
    held = held.with_columns(level=pl.Series(build.add_columns("level", held, 0.0, INFINITY), dtype=pl.Int64))
    held = held.with_columns(row=pl.Series(build.add_rows("level", held, 0.0, 0.0), dtype=pl.Int64))
    build.add_entries(held["row"], held["level"], 1.0)
    earlier = held.join(held.select("o", past="at", earlier="level"), on=["o", "past"], maintain_order="left")
    build.add_entries(earlier["row"], earlier["earlier"], -earlier["kept"].to_numpy())
    both = at.join(
        held.select("o", "at", "row", "level"), on=["o", "at"], maintain_order="left", suffix="_of"
    )
    into = pl.col("efficiency_in") / pl.col("each")
    build.add_entries(both["row_of"], both["charge"], -both.select(into).to_series().to_numpy())
    given = y.select("column", "o", "l").join(both, on=["o", "l"], maintain_order="left_right")
    out = pl.col("out") / pl.col("efficiency_out") / pl.col("each")
    build.add_entries(given["row_of"], given["column"], given.select(out).to_series().to_numpy())
    most = held.with_columns(
        row=pl.Series(build.add_rows("held", held, -INFINITY, 0.0), dtype=pl.Int64),
        holds=pl.col("duration") * pl.col("hourly"),
    )
    build.add_entries(most["row"], most["level"], 1.0)
    entry = capacity.join(most.select("o", "row", "holds"), on="o", maintain_order="left_right")
    build.add_entries(entry["row"], entry["column"], -(entry["holds"] * entry["coefficient"]).to_numpy())
    return both.select("o", "l", "level")


def add_swap(
    build: Builder, case: Case, names: Codes, here: pl.DataFrame, y: pl.DataFrame | None
) -> pl.DataFrame:
    """Add outputs gained in place of others, by slice where the technology runs by slice.

    Returns
    -------
    polars.DataFrame
        ``column, o, n, k, t, l, f, h, rate``: flow `f` is gained, `rate` of flow `h` given up for each; `l`
        is 0 for the whole year.
    """
    if case["technology_swap"].is_empty():
        return pl.DataFrame(schema=SWAP)
    table = case["technology_swap"].select("technology", "flow", "instead_of", "rate", "least", "greatest")
    code = pl.col("instead_of").replace_strict(names.flow, range(len(names.flow)), return_dtype=pl.Int32)
    table = names.frame(table).with_columns(h=code).select("k", "f", "h", "rate", "least", "greatest")
    year = here.select("o", "n", "k", "t", column="total").with_columns(
        l=pl.lit(0, dtype=pl.Int32), weight=pl.lit(1.0)
    )
    base = year
    if y is not None:
        weight = pl.when(pl.col("mode") == "profile").then("profile").otherwise(1.0)
        by_slice = y.select("o", "n", "k", "t", "column", "l", weight=weight)
        base = pl.concat(
            [year.join(by_slice.select("o").unique(), on="o", how="anti"), by_slice.select(year.columns)]
        )
    places = base.select("o", "n", "k", "t", "l").unique(maintain_order=True)
    rows = places.join(table, on="k", maintain_order="left_right")
    named = rows.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(rows["l"]))
    rows = rows.with_columns(
        column=pl.Series(build.add_columns("swap", named, 0.0, INFINITY), dtype=pl.Int64)
    )
    for kind, which, low, high in (
        ("least", pl.col("least") > 0.0, 0.0, INFINITY),
        ("greatest", pl.lit(True), -INFINITY, 0.0),
    ):
        part = rows.filter(which)
        row = pl.Series(build.add_rows(f"{kind} exchange", part, low, high), dtype=pl.Int64)
        build.add_entries(row, part["column"], 1.0)
        member = part.select("o", "l", share=kind, row=row).join(
            base, on=["o", "l"], maintain_order="left_right"
        )
        build.add_entries(member["row"], member["column"], -(member["share"] * member["weight"]).to_numpy())
    return rows.select(pl.col(c).cast(d) for c, d in SWAP.items())


def moved_by_storage(storage: pl.DataFrame, swap: pl.DataFrame) -> pl.DataFrame:
    """Return the entries of charging and exchange in the balances, see :data:`~.slice.MOVED`."""
    parts = [
        storage.with_columns(column="charge", coefficient=pl.lit(-1.0), role=pl.lit("charge")),
        swap.with_columns(coefficient=pl.lit(1.0), role=pl.lit("gained")),
        swap.with_columns(f="h", coefficient=-pl.col("rate"), role=pl.lit("given up")),
    ]
    return pl.concat([p.select(pl.col(c).cast(d) for c, d in MOVED.items()) for p in parts])
