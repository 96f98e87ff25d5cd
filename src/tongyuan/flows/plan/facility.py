"""What a plan sees of enterprises: their fuel and products as activity, their devices, and what they emit.

Their emission comes from guides, monitors and balances, not from factors of an activity. For a plan each
figure stands with the source that it changes with: gas that a converter gives away with its steel, what a
stack lets out with the coal of its unit.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.flows.account.account import areas_of, controls_of
from tongyuan.flows.account.gather import activity_of, of_years
from tongyuan.flows.facility.area import enterprises
from tongyuan.flows.source import Brought, Inputs
from tongyuan.ledger.table import conform, empty

Tables = dict[str, pl.DataFrame]
KEY = ["process", "product"]


def with_enterprises(
    workspace: Brought, accounted: Mapping[str, pl.DataFrame]
) -> tuple[Brought, Mapping[str, pl.DataFrame]]:
    """Return a workspace with its enterprises in ``activity`` and ``control``, and its inventory alike.

    The table ``facility`` is gone from the workspace returned, so that nothing is read twice, and what
    enterprises hold of an energy balance is taken out of it. Done twice it is as done once.

    Parameters
    ----------
    workspace
        Tables and settings.
    accounted
        Tables of its inventory.
    """
    if "facility" not in workspace.tables:
        return workspace, _placed(workspace, accounted)
    settings = workspace.settings.account
    within = enterprises(workspace, areas_of(workspace))
    parts = []
    for year in sorted(set(accounted["emission"]["year"].drop_nulls())):
        given = {name: of_years(frame, (year,)) for name, frame in workspace.tables.items()}
        now = (f.filter(pl.col("year") == year) for f in (within.activity, within.held))
        parts.append(activity_of(given, settings, workspace.letters, *now).activity)
    activity = pl.concat(parts, how="diagonal_relaxed") if parts else empty("activity")
    tables = {n: f for n, f in workspace.tables.items() if n not in ("facility", "energy_balance")}
    tables["activity"] = conform("activity", activity.filter(pl.col("year").is_not_null()))
    devices = controls_of(workspace.tables.get("control"), within.control)
    if devices is not None:
        tables["control"] = devices
    texts = getattr(workspace, "texts", {})
    seen = Inputs(workspace.settings, tables, texts, getattr(workspace, "made", {}), workspace.letters)
    return seen, _placed(seen, accounted)


def _placed(workspace: Brought, accounted: Mapping[str, pl.DataFrame]) -> Mapping[str, pl.DataFrame]:
    if "activity" not in workspace.tables or "facility" not in set(accounted["emission"]["tier"]):
        return accounted
    return {**accounted, "emission": beside_sources(accounted["emission"], workspace.tables["activity"])}


def beside_sources(emission: pl.DataFrame, activity: pl.DataFrame) -> pl.DataFrame:
    """Return emission in which what enterprises report stands with the source of its process.

    A row whose process and product no activity has takes the product of the greatest activity of its process;
    where the process has none either, and the sum is below zero, that of the branch of industry.
    """
    sizes = (
        activity.with_columns(pl.col("product").fill_null(""))
        .group_by("year", *KEY)
        .agg(pl.col("value").sum())
        .sort("value", "process", "product", descending=[True, False, False])
    )
    known = {(y, p, q) for y, p, q in sizes.select("year", *KEY).iter_rows()}
    first: dict[tuple[int, str], tuple[str, str]] = {}
    branch: dict[tuple[int, str], tuple[str, str]] = {}
    for year, process, product in sizes.select("year", *KEY).iter_rows():
        first.setdefault((year, process), (process, product))
        branch.setdefault((year, _branch(process)), (process, product))
    rows = emission.with_columns(pl.col("product").fill_null(""))
    own = rows.filter(pl.col("tier") == "facility").group_by("year", *KEY).agg(pl.col("value").sum())
    moved = []
    for year, process, product, value in own.select("year", *KEY, "value").iter_rows():
        if (year, process, product) in known:
            continue
        to = first.get((year, process))
        if to is None and value < 0:
            to = branch.get((year, _branch(process)))
        if to is not None:
            moved.append((year, process, product, *to))
    schema = {"year": pl.Int64, **dict.fromkeys([*KEY, "to_process", "to_product"], pl.String)}
    places = pl.DataFrame(moved, schema=schema, orient="row")
    here = pl.col("tier") == "facility"
    joined = rows.join(places, on=["year", *KEY], how="left", maintain_order="left")
    return joined.with_columns(
        pl.when(here).then(pl.coalesce(f"to_{name}", name)).otherwise(name).alias(name) for name in KEY
    ).select(emission.columns)


def _branch(process: str) -> str:
    return ".".join(process.split(".")[:2])
