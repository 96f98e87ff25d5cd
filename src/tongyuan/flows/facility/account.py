"""The account of enterprises: monthly records in, emission with its method and reason out."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from tongyuan.facility.carbon.account import Carbon, carbon, unknown_guides
from tongyuan.facility.carbon.allocation import allocation_lines
from tongyuan.facility.carbon.form import carbon_lines
from tongyuan.facility.carbon.table import default_cost, emission_table, missing_months
from tongyuan.facility.fleet.fleet import fleet_check
from tongyuan.flows.facility.monitor import monitored
from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Finding, require
from tongyuan.ledger.table import empty

Tables = dict[str, pl.DataFrame]


def carbon_of(workspace: Brought) -> Carbon:
    """Return the carbon of the enterprises of `workspace` in the years that are accounted.

    Raises
    ------
    FindingError
        If the settings name a guide that there is not.
    """
    settings = workspace.settings
    require(unknown_guides(settings.facility.guide))
    return carbon(
        in_years(workspace.tables, settings.account.years),
        chosen=settings.facility.guide,
        unverified=settings.account.include_unverified,
        letters=workspace.letters,
    )


def in_years(tables: Mapping[str, pl.DataFrame], years: tuple[int, ...]) -> Tables:
    """Return tables with the months of `years` only; all when none are named."""
    wanted = [str(year) for year in years]
    return {
        name: frame.filter(pl.col("month").str.slice(0, 4).is_in(wanted))
        if wanted and "month" in frame.columns
        else frame
        for name, frame in tables.items()
    }


def account_facilities(workspace: Brought) -> tuple[Tables, tuple[Finding, ...]]:
    """Return what enterprises emit, in tables of the ledger, and findings.

    Tables ``facility_emission`` (carbon, and pollutants in the order of data of the law), ``outlet_month``,
    ``substitution``, ``default_cost``, ``missing_month``, ``carbon_line``,
    ``allocation_line`` and ``fleet_check``.

    Raises
    ------
    FindingError
        If a row cannot be accounted: with all of them, each at its cell.
    """
    made = carbon_of(workspace)
    require(made.findings)
    given = in_years(workspace.tables, workspace.settings.account.years)
    seen = monitored(workspace, made)
    tables = {
        "facility_emission": pl.concat([emission_table(made.lines), seen.emission]),
        "outlet_month": seen.outlet_month,
        "substitution": seen.substitution,
        "default_cost": default_cost(made.fuel),
        "missing_month": missing_months(given, made.lines),
        "fleet_check": fleet_check(
            *(given.get(n, empty(n)) for n in ("vehicle_run", "vehicle", "vehicle_inspection"))
        ),
        "carbon_line": carbon_lines(made.fuel, made.lines, made.outputs, made.figures),
        "allocation_line": allocation_lines(
            made.lines,
            made.outputs,
            given.get("installation", empty("installation")),
            made.slag,
            made.figures,
        ),
    }
    return in_years(tables, workspace.settings.account.years), (*made.findings, *seen.findings)
