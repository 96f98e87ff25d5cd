"""A plan that can be asked about: a checked case and the inventory it rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from tongyuan.flows.plan.aimed_air import aimed, told, with_avoided
from tongyuan.ledger.branch import ImpactSettings
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.settings import SETTINGS as WORKSPACE
from tongyuan.pathway.case.case import INPUT_TABLES, Case, draft
from tongyuan.pathway.case.check import case as checked_case
from tongyuan.pathway.case.check import check

if TYPE_CHECKING:
    from tongyuan.flows.source import Brought

ROOM = "pathway"
NEEDED = ("node", "period", "flow", "technology_option", "technology_flow", "demand")

CARBON, POLLUTION = ("emission", "CO2e"), ("emission", "pollution_equivalent")
COST = ("cost", "total")
AMBITION = ("pollution", "carbon")
"""Families of targets that are asked about; those of other families hold in the baseline too."""

POINTS, SLACK = 8, 0.02
"""Points of a front, and how far an alternative may go beyond least cost, in a plan of a workspace."""


@dataclass(frozen=True)
class Given:
    """A checked case, and the inventory it rests on when it comes from a workspace.

    `evaluate` accounts an activity table through the inventory. `draws` returns draws of the coefficients
    and the share of each that has limits, from a number of draws and a seed. `findings` are the warnings of
    the check.
    """

    case: Case
    evaluate: Callable[[pl.DataFrame], pl.DataFrame] | None = None
    draws: Callable[[int, int], tuple[Any, Any]] | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def kept(self) -> tuple[str, ...]:
        """Return the families of targets that are not asked about (:data:`AMBITION`)."""
        return tuple(sorted(set(self.case["target"]["family"]) - set(AMBITION)))


def given_of_tables(tables: Mapping[str, pl.DataFrame], settings: Any, name: str = "") -> Given:
    """Return plan tables, checked, without an inventory below them.

    Parameters
    ----------
    tables
        Plan tables by name; others are left aside.
    settings
        :class:`tongyuan.pathway.case.case.Settings`.
    name
        Of where they come from, for what is said about them.

    Raises
    ------
    FindingError
        With every finding at once.
    """
    used = {name: frame for name, frame in with_avoided(tables).items() if name in INPUT_TABLES}
    missing = ", ".join(table for table in NEEDED if table not in used)
    if missing:
        require([finding(ROOM, "cli_no_plan_tables", path=name, missing=missing)])
    findings = check(draft(used, settings))
    require(findings)
    found = aimed(checked_case(used, settings), tables, ImpactSettings())
    warnings = tuple(f for f in findings if f.severity == "warning")
    return Given(found.case, findings=(*warnings, *told(found)))


def given_of_workspace(workspace: Brought, name: str = "", **changed: Any) -> Given:
    """Return the plan of a workspace, on the emissions of its own inventory; drafted where it has none.

    Settings in `changed` stand in for those of branch ``[plan]``, for example ``discount_rate=0.08``.

    Raises
    ------
    FindingError
        With every finding at once.
    """
    from functools import partial

    from tongyuan.flows.account.account import account
    from tongyuan.flows.plan.certainty import factor_draws
    from tongyuan.flows.plan.drafted import planned
    from tongyuan.flows.plan.plan import prepare

    accounted = account(workspace).tables
    found = planned(workspace, accounted, **changed)
    case, inventory, _ = prepare(found.workspace, accounted, **changed)
    return Given(case, inventory.evaluate, partial(factor_draws, case, inventory), found.findings)


def given(source: Path, **settings: Any) -> Given:
    """Return the plan at `source`: a workspace, or a folder or workbook of plan tables.

    Parameters
    ----------
    settings
        Settings that stand in for those of the file; None leaves them.

    Raises
    ------
    FindingError
        With every finding at once.
    FileNotFoundError
        If there is nothing at `source`.
    """
    from tongyuan.flows.plan.read import read_plan
    from tongyuan.flows.source import open_workspace

    if not source.exists():
        raise FileNotFoundError(2, "No such file or directory", str(source))
    changed = {name: value for name, value in settings.items() if value is not None}
    if (source / WORKSPACE).is_file():
        return given_of_workspace(open_workspace(source), source.name, **changed)
    tables, chosen = read_plan(source, **changed)
    return given_of_tables(tables, chosen, source.name)


def has_rate(source: Path) -> bool:
    """Return whether settings at `source` can give a discount rate; it has no default."""
    from tongyuan.flows.plan.read import SETTINGS

    inside = source if source.is_dir() else source.parent
    return (inside / WORKSPACE).is_file() or (inside / SETTINGS).is_file()
