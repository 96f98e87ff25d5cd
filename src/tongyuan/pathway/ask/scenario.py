"""Scenarios without optimisation: growth of activity, adoption curves, and tables that compare them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import polars as pl

from tongyuan.ledger.table import conform
from tongyuan.pathway.case.case import Case
from tongyuan.pathway.case.encode import codes
from tongyuan.pathway.problem.base import base_activity, base_year, flows
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


CONTINUED = "continued"
"""Scenario in which everything goes on as in the base year, and grows with what it serves."""


def continued(case: Case) -> dict[str, pl.DataFrame]:
    """Return ``plan_activity`` and ``plan_emission`` of the base year carried on as it is today.

    No technology or device takes over from another: everything that yields a flow grows by one factor. What
    leaves the network of a node (all that is yielded less all that is taken in the base year) grows with
    its demand, and what one technology takes from another grows with the one that takes it.
    """
    base = base_activity(case)
    at = ("node", "flow")
    out = flows(case, base, "output").group_by(at).agg(out=pl.col("value").sum())
    out = out.filter(pl.col("out") > 0.0).sort(at)
    served = case["technology_flow"].filter(pl.col("role") == "output").sort("technology", "flow")
    served = served.unique("technology", keep="first", maintain_order=True).select("technology", "flow")
    places = out.select(at).with_row_index("i")
    taken = pl.concat(
        [
            flows(case, base.join(group, on="technology"), "input").with_columns(serves=pl.lit(flow))
            for (flow,), group in served.group_by("flow", maintain_order=True)
        ]
    )
    into = places.rename({"flow": "serves", "i": "j"})
    links = taken.join(places, on=at).join(into, on=("node", "serves"))
    between = np.zeros((places.height, places.height))
    np.add.at(between, (links["i"].to_numpy(), links["j"].to_numpy()), links["value"].to_numpy())
    whole = out["out"].to_numpy()
    net = whole - between.sum(axis=1)
    system = np.eye(places.height) - between / whole[:, None]
    wanted = case["demand"].group_by(*at, "year").agg(pl.col("value").sum())

    def asked(year: int) -> npt.NDArray[np.float64]:
        there = wanted.filter(pl.col("year") == year)
        return places.join(there, on=at, how="left", maintain_order="left")["value"].to_numpy()

    today = asked(base_year(case))
    today = np.where(today > 0.0, today, np.where(net > 0.0, net, 1.0))
    rows = []
    for year in case.years:
        then = asked(year)
        final = np.where((net > 0.0) & (then > 0.0), net * then / today, net)
        times = np.linalg.lstsq(system, final / whole)[0]
        rows.append(places.select(at).with_columns(year=pl.lit(year, pl.Int64), times=pl.Series(times)))
    growth = served.join(pl.concat(rows), on="flow")
    years = pl.DataFrame({"year": case.years}, schema={"year": pl.Int64})
    activity = (
        base.drop("year")
        .join(years, how="cross", maintain_order="left_right")
        .join(growth, on=("node", "technology", "year"), how="left", maintain_order="left")
        .with_columns(pl.col("value") * pl.col("times").fill_null(1.0))
        .select("node", "technology", "control", "year", "value")
    )
    named = pl.lit(CONTINUED).alias("scenario")
    units = case["technology_option"].select("technology", "unit").unique("technology")
    told = activity.join(units, on="technology", how="left", maintain_order="left").with_columns(named)
    return {
        "plan_activity": conform("plan_activity", told),
        "plan_emission": conform("plan_emission", outcome(case, activity).with_columns(named)),
    }
