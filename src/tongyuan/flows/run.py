"""The main job: open a workspace, run the steps of its flows, write one set of results with reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import polars as pl

from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.flows.step import FLOWS, Tell, of_flows, run_steps, steps
from tongyuan.ledger.finding import Bilingual, Finding, findings_table
from tongyuan.ledger.run_set import RESULTS, latest, new_set, read_set, run_record, run_table
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.workspace import Workspace
from tongyuan.ledger.write.write import write_parquet
from tongyuan.reference.shelf import Language

DOCUMENTS = "documents"
"""Folder of the official documents inside a set."""

BEFORE = {"check": Bilingual("检查工作区", "Checking the workspace")}
AFTER = {
    "write": Bilingual("写出结果", "Writing the results"),
    "documents": Bilingual("写出公文", "Writing the official documents"),
    "report": Bilingual("生成报告", "Writing the report"),
}


class Run(NamedTuple):
    """What a run leaves behind."""

    folder: Path
    reports: Mapping[Language, Path]
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...]
    documents: tuple[Path, ...] = ()


def flows() -> tuple[str, ...]:
    """Return the flows that have a step, in the order of the plan of 2022."""
    present = {flow for step in steps() for flow in step.flows}
    return tuple(flow for flow in FLOWS if flow in present)


def stages(only: Sequence[str] = ()) -> dict[str, Bilingual]:
    """Return the titles of everything a run of the flows `only` (all when empty) tells, in order."""
    told = dict(BEFORE)
    for step in of_flows(only or flows()):
        told |= {step.name: step.title, **step.parts}
    return told | AFTER


def run(path: Path, stage: Tell = lambda _: None, only: Sequence[str] = ()) -> Run:
    """Run the steps of the flows on the workspace at `path`; write one set of results.

    Parameters
    ----------
    path
        Folder of the workspace. It is planned when it has plan tables.
    stage
        Called with the name of each stage as it begins (:func:`stages`).
    only
        Flows to run after accounting; all when empty.

    Raises
    ------
    FindingError
        If the workspace has findings of severity *error*; nothing is written then.
    """
    stage("check")
    return run_workspace(open_workspace(path), path / RESULTS, stage, only)


def run_workspace(
    workspace: Workspace, results: Path, stage: Tell = lambda _: None, only: Sequence[str] = ()
) -> Run:
    """Run the steps of the flows on a workspace that is at hand, as :func:`run` does, into `results`."""
    settings, chosen = workspace.settings, workspace.settings.report
    wanted = tuple(only) or flows()
    if "assess" in wanted:
        from tongyuan.flows.score import index_of

        index_of(settings, workspace.texts)
    inputs = Inputs(settings, workspace.tables, workspace.texts, letters=workspace.letters)
    tables, found, ran = run_steps(of_flows(wanted), inputs, stage)
    findings = (*workspace.findings, *found)
    stage("write")
    record = run_record(
        settings.model_dump(mode="json"), workspace.inputs, tables, steps=ran, letters=workspace.letters
    )
    with new_set(results) as draft:
        write_parquet(tables, draft.folder)
        documents: list[Path] = []
        if chosen.documents and "task" in tables:
            from tongyuan.flows.deploy.tasks import write_documents

            stage("documents")
            documents = write_documents(tables, settings, draft.folder / DOCUMENTS, chosen.languages)
        stage("report")
        reports = write_reports(tables, settings, findings, record, draft.folder, documents)
        draft.seal(record)
    folder = draft.final
    return Run(
        folder,
        {language: folder / path.name for language, path in reports.items()},
        tables,
        findings,
        tuple(folder / DOCUMENTS / path.name for path in documents),
    )


def write_reports(
    tables: Mapping[str, pl.DataFrame],
    settings: Settings,
    findings: tuple[Finding, ...],
    record: Mapping[str, object],
    folder: Path,
    documents: Sequence[Path] = (),
) -> dict[Language, Path]:
    """Write the report (HTML and Excel) of `tables` in its languages, with links to `documents`."""
    from tongyuan.flows.documents import listed
    from tongyuan.report.base.excerpt import excerpt
    from tongyuan.report.chapters import all_sections
    from tongyuan.report.excel.full import write_tables
    from tongyuan.report.excel.workbook import write_excel
    from tongyuan.report.html.document import write_html

    reports: dict[Language, Path] = {}
    parts = {name: excerpt(name, frame) for name, frame in tables.items()}
    languages = settings.report.languages
    for language in languages:
        other = next((f"report.{other}.html" for other in languages if other != language), None)
        shown = {
            **tables,
            "finding": findings_table(findings, language),
            "run": run_table(record),
            "document": listed(documents, folder, language),
        }
        title = settings.title(language)
        path = folder / f"report.{language}.html"
        made = all_sections(shown, language)
        reports[language] = write_html(shown, path, language, title=title, alternate=other, sections=made)
        if settings.report.annex:
            annex = folder / f"report.{language}.annex.html"
            write_html(shown, annex, language, title=title, sections=made, annex=True)
        write_excel(shown, folder / f"results.{language}.xlsx", language, title=title, sections=made)
        write_tables(shown, folder / f"tables.{language}.xlsx", language, title=title, parts=parts)
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
