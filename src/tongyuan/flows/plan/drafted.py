"""A plan where there is none: a workspace without plan tables is planned through a draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from tongyuan.flows.source import Brought
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding

if TYPE_CHECKING:
    from tongyuan.flows.ask.plan.draft import Drafted
    from tongyuan.flows.plan.plan import Prepared

DEFINING = ({"technology_source"}, {"node", "technology_option"})
"""Tables of which any set makes a plan of a workspace's own; fewer plan tables are hints for a draft."""


def has_plan(workspace: Brought) -> bool:
    """Return whether a workspace brings a plan of its own."""
    return any(tables <= set(workspace.tables) for tables in DEFINING)


class Planned(NamedTuple):
    """A workspace with plan tables, its own or drafted, what is said of a draft, and its case if at hand."""

    workspace: Brought
    findings: tuple[Finding, ...] = ()
    prepared: Prepared | None = None


def planned(workspace: Brought, accounted: Mapping[str, pl.DataFrame], **changed: Any) -> Planned:
    """Return a workspace with its plan: as it is where it has one, else drafted from its inventory.

    Settings in `changed` stand in for those of branch ``[plan]`` in a draft.

    Raises
    ------
    FindingError
        If it has none and none can be drafted.
    """
    if has_plan(workspace):
        return Planned(workspace)
    from tongyuan.flows.ask.plan.draft import draft

    made = draft(workspace, accounted, settings=workspace.settings.plan.model_copy(update=changed))
    return Planned(made.workspace, (_told(made), *made.findings), made.prepared)


def planned_if_it_can(workspace: Brought, accounted: Mapping[str, pl.DataFrame]) -> Planned | Finding | None:
    """Return a workspace with its plan, else what stands in the way; None where there is no inventory."""
    if not has_plan(workspace) and accounted["emission"].is_empty():
        return None
    try:
        return planned(workspace, accounted)
    except FindingError as wrong:
        if has_plan(workspace):
            raise
        said = [f for f in wrong.findings if f.severity == "error"]
        reason = Bilingual(said[0].message("zh"), said[0].message("en"))
        return finding("flows", "plan_not_drafted", count=len(said), reason=reason)


def _told(made: Drafted) -> Finding:
    return finding(
        "flows", "plan_drafted", technologies=made.tables["technology_option"].height,
        sources=made.tables["stock"].height,
    )  # fmt: skip
