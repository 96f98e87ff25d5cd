"""The main job: check a workspace, account, plan, deploy, assess; write ``results/`` with its reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from tongyuan.flows.account import Stage, account
from tongyuan.flows.assess import measure, track
from tongyuan.flows.documents import listed
from tongyuan.flows.plan import plan
from tongyuan.flows.plan_read import PLAN, has_plan
from tongyuan.flows.score import index_of
from tongyuan.flows.tasks import FOLDER, deploy_workspace, write_documents
from tongyuan.ledger.finding import Finding, findings_table
from tongyuan.ledger.run_set import RESULTS, hashed, latest, new_set, read_set, run_record, run_table
from tongyuan.ledger.workspace import Workspace, load
from tongyuan.ledger.write import write_parquet
from tongyuan.reference.shelf import Language
from tongyuan.report.excel.workbook import write_excel
from tongyuan.report.html import write_html

DOCUMENTS = "documents"
"""Folder of the official documents inside the results."""

FLOWS = ("account", "plan", "deploy", "assess")
"""The flows a run may be limited to; accounting always comes first."""


class Run(NamedTuple):
    """What a run leaves behind."""

    folder: Path
    reports: Mapping[Language, Path]
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    documents: tuple[Path, ...] = ()


def run(path: Path, stage: Stage = lambda _: None, only: Sequence[str] = FLOWS) -> Run:
    """Check, account, plan, deploy and assess the workspace at `path`; write one set of results.

    Parameters
    ----------
    path
        Folder of the workspace. It is planned when it has a folder ``plan/``.
    stage
        Called with the name of each stage as it begins.
    only
        Flows to run after accounting.

    Raises
    ------
    FindingError
        If the workspace has findings of severity *error*; nothing is written then.
    """
    stage("check")
    workspace = load(path)
    if "assess" in only:
        index_of(workspace.settings, path)
    accounted = account(workspace, stage)
    tables = dict(accounted.tables)
    findings = [*workspace.findings, *accounted.findings]
    inputs = dict(workspace.inputs)
    if "plan" in only and has_plan(workspace):
        tables |= plan(workspace, accounted.tables, stage)
        inputs |= hashed((p for p in (path / PLAN).iterdir() if p.is_file()), path)
    known = {**workspace.tables, **accounted.tables}
    if "assess" in only:
        stage("assess")
        measured = measure(known, workspace.settings, path)
        tables |= measured.tables
        known |= measured.tables
        findings += measured.findings
    deployed = None
    if "deploy" in only:
        stage("deploy")
        deployed = deploy_workspace(workspace, tables)
        tables |= deployed.tables
        findings += deployed.findings
        inputs |= hashed((p for p in (path / FOLDER).glob("*") if p.is_file()), path)
    if "assess" in only:
        tracked = track(known | (deployed.own if deployed else {}), workspace.settings)
        tables |= tracked.tables
        findings += [f for f in tracked.findings if f not in findings]
    stage("write")
    record = run_record(
        workspace.settings.model_dump(mode="json"),
        inputs,
        tables,
        steps=["account", *(flow for flow in FLOWS[1:] if flow in only)],
        letters=workspace.letters,
    )
    chosen = workspace.settings.report
    with new_set(path / RESULTS) as draft:
        write_parquet(tables, draft.folder)
        documents: list[Path] = []
        if deployed and chosen.documents:
            stage("documents")
            documents = write_documents(deployed, tables, draft.folder / DOCUMENTS, chosen.languages)
        stage("report")
        reports = write_reports(tables, workspace, tuple(findings), record, draft.folder, documents)
        draft.seal(record)
    folder = draft.final
    return Run(
        folder,
        {language: folder / path.name for language, path in reports.items()},
        tables,
        tuple(findings),
        tuple(folder / DOCUMENTS / path.name for path in documents),
    )


def write_reports(
    tables: Mapping[str, pl.DataFrame],
    workspace: Workspace,
    findings: tuple[Finding, ...],
    record: Mapping[str, object],
    folder: Path,
    documents: Sequence[Path] = (),
) -> dict[Language, Path]:
    """Write the report (HTML and Excel) of `tables` in its languages, with links to `documents`."""
    reports: dict[Language, Path] = {}
    languages = workspace.settings.report.languages
    for language in languages:
        other = next((f"report.{other}.html" for other in languages if other != language), None)
        shown = {
            **tables,
            "finding": findings_table(findings, language),
            "run": run_table(record),
            "document": listed(documents, folder, language),
        }
        name = f"report.{language}.html"
        title = workspace.settings.name if language == workspace.settings.language else None
        reports[language] = write_html(
            shown,
            folder / name,
            language,
            title=title,
            alternate=other,
        )
        write_excel(shown, folder / f"results.{language}.xlsx", language, title=title)
    return reports


def read_results(path: Path) -> tuple[dict[str, pl.DataFrame], dict[str, object]]:
    """Return the tables and the record of the newest set of `path`: a workspace, its results, or one set.

    Raises
    ------
    FileNotFoundError
        If there are no results.
    FindingError
        If the set is not as it was written.
    """
    return read_set(latest(path) or path)
