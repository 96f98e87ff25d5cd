"""Check a workspace as a run would meet it: its cells and tables, then what only accounting can tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from tongyuan.ledger.examine import examine
from tongyuan.ledger.finding import Finding, FindingError, with_names
from tongyuan.ledger.read.guard import readable
from tongyuan.ledger.read.read import read
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.workspace import Workspace
from tongyuan.ledger.workspace import check as check_folder


def check(path: Path) -> tuple[Workspace | None, tuple[Finding, ...]]:
    """Return the workspace at `path` and all findings; never raises for them.

    Where the tables have no error they are accounted: the same activity in two tables, rows of methods that
    contradict themselves and own factors that act nowhere are then said before a run.
    """
    workspace, findings = check_folder(path)
    if workspace is None or any(f.severity == "error" for f in findings):
        return workspace, findings
    from tongyuan.flows.account.account import emitted

    try:
        said = emitted(workspace).findings
    except FindingError as error:
        said = error.findings
    placed = tuple(f for f in said if f.severity == "error" or f.file)
    every = (*findings, *with_names(placed, workspace.tables.get("facility")))
    return replace(workspace, findings=every), every


def check_tables(settings: Settings, tables: Mapping[str, pl.DataFrame]) -> tuple[Finding, ...]:
    """Return all findings on tables that were read before, as :func:`check` says them of a workspace."""
    found = (*examine(tables, {}),)
    if not tables or any(f.severity == "error" for f in found):
        return found
    from tongyuan.flows.account.account import emitted

    try:
        said = emitted(Workspace(Path(), settings, tables)).findings
    except FindingError as error:
        said = error.findings
    placed = (f for f in said if f.severity == "error" or f.file)
    return (*found, *with_names(placed, tables.get("facility")))


def check_file(path: Path) -> tuple[Workspace, tuple[Finding, ...]]:
    """Return one file of tables as a workspace and all findings on it; never raises for them."""
    reading = read(path)
    settings = Settings(name=readable(path.stem), kind="province")
    read_in = Workspace(path.parent, settings, reading.tables, reading.findings, (path,), reading.letters)
    return read_in, reading.findings
