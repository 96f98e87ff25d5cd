"""A plan where there is none: a workspace without plan tables is planned through a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding

if TYPE_CHECKING:
    from tongyuan.flows.ask.plan.draft import Drafted

DEFINING = "technology_option"
"""The table without which a workspace has no plan of its own."""


class Planned(NamedTuple):
    """A workspace with plan tables, its own or drafted, and what is said of the draft."""

    workspace: Brought
    findings: tuple[Finding, ...] = ()


def planned(workspace: Brought, accounted: Mapping[str, pl.DataFrame]) -> Planned:
    """Return a workspace with its plan: as it is where it has one, else drafted from its inventory.

    Raises
    ------
    FindingError
        If it has none and none can be drafted.
    """
    if DEFINING in workspace.tables:
        return Planned(workspace)
    from tongyuan.flows.ask.plan.draft import draft

    made = draft(workspace, accounted)
    return Planned(made.workspace, (_told(made), *made.findings))


def planned_if_it_can(workspace: Brought, accounted: Mapping[str, pl.DataFrame]) -> Planned | Finding | None:
    """Return a workspace with its plan, else what stands in the way; None where there is no inventory."""
    if DEFINING not in workspace.tables and accounted["emission"].is_empty():
        return None
    try:
        return planned(workspace, accounted)
    except FindingError as wrong:
        if DEFINING in workspace.tables:
            raise
        said = [f for f in wrong.findings if f.severity == "error"]
        reason = Bilingual(said[0].message("zh"), said[0].message("en"))
        return finding("flows", "plan_not_drafted", count=len(said), reason=reason)


def _told(made: Drafted) -> Finding:
    return finding(
        "flows", "plan_drafted", technologies=made.tables["technology_option"].height,
        sources=made.tables["stock"].height,
    )  # fmt: skip
