"""Columns of the problem: activity, capacity, exchange, and what each costs a year."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, resolve
from tongyuan.pathway.case.money import annuity
from tongyuan.pathway.problem.base import base_year, vintages
from tongyuan.pathway.problem.problem import Builder

INFINITY = np.inf

OPTION = (
    "technology", "control", "node", "year", "first_year", "share_min", "share_max", "lifetime",
    "cost_capital", "cost_fixed", "cost_variable", "payer",
)  # fmt: skip
"""Columns of a control option that make the problem."""

CAPACITY = {"o": pl.UInt32, "column": pl.Int64, "coefficient": pl.Float64}
BUILT = {
    "column": pl.Int64, "o": pl.UInt32, "n": pl.Int32, "k": pl.Int32, "t": pl.Int32, "year": pl.Int64,
    "scale": pl.Float64,
}  # fmt: skip
TRADE = {
    "column": pl.Int64, "n": pl.Int32, "f": pl.Int32, "t": pl.Int32, "sign": pl.Float64,
    "direction": pl.String, "limit": pl.Float64, "full_hours": pl.Float64,
}  # fmt: skip
SENT = {
    "n": pl.Int32, "g": pl.Int32, "f": pl.Int32, "t": pl.Int32, "to_node": pl.String,
    "arriving": pl.Float64, "cost": pl.Float64, "limit": pl.Float64, "full_hours": pl.Float64,
    "column": pl.Int64,
}  # fmt: skip


def options(case: Case, names: Codes) -> pl.DataFrame:
    """Return every technology at every node and period where it may run: row number ``o`` and its data."""
    table = names.frame(case["technology_option"])
    nodes = pl.DataFrame({"n": range(1, len(names.node))}, schema={"n": pl.Int32})
    domain = nodes.join(table.select("k").unique(maintain_order=True), how="cross").with_row_index("i")
    here = resolve(domain, table, ["k"], wild=("n",)).sort("i").drop("i")
    periods = pl.DataFrame(
        {"t": range(1, len(names.year) + 1), "year": names.year}, schema={"t": pl.Int32, "year": pl.Int64}
    )
    stocked = names.frame(case["stock"]).select("n", "k", stocked=pl.lit(True)).unique()
    here = here.join(stocked, on=["n", "k"], how="left", maintain_order="left")
    begun = pl.col("first_year").is_null() | (pl.col("first_year") <= pl.col("year"))
    running = (
        here.join(periods, how="cross")
        .with_columns(begun=begun, rate=pl.lit(case.settings.discount_rate))
        .filter(pl.col("begun") | ((pl.col("capacity") == "tracked") & pl.col("stocked")))
    )
    return running.drop("stocked").with_row_index("o")


def add_activity(
    build: Builder, case: Case, names: Codes, here: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the activity of every control option and, where there are several, the total of the technology.

    Returns
    -------
    tuple
        ``x``: ``column, o, n, k, c, t`` with shares; and `here` with its column ``total``.
    """
    control = names.frame(case["control_option"].select(OPTION))
    pairs = pl.concat(
        [
            here.select("k").unique(maintain_order=True).with_columns(c=pl.lit(0, dtype=pl.Int32)),
            control.select("k", "c"),
        ]
    ).unique(maintain_order=True)
    domain = (
        here.select("o", "n", "k", "t", "year").join(pairs, on="k", maintain_order="left").with_row_index("i")
    )
    if control.is_empty():
        x = domain.with_columns(share_min=pl.lit(0.0), share_max=pl.lit(1.0))
    else:
        data = resolve(domain.select("i", "n", "k", "c", "t"), control, ["k", "c"]).drop(
            "n", "k", "c", "t", strict=False
        )
        x = (
            domain.join(data, on="i", how="left", maintain_order="left")
            .filter((pl.col("c") == 0) | pl.col("share_max").is_not_null())
            .filter(pl.col("first_year").is_null() | (pl.col("first_year") <= pl.col("year")))
            .with_columns(pl.col("share_min").fill_null(0.0), pl.col("share_max").fill_null(1.0))
        )
        x = x.filter(pl.col("share_max") > 0.0)
    x = x.drop("i").with_columns(pl.len().over("o").alias("several"))
    column = build.add_columns("activity", x, 0.0, INFINITY)
    x = x.with_columns(column=pl.Series(column))
    trivial = (pl.col("several") == 1) & (pl.col("share_max") >= 1.0)
    many = x.filter(~trivial).select("o").unique(maintain_order=True)
    groups = here.join(many, on="o", how="inner", maintain_order="left")
    total = build.add_columns("total", groups, 0.0, INFINITY)
    rows = build.add_rows("total", groups, 0.0, 0.0)
    build.add_entries(rows, total, -1.0)
    own = groups.select("o", total=pl.Series(total), row=pl.Series(rows))
    member = x.select("column", "o", "n", "k", "c", "t", "share_min", "share_max").join(
        own, on="o", how="inner", maintain_order="left"
    )
    build.add_entries(member["row"], member["column"], 1.0)
    for bound, active, low, high in (
        ("share_max", pl.col("share_max") < 1.0, -INFINITY, 0.0),
        ("share_min", pl.col("share_min") > 0.0, 0.0, INFINITY),
    ):
        part = member.filter(active)
        row = build.add_rows(bound, part, low, high)
        build.add_entries(row, part["column"], 1.0)
        build.add_entries(row, part["total"], -part[bound].to_numpy())
    single = x.filter(trivial).select("o", single="column")
    here = (
        here.join(own.select("o", "total"), on="o", how="left", maintain_order="left")
        .join(single, on="o", how="left", maintain_order="left")
        .with_columns(total=pl.coalesce("total", "single"))
        .filter(pl.col("total").is_not_null())
        .drop("single")
    )
    if "cost_capital" in x.columns:
        life = annuity(pl.lit(case.settings.discount_rate), pl.col("lifetime"))
        cost = (pl.col("cost_capital").fill_null(0.0) * life).fill_nan(0.0)
        cost = cost + pl.col("cost_fixed").fill_null(0.0) + pl.col("cost_variable").fill_null(0.0)
        build.add_cost("control", x.select("column", "n", "t", "payer", cost=cost).drop_nulls("cost"))
    build.add_cost(
        "variable",
        here.select(
            pl.col("total").alias("column"), "n", "t", "payer", cost=pl.col("cost_variable").fill_null(0.0)
        ),
    )
    return x, here


def alive_in(year: pl.Expr) -> pl.Expr:
    """Return whether a row with ``year_built`` and ``until`` stands in a year."""
    return (pl.col("year_built").is_null() | (pl.col("year_built") <= year)) & (
        pl.col("until").is_null() | (pl.col("until") > year)
    )


def standing(
    case: Case, names: Codes, here: pl.DataFrame, *years: pl.Expr, pooled: bool = False
) -> pl.Series:
    """Return for every row of `here` (with ``o, n, k``) the stock that stands in all of `years`.

    With `pooled` only that of rows which do not retire on their own account.
    """
    stock = vintages(case)
    stock = stock.filter(~pl.col("apart")) if pooled else stock
    stock = names.frame(stock).select("n", "k", "year_built", "until", stocked="capacity")
    alive = here.join(stock, on=["n", "k"], how="inner", maintain_order="left_right").filter(
        alive_in(year) for year in years
    )
    summed = alive.group_by("o", maintain_order=True).agg(pl.col("stocked").sum())
    return here.join(summed, on="o", how="left", maintain_order="left")["stocked"].fill_null(0.0)


def add_capacity(
    build: Builder, case: Case, names: Codes, here: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Add new capacity, stock and its early retirement with their limits.

    Returns
    -------
    tuple
        `here` with ``existing`` and the column ``retire``; the entries of total capacity
        ``o, column, coefficient``; the columns of new capacity ``column, o, n, k, t``; and those of stock
        that retires on its own account (:func:`add_vintages`).
    """
    here = here.with_columns(existing=standing(case, names, here, pl.col("year")))
    none = pl.lit(None, dtype=pl.Int64)
    free = here.filter((pl.col("capacity") == "free") & pl.col("potential").is_not_null())
    rows = build.add_rows("potential", free, -INFINITY, free["potential"].to_numpy())
    build.add_entries(rows, free["total"], 1.0)
    tracked = here.filter(pl.col("capacity") == "tracked")
    if tracked.is_empty():
        blank = pl.DataFrame(schema=BUILT)
        return here.with_columns(retire=none), pl.DataFrame(schema=CAPACITY), blank, pl.DataFrame()
    new = tracked.filter(
        pl.col("begun"),
        pl.col("cost_capital").is_not_null(),
        pl.col("last_year").is_null() | (pl.col("year") <= pl.col("last_year")),
    )
    whole = pl.col("unit_size").is_not_null()
    plain, units = new.filter(~whole), new.filter(whole)
    plain = plain.with_columns(
        column=pl.Series(build.add_columns("build", plain, 0.0, INFINITY)), scale=pl.lit(1.0)
    )
    units = units.with_columns(
        column=pl.Series(build.add_columns("build", units, 0.0, INFINITY, integer=True)),
        scale=pl.col("unit_size"),
    )
    built = pl.concat([plain, units])
    alive = (
        built.select("column", "scale", "n", "k", built_in="year")
        .join(
            tracked.select(
                "o", "n", "k", "t", "year", "rate", "lifetime", "cost_capital", "cost_fixed", "payer"
            ),
            on=["n", "k"],
            maintain_order="left_right",
        )
        .filter(
            pl.col("built_in") <= pl.col("year"),
            pl.col("lifetime").is_null() | (pl.col("year") < pl.col("built_in") + pl.col("lifetime")),
        )
    )
    build.add_cost(
        "capital",
        alive.select(
            "column",
            "n",
            "t",
            "payer",
            cost=pl.col("scale") * pl.col("cost_capital") * annuity(pl.col("rate"), pl.col("lifetime")),
        ),
    )
    build.add_cost(
        "fixed",
        alive.select("column", "n", "t", "payer", cost=pl.col("scale") * pl.col("cost_fixed").fill_null(0.0)),
    )
    # what stands is a column held at its amount, so that it is a limit one can name and its cost is a cost;
    # what of it retires early is beside it and is nothing unless that helps
    pooled = tracked.with_columns(pooled=standing(case, names, tracked, pl.col("year"), pooled=True))
    kept = pooled.filter(pl.col("pooled") > 0.0)
    amount = kept["pooled"].to_numpy()
    kept = kept.with_columns(
        column=pl.Series(build.add_columns("stock", kept, amount, amount), dtype=pl.Int64),
        retire=pl.Series(build.add_columns("retire", kept, 0.0, amount), dtype=pl.Int64),
    )
    fixed = kept.select("column", "retire", "n", "t", "payer", cost=pl.col("cost_fixed").fill_null(0.0))
    build.add_cost("fixed", fixed)
    build.add_cost("fixed", fixed.with_columns(pl.col("retire").alias("column"), -pl.col("cost")))
    _stay_retired(build, case, names, kept)
    apart = add_vintages(build, case, names, tracked)
    entries = pl.concat(
        [
            alive.select("o", "column", coefficient="scale"),
            kept.select("o", "column", coefficient=pl.lit(1.0)),
            kept.select("o", column="retire", coefficient=pl.lit(-1.0)),
            *([apart.select("o", "column", coefficient=pl.lit(1.0))] if apart.height else []),
            *([apart.select("o", column="retire", coefficient=-pl.col("scale"))] if apart.height else []),
        ]
    )
    here = here.join(kept.select("o", "retire"), on="o", how="left", maintain_order="left")
    _limits(build, case, names, here.filter(pl.col("capacity") == "tracked"), entries)
    return here, entries, built.select("column", "o", "n", "k", "t", "year", "scale"), apart


def add_vintages(build: Builder, case: Case, names: Codes, tracked: pl.DataFrame) -> pl.DataFrame:
    """Add stock that retires on its own account: rows with a class, a fixed cost or a size of units.

    Returns
    -------
    polars.DataFrame
        One row per row of the stock and period in which it stands: ``o, n, k, t``, what there is
        (``capacity``), its ``column``, that of what has retired early, ``retire``, and the capacity of one
        unit of the latter, ``scale``.
    """
    stock = vintages(case).filter("apart").with_row_index("v")
    if stock.is_empty():
        return pl.DataFrame()
    here = tracked.select("o", "n", "k", "t", "year", "payer", option="cost_fixed")
    rows = (
        names.frame(stock)
        .join(here, on=["n", "k"], maintain_order="left_right")
        .filter(alive_in(pl.col("year")))
        .with_columns(subject=pl.col("class"), scale=pl.col("unit_size").fill_null(1.0))
    )
    amount = rows["capacity"].to_numpy()
    whole = pl.col("unit_size").is_not_null()
    rows = rows.with_columns(column=pl.Series(build.add_columns("stock", rows, amount, amount)))
    parts = []
    for part, integer in ((rows.filter(~whole), False), (rows.filter(whole), True)):
        most = part["capacity"] / part["scale"]
        column = build.add_columns("retire", part, 0.0, most.to_numpy(), integer=integer)
        parts.append(part.with_columns(retire=pl.Series(column, dtype=pl.Int64)))
    rows = pl.concat(parts).sort("v", "t")
    cost = pl.coalesce("cost_fixed", "option", pl.lit(0.0))
    build.add_cost("fixed", rows.select("column", "n", "t", "payer", cost=cost))
    build.add_cost("fixed", rows.select("n", "t", "payer", column="retire", cost=-cost * pl.col("scale")))
    later = rows.with_columns(before=pl.col("retire").shift(1).over("v")).drop_nulls("before")
    row = build.add_rows("retire", later, 0.0, INFINITY)
    build.add_entries(row, later["retire"], 1.0)
    build.add_entries(row, later["before"], -1.0)
    return rows.select(
        "o", "n", "k", "t", "v", "class", "year_built", "capacity", "column", "retire", "scale"
    )


def _stay_retired(build: Builder, case: Case, names: Codes, kept: pl.DataFrame) -> None:
    """What has retired early stays so, but for what would have ended by itself since the period before."""
    later = (
        kept.sort("n", "k", "t")
        .with_columns(
            before=pl.col("retire").shift(1).over("n", "k"), past=pl.col("year").shift(1).over("n", "k")
        )
        .drop_nulls("before")
    )
    stood = standing(case, names, later, pl.col("past"), pooled=True)
    ended = stood - standing(case, names, later, pl.col("past"), pl.col("year"), pooled=True)
    rows = build.add_rows("retire", later, -ended.to_numpy(), INFINITY)
    build.add_entries(rows, later["retire"], 1.0)
    build.add_entries(rows, later["before"], -1.0)


def _limits(build: Builder, case: Case, names: Codes, tracked: pl.DataFrame, entries: pl.DataFrame) -> None:
    use = pl.col("availability") * pl.col("yearly_output")
    rows = build.add_rows("capacity", tracked, -INFINITY, 0.0)
    build.add_entries(rows, tracked["total"], 1.0)
    owner = tracked.select("o", row=pl.Series(rows), use=use)
    part = entries.join(owner, on="o", how="inner", maintain_order="left")
    build.add_entries(part["row"], part["column"], -(part["use"] * part["coefficient"]).to_numpy())
    bounded = tracked.filter(pl.col("potential").is_not_null())
    rows = build.add_rows("potential", bounded, -INFINITY, bounded["potential"].to_numpy())
    part = entries.join(bounded.select("o", row=pl.Series(rows)), on="o", how="inner", maintain_order="left")
    build.add_entries(part["row"], part["column"], part["coefficient"])
    growing = tracked.filter(pl.col("growth").is_not_null()).sort("n", "k", "t")
    base = base_year(case)
    growing = growing.with_columns(
        before=pl.col("o").shift(1).over("n", "k"),
        gap=(pl.col("year") - pl.col("year").shift(1).over("n", "k").fill_null(base)).cast(pl.Float64),
        base=standing(case, names, growing, pl.lit(base)),
    ).with_columns(
        times=(1.0 + pl.col("growth")).pow(pl.col("gap")),
        start=pl.when(pl.col("before").is_null()).then("base").otherwise(0.0),
    )
    room = growing.select(pl.col("times") * pl.col("start") + pl.col("growth_start")).to_series()
    rows = build.add_rows("growth", growing, -INFINITY, room.to_numpy())
    own = entries.join(growing.select("o", row=pl.Series(rows)), on="o", how="inner", maintain_order="left")
    build.add_entries(own["row"], own["column"], own["coefficient"])
    previous = growing.select("before", "times", row=pl.Series(rows)).drop_nulls("before")
    past = entries.join(previous, left_on="o", right_on="before", how="inner", maintain_order="left")
    build.add_entries(past["row"], past["column"], -(past["times"] * past["coefficient"]).to_numpy())


def add_exchange(build: Builder, case: Case, names: Codes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add purchases and sales at every node, and links between nodes.

    Returns
    -------
    tuple
        ``trade``: ``column, n, f, t, sign, direction``; ``sent``: ``column, n, g, f, t, arriving``.
    """
    if case["price"].is_empty() and case["link"].is_empty():
        return pl.DataFrame(schema=TRADE), pl.DataFrame(schema=SENT)
    price = names.frame(case["price"])
    periods = pl.DataFrame({"t": range(1, len(names.year) + 1)}, schema={"t": pl.Int32})
    places = pl.DataFrame({"n": range(1, len(names.node))}, schema={"n": pl.Int32}).join(periods, how="cross")
    domain = (
        price.select("f", "direction")
        .unique(maintain_order=True)
        .join(places, how="cross")
        .with_row_index("i")
    )
    trade = resolve(domain, price, ["f", "direction"]).sort("i")
    trade = trade.with_columns(sign=pl.when(pl.col("direction") == "purchase").then(1.0).otherwise(-1.0))
    limit = trade["limit"].fill_null(INFINITY).to_numpy()
    parts = []
    for direction in ("purchase", "sale"):
        part = trade.filter(pl.col("direction") == direction)
        mask = (trade["direction"] == direction).to_numpy()
        parts.append(
            part.with_columns(column=pl.Series(build.add_columns(direction, part, 0.0, limit[mask])))
        )
        build.add_cost(
            direction, parts[-1].select("column", "n", "t", "payer", cost=pl.col("value") * pl.col("sign"))
        )
    link = case["link"].rename({"from_node": "node"})
    link = names.frame(link).join(
        pl.DataFrame({"to_node": names.node, "g": range(len(names.node))}, schema={"to_node": pl.String,
        "g": pl.Int32}),
        on="to_node", how="left", maintain_order="left",
    )  # fmt: skip
    ways = link.select("n", "g", "to_node", "f").unique(maintain_order=True).join(periods, how="cross")
    link = resolve(ways.with_row_index("i"), link.drop("to_node"), ["n", "g", "f"], wild=("t",)).sort("i")
    column = build.add_columns(
        "link",
        link.with_columns(subject=pl.col("to_node")),
        0.0,
        link["limit"].fill_null(INFINITY).to_numpy(),
    )
    sent = link.select(
        "n",
        "g",
        "f",
        "t",
        "to_node",
        arriving=1.0 - pl.col("loss"),
        cost="cost",
        limit="limit",
        full_hours="full_hours",
    ).with_columns(column=pl.Series(column))
    build.add_cost("link", sent.select("column", "n", "t", pl.lit("").alias("payer"), "cost"))
    return pl.concat(parts).select(pl.col(c).cast(d) for c, d in TRADE.items()), sent
