"""The programme of a workspace in a run (部署): its plan as tasks, its assessment, its documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import polars as pl

from tongyuan.flows import documents
from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import load_plan, merged, region_of, results_of
from tongyuan.flows.plan.optimum import TABLES, with_optimum
from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.table import PLACE, empty
from tongyuan.programme import assessment as scoring
from tongyuan.programme.plan import NATION, Plan, indicators_of
from tongyuan.programme.plan import TABLES as PLAN_TABLES
from tongyuan.reference.shelf import Language

Tables = Mapping[str, pl.DataFrame]
REPORTED = ("progress", "evidence")


def deploy_tables(
    brought: Tables, made: Tables, settings: Settings
) -> tuple[dict[str, pl.DataFrame], tuple[Finding, ...]]:
    """Return the programme of a workspace as tables, and what is wrong with it.

    Parameters
    ----------
    brought
        Tables of the workspace: a programme of its own goes before one derived from the national plan for its
        region, with the workspace's own targets, those on the shelf for the region, or the national ones. For
        an enterprise none is derived: the tasks of a government are not its own.
    made
        Tables of the account and plan flows. The measures of a least-cost plan become tasks.

    Returns
    -------
    tables, findings
        ``task, milestone, indicator, programme_target``, and what departments reported.
    """
    given = {k: v.drop(PLACE, strict=False) for k, v in brought.items() if v.height}
    if settings.kind == "enterprise" and "task" not in given:
        return {}, ()
    earlier = {k: v for k, v in made.items() if v.height}
    plan = _plan_of(given, earlier, settings.region_id or NATION)
    if TABLES & set(earlier):
        plan = with_optimum(plan, earlier)
    above = {name: given[f"parent.{name}"] for name in PLAN_TABLES if f"parent.{name}" in given}
    parent = {name: empty(name) for name in PLAN_TABLES} | above if above else None
    found = deploy.checked(plan, parent or deploy.plan_above(settings.region_id or NATION))
    reported = {name: given[name] for name in REPORTED if name in given}
    return {k: v for k, v in (plan | reported).items() if v.height}, tuple(found)


def _plan_of(given: Tables, made: Tables, region: str) -> Plan:
    """Return the plan in the tables of a workspace, or one derived for its region from the next year on."""
    if "task" in given:
        tables = {name: given.get(name, empty(name)) for name in PLAN_TABLES}
        named = indicators_of(tables["programme_target"], str(tables["task"]["plan"][0]))
        known = pl.concat([tables["indicator"], named])
        return tables | {"indicator": known.unique("indicator", keep="first", maintain_order=True)}
    last = made["summary"]["year"].max() if "summary" in made else None
    start = int(last) + 1 if isinstance(last, int) else None
    return deploy.begin(region, targets=given.get("programme_target", ""), start=start)


def plan_in(tables: Tables) -> Plan:
    """Return the plan that table ``task`` and its companions hold."""
    return {name: tables.get(name, empty(name)) for name in PLAN_TABLES}


def place_of(tables: Tables, settings: Settings) -> tuple[str, int]:
    """Return the region a programme is of, and the year it is assessed for."""
    region = settings.region_id or region_of(plan_in(tables))
    return region, period_of(tables.get("target_status", empty("target_status")), region, tables)


def assess_tables(brought: Tables, made: Tables, settings: Settings) -> dict[str, pl.DataFrame]:
    """Return ``assessment``, ``assessment_line`` and ``assessment_rule`` of the programme in `made`.

    Editions in `brought` are kept; the new one follows them.
    """
    plan = plan_in(made)
    region, period = place_of(made, settings)
    name = plan["task"]["plan"][0]
    rules = brought.get("assessment_rule")
    rules = scoring.default_rules() if rules is None else rules.drop(PLACE, strict=False)
    kept = "assessment" in brought and "assessment_line" in brought
    result = scoring.assess(
        plan,
        made["target_status"].filter(pl.col("plan") == name),
        region=region,
        period=period,
        progress=made.get("progress"),
        evidence=made.get("evidence"),
        veto=brought["veto"].drop(PLACE, strict=False) if "veto" in brought else None,
        rules=rules,
        history=scoring.Assessment(brought["assessment"], brought["assessment_line"]) if kept else None,
    )
    every = {**result._asdict(), "assessment_rule": rules}
    return {key: frame for key, frame in every.items() if frame.height}


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


def period_of(status: pl.DataFrame, region: str, tables: Tables) -> int:
    """Return the year to assess: of the last observed target, else of the inventory, else of a target."""
    seen = status.filter(pl.col("region") == region)["observed_year"].max()
    summed = tables["summary"]["year"].max() if "summary" in tables else None
    for year in (seen, summed, status["year"].min()):
        if isinstance(year, int):
            return year
    raise FindingError([finding("programme", "no_period")])


def write_documents(
    tables: Tables, settings: Settings, folder: Path, languages: tuple[Language, ...]
) -> list[Path]:
    """Write the documents of the programme in the tables of a run, in every language; return the files."""
    plan = plan_in(tables)
    region, period = place_of(tables, settings)
    name = plan["task"]["plan"][0]
    held = dict(tables)
    if "target_status" in held:
        held["target_status"] = held["target_status"].filter(pl.col("plan") == name)
    return [
        path
        for language in languages
        for path in documents.write(plan, held, region, period, folder, language)
    ]
