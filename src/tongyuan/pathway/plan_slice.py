"""What a plan does in every time slice, and with every unit of the stock, as ledger tables."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.ledger.table import table
from tongyuan.pathway.problem.problem import Problem
from tongyuan.pathway.problem.timed import Timed
from tongyuan.pathway.solve.solution import Solution

KEYS = ["node", "flow", "year", "slice"]
NAMES = {"n": "node", "k": "technology", "c": "control", "f": "flow", "l": "slice"}
NEGLIGIBLE = 1e-9
"""A difference below this share of what it is the difference of is none."""


def decoded(problem: Problem, frame: pl.DataFrame) -> pl.DataFrame:
    """Return `frame` with the names of its codes beside them."""
    codes = problem.codes
    years = pl.Series("year", codes.year, dtype=pl.Int64)
    return frame.with_columns(
        *[
            pl.Series(name, getattr(codes, name), dtype=pl.String).gather(frame[short]).alias(name)
            for short, name in NAMES.items()
            if short in frame.columns
        ],
        *([years.gather(frame["t"] - 1)] if "t" in frame.columns else []),
    )


def amounts(solution: Solution, column: pl.Series) -> pl.Series:
    """Return the values of columns, never negative."""
    return pl.Series(np.maximum(solution.x[column.to_numpy()], 0.0))


def tables_by_slice(problem: Problem, solution: Solution) -> dict[str, pl.DataFrame]:
    """Return the tables of time slices, exchanged outputs and units of the stock that the plan has."""
    found: dict[str, pl.DataFrame] = {}
    timed = problem.timed
    if timed is not None and timed.balance.height:
        found["plan_dispatch"] = _dispatch(problem, solution, timed)
        found["plan_slice"] = _flow(problem, solution, timed)
        if timed.storage.height:
            found["plan_storage"] = _storage(problem, solution, timed)
        if timed.reserve.height:
            found["plan_reserve"] = _reserve(problem, solution, timed)
    if timed is not None and timed.swap.height:
        found["plan_swap"] = _swap(problem, solution, timed)
    if problem.parts["apart"].height:
        found["plan_stock"] = _stock(problem, solution)
    return {
        name: frame.select(c.name for c in table(name).columns if c.name in frame.columns)
        for name, frame in found.items()
    }


def yearly(problem: Problem, solution: Solution) -> pl.DataFrame:
    """Return what storage and exchanged outputs make and take: ``node, flow, year, value, side``."""
    timed = problem.timed
    kinds = {"node": pl.String, "flow": pl.String, "year": pl.Int64, "value": pl.Float64, "side": pl.String}
    if timed is None:
        return pl.DataFrame(schema=kinds)
    rows = timed.by_year()
    sign = pl.when(pl.col("side") == "input").then(-1.0).otherwise(1.0)
    rows = decoded(
        problem, rows.with_columns(value=sign * pl.col("coefficient") * amounts(solution, rows["column"]))
    )
    return rows.select(pl.col(c).cast(d) for c, d in kinds.items())


def marginal(problem: Problem, solution: Solution) -> pl.DataFrame:
    """Return the places of flows kept by slice, ``n, f, t``, and what one more unit over the year costs."""
    timed = problem.timed
    kinds = {"n": pl.Int32, "f": pl.Int32, "t": pl.Int32, "marginal_value": pl.Float64}
    if timed is None or not timed.balance.height:
        return pl.DataFrame(schema=kinds)
    place = timed.balance
    dual = solution.dual[place["row"].to_numpy()] / problem.factor[place["t"].to_numpy() - 1]
    rows = place.with_columns(marginal_value=pl.Series(dual) * pl.col("share"))
    summed = rows.group_by("n", "f", "t", maintain_order=True).agg(pl.col("marginal_value").sum())
    return summed.select(pl.col(c).cast(d) for c, d in kinds.items())


def _dispatch(problem: Problem, solution: Solution, timed: Timed) -> pl.DataFrame:
    weight = pl.when(pl.col("mode") == "profile").then("profile").otherwise(1.0)
    rows = timed.y.with_columns(value=weight * amounts(solution, timed.y["column"]))
    stands = problem.parts["capacity"].select(
        "o",
        stands=pl.Series(solution.x[problem.parts["capacity"]["column"].to_numpy()]) * pl.col("coefficient"),
    )
    stands = stands.group_by("o", maintain_order=True).agg(pl.col("stands").sum())
    full = timed.place.join(stands, on="o", maintain_order="left").select(
        "o", "l", full=pl.col("rate") * pl.col("stands")
    )
    rows = rows.join(full, on=["o", "l"], how="left", maintain_order="left").join(
        problem.parts["here"].select("o", "unit"), on="o", maintain_order="left"
    )
    whole = pl.col("value").sum().over("o", "l")
    return decoded(problem, rows).with_columns(use=pl.when(pl.col("full") > 0.0).then(whole / pl.col("full")))


def _flow(problem: Problem, solution: Solution, timed: Timed) -> pl.DataFrame:
    kinds = {
        "output": "production", "gained": "production", "given up": "production", "input": "consumption",
        "charge": "consumption", "purchase": "purchase", "sale": "sale", "received": "received",
        "sent": "sent",
    }  # fmt: skip
    negative = ("input", "charge", "sale", "sent")
    sign = pl.when(pl.col("role").is_in(negative)).then(-1.0).otherwise(1.0)
    rows = timed.moved.with_columns(
        value=sign * pl.col("coefficient") * amounts(solution, timed.moved["column"]),
        kind=pl.col("role").replace_strict(kinds, return_dtype=pl.String),
    )
    place = timed.balance
    dual = solution.dual[place["row"].to_numpy()] / problem.factor[place["t"].to_numpy() - 1]
    found = place.select("n", "f", "t", "l", demand="need", marginal_value=pl.Series(dual))
    columns = list(dict.fromkeys(kinds.values()))
    for kind in columns:
        part = rows.filter(pl.col("kind") == kind).group_by("n", "f", "t", "l", maintain_order=True)
        found = found.join(
            part.agg(pl.col("value").sum().alias(kind)),
            on=["n", "f", "t", "l"],
            how="left",
            maintain_order="left",
        )
    found = decoded(problem, found).with_columns(pl.col(columns).fill_null(0.0))
    found = found.join(problem.case["flow"].select("flow", "unit"), on="flow", maintain_order="left")
    net = (
        pl.col("production") - pl.col("consumption") + pl.col("purchase") - pl.col("sale")
        + pl.col("received") - pl.col("sent") - pl.col("demand")
    )  # fmt: skip
    largest = pl.max_horizontal(pl.col(*columns, "demand").abs())
    return found.with_columns(surplus=pl.when(net.abs() > NEGLIGIBLE * largest).then(net).otherwise(0.0))


def _storage(problem: Problem, solution: Solution, timed: Timed) -> pl.DataFrame:
    given = timed.y.with_columns(given=amounts(solution, timed.y["column"]))
    given = given.group_by("o", "l", maintain_order=True).agg(pl.col("given").sum())
    rows = timed.storage.join(given, on=["o", "l"], maintain_order="left").with_columns(
        charged=amounts(solution, timed.storage["charge"]), level=amounts(solution, timed.storage["level"]),
        discharged=pl.col("given") * pl.col("out"),
    )  # fmt: skip
    units = problem.case["flow"].select("flow", "unit")
    return decoded(problem, rows).join(units, on="flow", maintain_order="left")


def _swap(problem: Problem, solution: Solution, timed: Timed) -> pl.DataFrame:
    rows = timed.swap.with_columns(gained=amounts(solution, timed.swap["column"]))
    flow = pl.Series(problem.codes.flow, dtype=pl.String)
    rows = rows.with_columns(given_up=pl.col("gained") * pl.col("rate"), instead_of=flow.gather(rows["h"]))
    units = problem.case["flow"].select("flow", "unit")
    return decoded(problem, rows).join(units, on="flow", maintain_order="left")


def _reserve(problem: Problem, solution: Solution, timed: Timed) -> pl.DataFrame:
    entries = timed.firm.with_columns(
        value=pl.col("weight") * pl.Series(solution.x[timed.firm["column"].to_numpy()])
    )
    sides = [
        entries.filter(pl.col("side") == side)
        .group_by("row", maintain_order=True)
        .agg((sign * pl.col("value").sum()).alias(side))
        for side, sign in (("firm", 1.0), ("load", -1.0))
    ]
    rows = timed.reserve
    for part in sides:
        rows = rows.join(part, on="row", how="left", maintain_order="left")
    load = pl.col("peak_ratio") * (pl.col("load").fill_null(0.0) + pl.col("demand") / pl.col("hours"))
    dual = solution.dual[rows["row"].to_numpy()] / problem.factor[rows["t"].to_numpy() - 1]
    units = problem.case["flow"].select("flow", unit=pl.col("unit") + "/h")
    return (
        decoded(
            problem, rows.with_columns(load=load, price=pl.Series(dual), firm=pl.col("firm").fill_null(0.0))
        )
        .with_columns(required=(1.0 + pl.col("margin")) * pl.col("load"))
        .join(units, on="flow", maintain_order="left")
    )


def _stock(problem: Problem, solution: Solution) -> pl.DataFrame:
    rows = problem.parts["apart"]
    rows = rows.with_columns(retired=amounts(solution, rows["retire"]) * rows["scale"])
    units = problem.parts["here"].select("o", unit="capacity_unit")
    return (
        decoded(problem, rows.with_columns(existing="capacity", kept=pl.col("capacity") - pl.col("retired")))
        .join(units, on="o", maintain_order="left")
        .drop("capacity", "column", "retire", "scale")
    )
