"""What passes between the members of a region: pollution by a response, carbon with electricity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from tongyuan.flows.account.account import method_settings
from tongyuan.flows.impact.response import contribution_of
from tongyuan.flows.region.union import ROOM, Member, listed, title
from tongyuan.flows.source import Inputs
from tongyuan.inventory.methods.purchased_energy import emission_from_purchased_energy
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import PLACE, conform, empty
from tongyuan.reference.shelf import identify
from tongyuan.reference.units import factor


def pollution(
    members: Sequence[Member], tables: Mapping[str, pl.DataFrame], settings: Settings
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return table ``region_transfer``: how much of the air of every receptor comes from whom.

    The rows of a receptor and year sum to its concentration.

    Parameters
    ----------
    tables
        ``response`` and ``receptor``, the response by region (column ``node``).
    settings
        Those of the workspace that brings the response.
    """
    emission = pl.concat([m.tables["emission"] for m in members], how="diagonal_relaxed")
    made, found = contribution_of(Inputs(settings, tables, made={"emission": emission}))
    if made.is_empty():
        return empty("region_transfer"), found
    places = tables["receptor"].select("receptor", "region").unique("receptor", maintain_order=True)
    homes = {r: identify("region", text) or text for r, text in places.iter_rows() if text}
    rows = made.group_by("receptor", "year", "region", "species", "unit", maintain_order=True).agg(
        pl.col("value", "share").sum()
    )
    rows = rows.rename({"region": "from_region"}).with_columns(
        to_region=pl.col("receptor").replace_strict(homes, default=None, return_dtype=pl.String)
    )
    source = pl.col("from_region")
    kind = (
        pl.when(source.is_null() | (source == ""))
        .then(pl.lit("rest"))
        .when(source == pl.col("to_region"))
        .then(pl.lit("own"))
        .otherwise(pl.lit("from_member"))
    )
    made = conform("region_transfer", rows.with_columns(kind=kind))
    return made.sort("receptor", "year", -pl.col("value"), maintain_order=True), found


def power(
    members: Sequence[Member], exchange: pl.DataFrame, bought: pl.DataFrame, settings: Settings
) -> tuple[pl.DataFrame, tuple[Finding, ...]]:
    """Return table ``region_power``: electricity received and sent inside the region, and its carbon.

    What one sends another receives: over the region received and sent are equal, and so is the carbon, which
    is counted once, at the factor of the sender.

    Parameters
    ----------
    exchange
        Table ``power_exchange``.
    bought
        Tables ``purchased_energy`` of the members.
    settings
        Decide which published factor of the grid counts where a row gives none.

    Raises
    ------
    FindingError
        If a row sends to itself, names a region no member has, or has no published factor.
    """
    rows = exchange.drop(PLACE, strict=False)
    held = {r for m in members for r in m.tables["summary"]["region"].unique()}
    named = pl.concat([rows["from_region"], rows["to_region"]]).unique(maintain_order=True)
    strange = [title(r) for r in named if r not in held]
    require([finding(ROOM, "exchange_strange", regions=listed(strange))] if strange else [])
    require(
        finding(ROOM, "exchange_self", region=title(r["from_region"]), year=r["year"])
        for r in rows.filter(pl.col("from_region") == pl.col("to_region")).iter_rows(named=True)
    )
    asked = rows.select("year", "electricity", "factor", "source", region="from_region", buyer="to_region")
    emitted = emission_from_purchased_energy(conform("purchased_energy", asked), method_settings(settings))
    scales = {unit: factor(unit, "t") for unit in emitted["unit"].unique()}
    carbon = emitted["value"] * emitted["unit"].replace_strict(scales, return_dtype=pl.Float64)
    flow = rows.with_columns(carbon.alias("carbon"))
    came = flow.group_by("year", region="to_region").agg(
        received=pl.col("electricity").sum(), carbon_received=pl.col("carbon").sum()
    )
    went = flow.group_by("year", region="from_region").agg(
        sent=pl.col("electricity").sum(), carbon_sent=pl.col("carbon").sum()
    )
    own = bought.group_by("year", "region").agg(bought=pl.col("electricity").sum())
    made = came.join(went, on=["region", "year"], how="full", coalesce=True)
    made = made.with_columns(pl.col("received", "carbon_received", "sent", "carbon_sent").fill_null(0.0))
    made = made.join(own, on=["region", "year"], how="left")
    net = pl.col("bought") - (pl.col("received") - pl.col("sent"))
    made = conform("region_power", made.with_columns(beyond=net).sort("year", "region"))
    over = made.filter(pl.col("beyond") < -1e-9 * pl.col("received"))
    found = [
        finding(ROOM, "power_beyond", region=title(r["region"]), year=r["year"],
                inside=f"{r['received'] - r['sent']:,.6g}", bought=f"{r['bought']:,.6g}")
        for r in over.iter_rows(named=True)
    ]  # fmt: skip
    return made, tuple(found)
