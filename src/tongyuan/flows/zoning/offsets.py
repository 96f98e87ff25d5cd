"""Reductions at hand matched to the projects that need them."""

from __future__ import annotations

from datetime import date

import polars as pl

from tongyuan.flows.source import Brought
from tongyuan.flows.zoning.cases import given
from tongyuan.flows.zoning.region import coded_regions
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.table import conform
from tongyuan.reference.units import UnitError, factor
from tongyuan.zoning.offset.allocate import allocate

Tables = dict[str, pl.DataFrame]
ROOM = "zoning"


def offsets(inputs: Brought, project: pl.DataFrame, made: Tables, found: list[Finding]) -> Tables:
    """Return tables ``offset_admission, offset_use, offset_short, offset_price``.

    What a project needs of each substance is what the rules of replacement ask, the strictest of them. A
    source without verification, expired, or with more promised than there is, gives nothing and is told; a
    project that a ban refuses whatever is freed takes none. Sources and projects meet within a city.
    """
    source = coded_regions(given(inputs.tables, "offset"), "offset")
    if source.is_empty():
        return {}
    source = _tonnes(source)
    for name in source.filter(pl.col("verified") == False)["offset"].unique(maintain_order=True):  # noqa: E712
        found.append(finding(ROOM, "offset_unverified", name=name))
    for name in source.filter(pl.col("promised") > pl.col("value"))["offset"].unique(maintain_order=True):
        found.append(finding(ROOM, "offset_overdrawn", name=name))
    turned = source.filter(pl.col("expires") < pl.col("available"))
    require(finding(ROOM, "offset_turned", name=name) for name in turned["offset"].to_list())
    last = project["start"].fill_null(date.max).max() if project.height else date.max
    for name in source.filter(pl.col("expires") < last)["offset"].unique(maintain_order=True):
        found.append(finding(ROOM, "offset_expires", name=name))
    source = source.filter(pl.col("expires").is_null() | (pl.col("expires") >= last))
    open_ = source.filter(pl.col("verified").fill_null(True), pl.col("promised") <= pl.col("value"))
    city = pl.col("region").str.head(4) + "00"
    left = open_.select(
        source="offset", region=city, species="species", value=pl.col("value") - pl.col("promised"),
        available="available",
    )  # fmt: skip
    asked = made["verdict_rule"].filter(
        pl.col("fact").is_not_null(), pl.col("species").is_not_null(), pl.col("effect") == "condition",
        pl.col("relation").is_in(["at_least", "more_than"]),
    )  # fmt: skip
    need = asked.group_by("project", "species", maintain_order=True).agg(pl.col("limit").max().alias("value"))
    banned = made["verdict_rule"].filter(
        pl.col("effect") == "forbid", pl.col("state") == "failed_rule", pl.col("species").is_null()
    )
    wanting = project.join(need, on="project", how="semi").join(banned, on="project", how="anti")
    need = need.join(wanting, on="project", how="semi")
    if wanting.is_empty():
        return {}
    whom = wanting.select(
        "project", region=city, start=pl.col("start").fill_null(date.max),
        value=pl.coalesce("value", "investment", pl.lit(1.0)),
    )  # fmt: skip
    best = allocate(whom, need, left)
    titles = dict(project.select("project", "title").iter_rows())
    admission = best.admitted.with_columns(
        title=pl.col("project").replace_strict(titles, default=None, return_dtype=pl.String)
    )
    return {
        "offset_admission": conform("offset_admission", admission),
        "offset_use": conform("offset_use", best.used.rename({"source": "offset"})),
        "offset_short": conform("offset_short", best.short),
        "offset_price": conform("offset_price", best.price),
    }


def _tonnes(source: pl.DataFrame) -> pl.DataFrame:
    """Return the sources in tonnes; every unit that is no mass is an error."""
    scales: dict[str, float] = {}
    bad: list[Finding] = []
    for unit in source["unit"].unique(maintain_order=True).to_list():
        try:
            scales[unit] = factor(unit, "t")
        except UnitError:
            bad.append(finding(ROOM, "offset_unit", unit=unit))
    require(bad)
    scale = pl.col("unit").replace_strict(scales, return_dtype=pl.Float64)
    return source.with_columns(
        value=pl.col("value") * scale, promised=pl.col("promised").fill_null(0.0) * scale
    )
