"""Exit of existing capacity, remediation, greening and photovoltaics of a workspace."""

from __future__ import annotations

import polars as pl

from tongyuan.flows.source import Brought
from tongyuan.flows.zoning.cases import given
from tongyuan.flows.zoning.project import grid_year
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.table import empty, from_rows
from tongyuan.reference.energy import grid
from tongyuan.reference.shelf import identify
from tongyuan.zoning.existing.exit import exit_list
from tongyuan.zoning.green.plant import greening
from tongyuan.zoning.land.remediation import remediation
from tongyuan.zoning.land.reuse import photovoltaic

Tables = dict[str, pl.DataFrame]
ROOM = "zoning"
IMPLAUSIBLE = 1.2
"""Claimed over accounted from which a claim is told; a round number of ours."""


def land(inputs: Brought, found: list[Finding]) -> Tables:
    """Return tables ``exit_rank, remediation_route, greening_plan, land_reuse_yield`` of a workspace."""
    tables = inputs.tables
    settings = inputs.settings.account
    made = {"exit_rank": exit_list(given(tables, "exit_unit"), seed=settings.seed)}
    made["remediation_route"] = _sites(inputs, found)
    made["greening_plan"] = _green(inputs, found)
    made["land_reuse_yield"] = _panels(inputs, found)
    return made


def _sites(inputs: Brought, found: list[Finding]) -> pl.DataFrame:
    site, option = given(inputs.tables, "remediation_site"), given(inputs.tables, "remediation_option")
    for name in option.join(site, on="site", how="anti")["site"].unique(maintain_order=True):
        found.append(finding(ROOM, "site_unknown", name=name))
    parts = []
    for row in site.iter_rows(named=True):
        own = option.filter(pl.col("site") == row["site"])
        routes = remediation(row, own)
        for name in own.filter(~pl.col("option").is_in(routes["option"].implode()))["option"]:
            found.append(finding(ROOM, "option_without_cost", name=row["site"], option=name))
        if routes.height and not routes["feasible"].any():
            found.append(finding(ROOM, "no_route", name=row["site"], count=routes.height))
        parts.append(routes)
    return pl.concat(parts) if parts else empty("remediation_route")


def _green(inputs: Brought, found: list[Finding]) -> pl.DataFrame:
    species = given(inputs.tables, "greening_species")
    names = {s: identify("greening_species", s) or s for s in species["species"].to_list()}
    species = species.with_columns(pl.col("species").replace(names))
    parts = []
    for row in given(inputs.tables, "greening_site").iter_rows(named=True):
        try:
            parts.append(greening(row, species))
        except FindingError as told:
            found += told.findings
    return pl.concat(parts) if parts else empty("greening_plan")


def _panels(inputs: Brought, found: list[Finding]) -> pl.DataFrame:
    lines = []
    for row in given(inputs.tables, "land_reuse_site").iter_rows(named=True):
        year = grid_year(row["region"], row["year"])
        try:
            factor = grid.grid_factor(row["region"][:2] + "0000", year, "average").value
        except KeyError:
            found.append(finding(ROOM, "no_grid_factor", name=row["site"], year=row["year"]))
            continue
        made = photovoltaic(row["capacity"], row["hours"], factor, row["claimed"])
        if made.ratio is not None and made.ratio > IMPLAUSIBLE:
            found.append(finding(ROOM, "claim_implausible", name=row["site"], ratio=f"{made.ratio:.2f}"))
        lines.append({
            "site": row["site"], "title": row["title"], "generation": made.generation, "factor": factor,
            "carbon": made.carbon, "claimed": row["claimed"], "ratio": made.ratio,
        })  # fmt: skip
    return from_rows("land_reuse_yield", lines)
