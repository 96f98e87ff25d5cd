"""Reserve: firm capacity above the peak of every slice."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes, resolve
from tongyuan.pathway.problem.problem import Builder
from tongyuan.pathway.problem.slice import RUNNING
from tongyuan.pathway.problem.storage import outputs

RESERVE = {
    "n": pl.Int32, "f": pl.Int32, "t": pl.Int32, "l": pl.Int32, "row": pl.Int64, "margin": pl.Float64,
    "peak_ratio": pl.Float64, "hours": pl.Float64, "demand": pl.Float64,
}  # fmt: skip
FIRM = {"row": pl.Int64, "column": pl.Int64, "weight": pl.Float64, "side": pl.String}


def add_reserve(
    build: Builder, case: Case, names: Codes, balance: pl.DataFrame, moved: pl.DataFrame, place: pl.DataFrame,
    y: pl.DataFrame, capacity: pl.DataFrame,
) -> tuple[pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Add firm capacity ≥ (1 + margin) × peak ratio × mean load of each slice, for flows with a reserve.

    Capacity counts with its firm share, or its availability in the slice; what has no capacity of its own
    (exchange, technologies with free capacity or a fixed profile, outputs gained or given up) with what it
    gives on average in the slice. Charging of storage is no load.

    Returns
    -------
    tuple
        The rows (:data:`RESERVE`; `demand` is that of the slice) and their entries (:data:`FIRM`; `side` is
        ``load`` or ``firm``, in flow per hour).
    """
    if case["reserve"].is_empty():
        return pl.DataFrame(schema=RESERVE), pl.DataFrame(schema=FIRM)
    table = names.frame(case["reserve"].select("flow", "node", "year", "margin", "peak_ratio"))
    found = resolve(balance.with_row_index("i"), table, ["f"]).sort("i").drop("i")
    named = found.with_columns(subject=pl.Series(names.slice, dtype=pl.String).gather(found["l"]))
    above = (1.0 + pl.col("margin")) * pl.col("peak_ratio")
    need = found.select(above * pl.col("need") / pl.col("hours")).to_series().to_numpy()
    row = pl.Series(build.add_rows("reserve", named, need, np.inf), dtype=pl.Int64)
    rows = found.select(
        "n", "f", "t", "l", "margin", "peak_ratio", "hours", row=row, demand="need"
    ).select(pl.col(c).cast(d) for c, d in RESERVE.items())  # fmt: skip
    keys = rows.select("n", "f", "t", "l", "row", "hours")
    stands = (
        place.filter(
            pl.col("mode").is_in(RUNNING), pl.col("capacity") == "tracked", pl.col("use").is_not_null()
        )
        .join(outputs(case, names), on="k", maintain_order="left_right")
        .join(keys.rename({"hours": "span"}), on=["n", "f", "t", "l"], maintain_order="left")
        .with_columns(weight=pl.coalesce("firm", "use") * pl.col("rate") * pl.col("out") / pl.col("span"))
    )
    firm = capacity.join(stands.select("o", "row", "weight"), on="o", maintain_order="left_right").select(
        "row", "column", weight=pl.col("weight") * pl.col("coefficient"), side=pl.lit("firm")
    )
    counted = y.join(stands.select("o").unique(), on="o", how="semi")["column"].unique()
    mean = moved.filter(pl.col("role") != "charge").filter(
        ~((pl.col("role") == "output") & pl.col("column").is_in(counted.implode()))
    )
    mean = mean.join(keys, on=["n", "f", "t", "l"], maintain_order="left").select(
        "row", "column", weight=pl.col("coefficient") / pl.col("hours"),
        side=pl.when(pl.col("role") == "input").then(pl.lit("load")).otherwise(pl.lit("firm")),
    )  # fmt: skip
    # of a load the entry is negative: it asks for firm capacity
    entries = pl.concat([firm, mean])
    scaled = entries.join(rows.select("row", "margin", "peak_ratio"), on="row", maintain_order="left")
    value = pl.when(pl.col("side") == "load").then(above * pl.col("weight")).otherwise("weight")
    build.add_entries(scaled["row"], scaled["column"], scaled.select(value).to_series().to_numpy())
    return rows, entries.select(pl.col(c).cast(d) for c, d in FIRM.items())
