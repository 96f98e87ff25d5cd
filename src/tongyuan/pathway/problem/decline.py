"""How fast what stands may be given up: activity falls by no more than a share of the base year in a year."""

from __future__ import annotations

import numpy as np
import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import Codes
from tongyuan.pathway.case.known import remembered
from tongyuan.pathway.problem.base import base_activity, base_year
from tongyuan.pathway.problem.problem import Builder


@remembered
def least(case: Case) -> pl.DataFrame:
    """Return the least activity of what has a limit of decline: ``node, technology, year, least``.

    The stock of the base year falls in a straight line: with a decline of 0.05 a year a tenth may be gone
    after two years and all of it after twenty.
    """
    option = case["technology_option"]
    empty = pl.DataFrame(
        schema={"node": pl.String, "technology": pl.String, "year": pl.Int64, "least": pl.Float64}
    )
    if option["decline"].is_null().all():
        return empty
    base = base_activity(case).group_by("node", "technology", maintain_order=True).agg(pl.col("value").sum())
    general = option.filter(pl.col("node") == "").select("technology", general="decline")
    exact = option.filter(pl.col("node") != "").select("node", "technology", "decline", own=pl.lit(True))
    known = (
        base.join(exact, on=["node", "technology"], how="left", maintain_order="left")
        .join(general, on="technology", how="left", maintain_order="left")
        .with_columns(pl.when("own").then("decline").otherwise("general").alias("decline"))
        .drop_nulls("decline")
    )
    years = pl.DataFrame({"year": case.years}, schema={"year": pl.Int64})
    gone = pl.col("decline") * (pl.col("year") - base_year(case))
    return (
        known.join(years, how="cross")
        .select("node", "technology", "year", least=pl.col("value") * (1.0 - gone).clip(0.0))
        .filter(pl.col("least") > 0.0)
    )


def add_decline(build: Builder, case: Case, names: Codes, here: pl.DataFrame) -> None:
    """Hold the activity of technologies with a limit of decline at least at what may not yet be gone."""
    rows = names.frame(least(case).select("node", "technology", "least", "year"))
    if rows.is_empty():
        return
    part = here.select("o", "n", "k", "t", "year", "total").join(
        rows.select("n", "k", "t", "least"), on=["n", "k", "t"], how="inner", maintain_order="left"
    )
    row = build.add_rows("decline", part, part["least"].to_numpy(), np.inf)
    build.add_entries(row, part["total"], 1.0)
