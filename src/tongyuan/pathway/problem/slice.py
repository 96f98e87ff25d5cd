"""Time slices: when technologies run, and the balance of flows that must be met in every part of the year."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, resolve
from tongyuan.pathway.problem.problem import Builder, matched, packed

INFINITY = np.inf
MOVED = {
    "column": pl.Int64, "n": pl.Int32, "f": pl.Int32, "t": pl.Int32, "l": pl.Int32, "coefficient": pl.Float64,
    "role": pl.String,
}  # fmt: skip
"""What enters the balance of a slice: `role` is ``output``, ``input``, ``charge`` or a direction of trade."""

RUNNING = ("dispatched", "flexible_day", "flexible_year")
"""Ways of operation in which activity is found slice by slice."""


def sliced(case: Case) -> list[str]:
    """Return the flows that are balanced in every slice."""
    return case["flow"].filter(pl.col("balance_time") == "slice")["flow"].to_list()


def calendar(case: Case, names: Codes) -> pl.DataFrame:
    """Return the slices in order: ``l, slice, hours, g, season, days, before, share``.

    `g` numbers the seasons from 1, `before` is the part of the day before, that of the first being the last
    of the same season; `days` are those of the season and `share` is that of the year.
    """
    frame = names.frame(case["slice"].select("slice", "hours", "season", name="slice"))
    seasons = {s: i for i, s in enumerate(frame["season"].unique(maintain_order=True), start=1)}
    return frame.select(
        "l",
        pl.col("name").alias("slice"),
        "hours",
        pl.col("season").replace_strict(seasons, return_dtype=pl.Int32).alias("g"),
        "season",
        days=pl.col("hours").sum().over("season") / 24.0,
        before=pl.coalesce(pl.col("l").shift(1).over("season"), pl.col("l").last().over("season")),
        share=pl.col("hours") / pl.col("hours").sum(),
    )


def of_slice(case: Case, names: Codes, domain: pl.DataFrame, column: str) -> pl.Series:
    """Return a column of table ``technology_slice`` for every row of `domain` (``n, k, l``), null without."""
    rows = case["technology_slice"].filter(pl.col(column).is_not_null())
    table = names.frame(rows.select("technology", "node", "slice", column))
    place = domain.select("n", "k", "l").with_row_index("i")
    found = resolve(place, table, ["k"], wild=("n", "l"), give=("i",))
    return place.join(found, on="i", how="left", maintain_order="left")[column]


def demand_share(case: Case, names: Codes, domain: pl.DataFrame) -> pl.Series:
    """Return the share of the year's demand that falls in a slice for every row (``n, f, t, l``, `hours`)."""
    rows = case["demand_slice"].select("flow", "node", "year", "slice", "share")
    place = domain.select("n", "f", "t", "l").with_row_index("i")
    found = resolve(place, names.frame(rows), ["f", "l"], give=("i",))
    joined = domain.with_row_index("i").join(found, on="i", how="left", maintain_order="left", suffix="_own")
    # where a flow has a shape at a place, a slice that is not named has nothing
    shaped = names.frame(rows).select("f", "n", "t", shaped=pl.lit(True)).unique()
    kinds = domain.select("f", "n", "t").unique(maintain_order=True).with_row_index("i")
    known = kinds.join(resolve(kinds, shaped, ["f"], give=("i",)), on="i", how="left", maintain_order="left")
    return joined.join(known.drop("i"), on=["f", "n", "t"], how="left", maintain_order="left").select(
        pl.when(pl.col("shaped")).then(pl.col("share_own").fill_null(0.0)).otherwise(pl.col("share"))
    ).to_series()  # fmt: skip


def operations(case: Case, names: Codes, here: pl.DataFrame) -> pl.DataFrame:
    """Return `here` (rows that touch a flow balanced by slice) with its ``mode`` of operation."""
    flows = sliced(case)
    own = case["technology_flow"].filter(pl.col("flow").is_in(flows))
    swap = case["technology_swap"].filter(pl.any_horizontal(pl.col("flow", "instead_of").is_in(flows)))
    device = case["control_flow"].filter(pl.col("flow").is_in(flows))
    gives = set(own.filter(pl.col("role") == "output")["technology"]) | set(swap["technology"])
    touches = gives | set(own["technology"]) | set(device["technology"])
    code = {k: i for i, k in enumerate(names.technology)}
    default = pl.when(pl.col("k").is_in([code[k] for k in gives])).then(pl.lit("dispatched"))
    mode = (
        pl.when(pl.col("operation") != "").then("operation").otherwise(default.otherwise(pl.lit("profile")))
    )
    return here.filter(pl.col("k").is_in([code[k] for k in touches])).with_columns(mode=mode)


def add_operation(
    build: Builder, case: Case, names: Codes, here: pl.DataFrame, x: pl.DataFrame, capacity: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the activity of every slice with its limits.

    Returns
    -------
    tuple
        Its columns ``column, x, o, n, k, c, t, l, mode, profile`` (`column` is `x` where a profile is
        followed); and the rows of `operations` with every slice
        (``o, l``), ``rate`` (activity of a unit of capacity at full output) and ``availability``.
    """
    days = calendar(case, names)
    mode = operations(case, names, here)
    place = mode.join(days.drop("slice", "season"), how="cross")
    own = of_slice(case, names, place, "availability")
    shares = of_slice(case, names, place, "share")
    place = place.with_columns(
        given=own,
        limit=of_slice(case, names, place, "share_max"),
        typed=shares,
        rate=pl.col("yearly_output") * pl.col("share"),
    )
    place = place.with_columns(
        # where a technology has a profile, a slice that is not named has nothing
        profile=pl.when(pl.col("typed").is_not_null().any().over("o"))
        .then(pl.col("typed").fill_null(0.0))
        .otherwise("share"),
        use=pl.when(pl.col("mode") == "dispatched")
        .then(pl.coalesce("given", "availability"))
        .otherwise("given"),
    )
    first, second = matched(x["o"], place["o"])
    every = x.select("o", "n", "k", "c", "t", x="column")[first].hstack(
        place.select("l", "g", "mode", "profile", "limit", "flexible_share")[second]
    )
    runs = every.filter(pl.col("mode").is_in(RUNNING))
    runs = runs.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(runs["l"]))
    runs = runs.with_columns(
        column=pl.Series(build.add_columns("slice", runs, 0.0, INFINITY), dtype=pl.Int64)
    )
    _sums(build, runs)
    _shares(build, runs)
    _capacity(build, names, place, runs, capacity)
    fixed = every.filter(pl.col("mode") == "profile").with_columns(column="x")
    keep = ["column", "x", "o", "n", "k", "c", "t", "l", "mode", "profile"]
    y = pl.concat([runs.select(keep), fixed.select(keep)])
    return y, place


def _sums(build: Builder, runs: pl.DataFrame) -> None:
    """The slices of a year sum to the year; a load that shifts within the day has its season's share."""
    seasons = 1 + int(runs["g"].max() or 0)  # type: ignore[arg-type]
    for mode, keys in (("year", ["x"]), ("day", ["x", "g"])):
        daily = pl.col("mode") == "flexible_day"
        part = runs.filter(daily if mode == "day" else ~daily)
        groups = part.group_by(*keys, maintain_order=True).agg(
            pl.col("n", "k", "c", "t").first(), pl.col("profile").sum()
        )
        rows = build.add_rows("slices", groups, 0.0, 0.0)
        weight = groups["profile"].to_numpy() if mode == "day" else np.ones(groups.height)
        build.add_entries(rows, groups["x"], -weight)
        of, to = matched(*(packed(frame, keys, [seasons][: len(keys) - 1]) for frame in (part, groups)))
        build.add_entries(rows[to], part["column"].to_numpy()[of], 1.0)


def _shares(build: Builder, runs: pl.DataFrame) -> None:
    """What may not move of a flexible load, and the greatest share of a year that may fall in a slice."""
    held = runs.filter(pl.col("mode").str.starts_with("flexible"), pl.col("flexible_share") < 1.0)
    for kind, part, share, low, high in (
        ("inflexible", held, (1.0 - pl.col("flexible_share")) * pl.col("profile"), 0.0, INFINITY),
        ("share of a slice", runs.filter(pl.col("limit").is_not_null()), pl.col("limit"), -INFINITY, 0.0),
    ):
        row = build.add_rows(kind, part, low, high)
        build.add_entries(row, part["column"], 1.0)
        build.add_entries(row, part["x"], -part.select(share).to_series().to_numpy())


def _capacity(
    build: Builder, names: Codes, place: pl.DataFrame, runs: pl.DataFrame, capacity: pl.DataFrame
) -> None:
    """No slice has more than what stands can give in its hours; what is on line runs at its least load."""
    limited = place.filter(
        pl.col("mode").is_in(RUNNING), pl.col("capacity") == "tracked", pl.col("use").is_not_null()
    )
    limited = limited.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(limited["l"]))
    least = pl.col("load_min") > 0.0
    online = limited.filter(least).unique(["o", "g"], keep="first", maintain_order=True)
    online = online.with_columns(
        online=pl.Series(build.add_columns("online", online, 0.0, INFINITY), dtype=pl.Int64)
    )
    stands = online.with_columns(
        row=pl.Series(build.add_rows("online", online, -INFINITY, 0.0), dtype=pl.Int64)
    )
    build.add_entries(stands["row"], stands["online"], 1.0)
    part = capacity.join(stands.select("o", "row"), on="o", maintain_order="left_right")
    build.add_entries(part["row"], part["column"], -part["coefficient"].to_numpy())
    limited = limited.join(
        online.select("o", "g", "online"), on=["o", "g"], how="left", maintain_order="left"
    )
    for kind, rows, share, low, high in (
        ("capacity of a slice", limited, pl.col("use"), -INFINITY, 0.0),
        ("least load", limited.filter(least), pl.min_horizontal("load_min", "use"), 0.0, INFINITY),
    ):
        rows = rows.with_columns(
            row=pl.Series(build.add_rows(kind, rows, low, high), dtype=pl.Int64), full=share * pl.col("rate")
        )
        of, to = matched(*(packed(frame, ("o", "l"), [len(names.slice)]) for frame in (runs, rows)))
        build.add_entries(rows["row"].to_numpy()[to], runs["column"].to_numpy()[of], 1.0)
        committed = rows.drop_nulls("online")
        build.add_entries(committed["row"], committed["online"], -committed["full"].to_numpy())
        plain = rows.filter(pl.col("online").is_null())
        of, to = matched(capacity["o"], plain["o"])
        full, share_of = plain["full"].to_numpy()[to], capacity["coefficient"].to_numpy()[of]
        build.add_entries(plain["row"].to_numpy()[to], capacity["column"].to_numpy()[of], -(full * share_of))


def add_exchange_by_slice(
    build: Builder, case: Case, names: Codes, trade: pl.DataFrame, sent: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add what is bought, sold and sent in every slice; it sums to the year and keeps the power of the line.

    Returns
    -------
    tuple
        `trade` and `sent` of flows balanced by slice with their ``column`` and slice ``l``.
    """
    days = calendar(case, names)
    flows = [names.flow.index(f) for f in sliced(case)]
    total = float(days["hours"].sum())
    made = []
    for frame in (trade, sent):
        rows = frame.filter(pl.col("f").is_in(flows)).join(days.select("l", "hours"), how="cross")
        rows = rows.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(rows["l"]))
        most = rows.select(
            pl.col("limit") * pl.col("hours") / pl.col("full_hours").fill_null(total)
        ).to_series().fill_null(INFINITY)  # fmt: skip
        column = build.add_columns("exchange", rows, 0.0, most.to_numpy())
        rows = rows.with_columns(year_column="column", column=pl.Series(column, dtype=pl.Int64))
        groups = rows.unique("year_column", keep="first", maintain_order=True)
        row = build.add_rows("slices", groups.drop("subject"), 0.0, 0.0)
        build.add_entries(row, groups["year_column"], -1.0)
        member = rows.join(
            groups.select("year_column", row=pl.Series(row, dtype=pl.Int64)),
            on="year_column",
            maintain_order="left",
        )
        build.add_entries(member["row"], member["column"], 1.0)
        made.append(rows.drop("subject", "hours"))
    return made[0], made[1]


def add_balance_by_slice(
    build: Builder, case: Case, names: Codes, moved: pl.DataFrame, demand: pl.DataFrame
) -> pl.DataFrame:
    """Add the balance of every flow that is kept by slice, in every slice.

    Parameters
    ----------
    demand
        Demand of a year ``n, f, t, value``.

    Returns
    -------
    polars.DataFrame
        The rows ``n, f, t, l, row, share, need``: `share` is that of the year's demand.
    """
    days = calendar(case, names)
    flows = [names.flow.index(f) for f in sliced(case)]
    places = pl.concat([moved.select("n", "f", "t"), demand.select("n", "f", "t")]).filter(
        pl.col("f").is_in(flows)
    )
    rows = places.unique(maintain_order=True).join(days.select("l", "hours", "share"), how="cross")
    rows = rows.with_columns(share=demand_share(case, names, rows))
    exact = names.frame(case["flow"]).select("f", exact=pl.col("balance") == "equal")
    rows = rows.join(demand, on=["n", "f", "t"], how="left", maintain_order="left").join(
        exact, on="f", maintain_order="left"
    )
    need = (rows["value"].fill_null(0.0) * rows["share"]).to_numpy()
    named = rows.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(rows["l"]))
    row = build.add_rows("balance", named, need, np.where(rows["exact"].to_numpy(), need, INFINITY))
    rows = rows.select("n", "f", "t", "l", "hours", "share", row=pl.Series(row), need=pl.Series(need))
    sizes = (len(names.flow), len(names.year) + 1, len(names.slice))
    of, to = matched(*(packed(frame, ("n", "f", "t", "l"), sizes) for frame in (moved, rows)))
    build.add_entries(row[to], moved["column"].to_numpy()[of], moved["coefficient"].to_numpy()[of])
    return rows


def moved_by_slice(
    case: Case, names: Codes, y: pl.DataFrame, trade: pl.DataFrame, sent: pl.DataFrame
) -> pl.DataFrame:
    """Return the entries of technologies, devices, purchases, sales and links in the balances of slices."""
    flows = [names.flow.index(f) for f in sliced(case)]
    weight = pl.when(pl.col("mode") == "profile").then("profile").otherwise(1.0)
    signed = pl.when(pl.col("role") == "output").then(1.0).otherwise(-1.0) * pl.col("coefficient") * weight
    parts = []
    for table, keys in (("technology_flow", ["k"]), ("control_flow", ["k", "c"])):
        rows = (
            names.frame(case[table])
            .filter(pl.col("f").is_in(flows))
            .select(*keys, "f", "role", "coefficient")
        )
        parts.append(y.join(rows, on=keys, maintain_order="left_right").with_columns(coefficient=signed))
    parts.append(trade.with_columns(coefficient="sign", role="direction"))
    parts.append(sent.with_columns(coefficient=pl.lit(-1.0), role=pl.lit("sent")))
    parts.append(
        sent.drop("n").rename({"g": "n"}).with_columns(coefficient="arriving", role=pl.lit("received"))
    )
    return pl.concat([p.select(pl.col(c).cast(d) for c, d in MOVED.items()) for p in parts])
