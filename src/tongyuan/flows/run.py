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
from tongyuan.ledger.lineage import read_run, run_record, run_table, write_run
from tongyuan.ledger.workspace import Workspace, load
from tongyuan.ledger.write import write_parquet
from tongyuan.reference.shelf import Language
from tongyuan.report.excel.workbook import write_excel
from tongyuan.report.html import write_html

RESULTS = "results"
"""Folder of the results inside a workspace."""

LANGUAGES: tuple[Language, ...] = ("zh", "en")

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
    """Check, account, plan, deploy and assess the workspace at `path`; write everything to its ``results/``.

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
    files = list(workspace.files)
    if "plan" in only and has_plan(workspace):
        tables |= plan(workspace, accounted.tables, stage)
        files += sorted(p for p in (path / PLAN).iterdir() if p.is_file())
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
        files += sorted(p for p in (path / FOLDER).glob("*") if p.is_file())
    if "assess" in only:
        tracked = track(known | (deployed.own if deployed else {}), workspace.settings)
        tables |= tracked.tables
        findings += [f for f in tracked.findings if f not in findings]
    stage("write")
    folder = path / RESULTS
    record = run_record(
        workspace.settings.model_dump(mode="json"),
        files,
        tables,
        letters=workspace.letters,
        folder=path,
    )
    write_run(record, folder)
    write_parquet(tables, folder)
    documents: list[Path] = []
    if deployed:
        stage("documents")
        documents = write_documents(deployed, tables, folder / DOCUMENTS, LANGUAGES)
    stage("report")
    reports = write_reports(tables, workspace, tuple(findings), record, folder, documents)
    return Run(folder, reports, tables, tuple(findings), tuple(documents))


def write_reports(
    tables: Mapping[str, pl.DataFrame],
    workspace: Workspace,
    findings: tuple[Finding, ...],
    record: Mapping[str, object],
    folder: Path,
    documents: Sequence[Path] = (),
) -> dict[Language, Path]:
    """Write the report (HTML and Excel) of `tables` in each language, with links to the `documents`."""
    reports: dict[Language, Path] = {}
    for language, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        shown = {
            **tables,
            "finding": findings_table(findings, language),
            "run": run_table(record),
            "document": listed(documents, folder, language),
        }
        name = f"report.{language}.html"
        title = workspace.settings.name if language == workspace.settings.language else None
        reports[language] = write_html(
            shown, folder / name, language, title=title, alternate=f"report.{other}.html"
        )
        write_excel(shown, folder / f"results.{language}.xlsx", language, title=title)
    return reports


def read_results(folder: Path) -> tuple[dict[str, pl.DataFrame], dict[str, object]]:
    """Return the tables and the run record that a run left in `folder`.

    Raises
    ------
    FileNotFoundError
        If there are no results.
    """
    record = read_run(folder)
    return {p.stem: pl.read_parquet(p) for p in sorted(folder.glob("*.parquet"))}, record
