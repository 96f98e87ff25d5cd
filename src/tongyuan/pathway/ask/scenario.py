"""Scenarios without optimisation: growth of activity, adoption curves, and tables that compare them."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.problem.coefficient import emissions


def grow(activity: pl.DataFrame, years: list[int], rate: Mapping[str, float], base_year: int) -> pl.DataFrame:
    """Return base-year activity carried to `years` at a yearly growth rate by technology (0 when not named).

    `activity` has ``node, technology, control, value``.
    """
    rates = pl.DataFrame(
        {"technology": list(rate), "rate": list(rate.values())},
        schema={"technology": pl.String, "rate": pl.Float64},
    )
    periods = pl.DataFrame({"year": years}, schema={"year": pl.Int64})
    grown = activity.select("node", "technology", "control", "value").join(
        periods, how="cross", maintain_order="left_right"
    )
    grown = grown.join(rates, on="technology", how="left", maintain_order="left").with_columns(
        pl.col("value") * (1.0 + pl.col("rate").fill_null(0.0)).pow(pl.col("year") - base_year)
    )
    return grown.drop("rate")


def adopt(
    activity: pl.DataFrame,
    source: tuple[str, str],
    target: tuple[str, str],
    share: Mapping[int, float],
    service: float = 1.0,
) -> pl.DataFrame:
    """Return activity in which a share of one technology (or control) passes to another by year.

    Parameters
    ----------
    activity
        ``node, technology, control, year, value``.
    source, target
        Pairs of technology and control.
    share
        Share of the source's activity that has passed over, by year; years not named keep theirs.
    service
        Activity of the target that replaces one unit of the source.
    """
    if any(not 0.0 <= s <= 1.0 for s in share.values()):
        raise ValueError("a share adopted lies between 0 and 1")
    shares = pl.DataFrame(
        {"year": list(share), "passed": list(share.values())}, schema={"year": pl.Int64, "passed": pl.Float64}
    )
    rows = activity.join(shares, on="year", how="left", maintain_order="left").with_columns(
        pl.col("passed").fill_null(0.0)
    )
    here = (pl.col("technology") == source[0]) & (pl.col("control") == source[1])
    moved = rows.filter(here).with_columns(
        technology=pl.lit(target[0]),
        control=pl.lit(target[1]),
        value=pl.col("value") * pl.col("passed") * service,
    )
    kept = rows.with_columns(
        pl.when(here).then(pl.col("value") * (1.0 - pl.col("passed"))).otherwise(pl.col("value"))
    )
    keys = ["node", "technology", "control", "year"]
    return (
        pl.concat([kept, moved])
        .group_by(keys, maintain_order=True)
        .agg(pl.col("value").sum())
        .select(*keys, "value")
    )


def outcome(case: Case, activity: pl.DataFrame) -> pl.DataFrame:
    """Return the emission of every species under an activity table, by node, technology, control and year."""
    return emissions(case, codes(case), activity)


def compare(emission: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return total emissions of scenarios side by side: ``species, year`` and one column per scenario."""
    table: pl.DataFrame | None = None
    for name, frame in emission.items():
        total = frame.group_by("species", "year", maintain_order=True).agg(pl.col("value").sum().alias(name))
        table = (
            total if table is None else table.join(total, on=["species", "year"], how="full", coalesce=True)
        )
    if table is None:
        raise ValueError("no scenario to compare")
    return table.sort("species", "year")
