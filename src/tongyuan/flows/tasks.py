"""The deploy flow of a run (部署): the plan of a workspace as tasks, scored and written as documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import polars as pl

from tongyuan.flows import deploy, documents
from tongyuan.flows.folder import (
    ASSESSED,
    PLAN,
    REPORTED,
    history_of,
    load_plan,
    merged,
    own_table,
    region_of,
    results_of,
    rules_of,
)
from tongyuan.flows.optimum import TABLES, with_optimum
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.table import PLACE, empty
from tongyuan.ledger.workspace import Workspace
from tongyuan.programme.assessment import assess
from tongyuan.programme.plan import NATION, Plan, indicators_of
from tongyuan.programme.plan import TABLES as PLAN_TABLES
from tongyuan.reference.shelf import Language

FOLDER = "programme"
"""Folder of a workspace with a plan of its own."""

COLLECTED = ("progress", "evidence", "indicator_observation")


class Deployed(NamedTuple):
    """The plan of a workspace, its tables, and the year it is assessed for."""

    plan: Plan
    tables: dict[str, pl.DataFrame]
    own: dict[str, pl.DataFrame]
    region: str
    period: int
    findings: tuple[Finding, ...]


def deploy_workspace(workspace: Workspace, tables: Mapping[str, pl.DataFrame]) -> Deployed:
    """Put the plan of a workspace to work.

    Parameters
    ----------
    workspace
        A folder ``programme/`` with a plan goes before a table ``task`` of the workspace, and that before a
        plan derived from the national one for its region, with the workspace's own targets, those on the
        shelf for the region, or the national ones.
    tables
        Tables of the account and plan flows. The measures of a least-cost plan become tasks.

    Returns
    -------
    Deployed
        Tables of the plan, ``target_status``, ``indicator_observation``, ``assessment`` and its lines and
        rules, and what departments reported. `own` has the tables that go before the shelves when the run is
        assessed; it is empty for a derived plan. The period is the last year with an observation of a target.
    """
    given = {k: v.drop(PLACE, strict=False) for k, v in {**workspace.tables, **tables}.items() if v.height}
    folder = workspace.folder / FOLDER
    mine = (folder / PLAN).is_file()
    found: list[Finding] = []
    if mine:
        plan, found = load_plan(folder)
        region, back = region_of(plan), merged(folder)
    else:
        region = workspace.settings.region_id or NATION
        plan = _plan_of(given, region)
        back = {name: given.get(name, empty(name)) for name in COLLECTED}
    if TABLES & set(given):
        plan = with_optimum(plan, given)
    state, told = deploy.tracked(
        plan,
        back["indicator_observation"],
        given,
        include_unverified=workspace.settings.account.include_unverified,
    )
    period = period_of(state["target_status"], region, given)
    rules = rules_of(folder)
    scored = assess(
        plan,
        state["target_status"],
        region=region,
        period=period,
        progress=back["progress"],
        evidence=back["evidence"],
        veto=own_table(folder, "veto") if mine else given.get("veto"),
        rules=rules,
        history=history_of(folder / ASSESSED),
    )
    reported = {name: back[name] for name in REPORTED}
    every = plan | state | reported | scored._asdict() | {"assessment_rule": rules}
    kept = {name: frame for name, frame in every.items() if frame.height}
    own = plan | {"indicator_observation": back["indicator_observation"]} if mine else {}
    return Deployed(plan, kept, own, region, period, (*found, *deploy.checked(plan, folder), *told))


def _plan_of(given: Mapping[str, pl.DataFrame], region: str) -> Plan:
    """Return the plan in the tables of a workspace, or one derived for its region from the next year on."""
    if "task" in given:
        tables = {name: given.get(name, empty(name)) for name in PLAN_TABLES}
        named = indicators_of(tables["programme_target"], str(tables["task"]["plan"][0]))
        known = pl.concat([tables["indicator"], named])
        return tables | {"indicator": known.unique("indicator", keep="first", maintain_order=True)}
    last = given["summary"]["year"].max() if "summary" in given else None
    start = int(last) + 1 if isinstance(last, int) else None
    return deploy.begin(region, targets=given.get("programme_target", ""), start=start)


def year_of(folder: Path, results: Path | None = None, today: date | None = None) -> int:
    """Return the year that the plan in `folder` is reported and assessed for when none is named.

    The last year that departments reported; else, with the results of a run, the last one observed; else the
    last full year before `today`.
    """
    reported = merged(folder)["progress"]["year"].max()
    if isinstance(reported, int):
        return reported
    if results is None:
        return (today or date.today()).year - 1
    plan, _ = load_plan(folder)
    tables, _ = deploy.track(folder, results)
    return period_of(tables["target_status"], region_of(plan), results_of(results))


def period_of(status: pl.DataFrame, region: str, tables: Mapping[str, pl.DataFrame]) -> int:
    """Return the year to assess: of the last observed target, else of the inventory, else of a target."""
    seen = status.filter(pl.col("region") == region)["observed_year"].max()
    summed = tables["summary"]["year"].max() if "summary" in tables else None
    for year in (seen, summed, status["year"].min()):
        if isinstance(year, int):
            return year
    raise FindingError([finding("programme", "no_period")])


def write_documents(
    deployed: Deployed, tables: Mapping[str, pl.DataFrame], folder: Path, languages: tuple[Language, ...]
) -> list[Path]:
    """Write the documents of a run in every language; return the files."""
    return [
        path
        for language in languages
        for path in documents.write(
            deployed.plan, {**tables, **deployed.tables}, deployed.region, deployed.period, folder, language
        )
    ]
