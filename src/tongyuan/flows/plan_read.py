"""Reading the folder ``plan/`` of a workspace: its tables and ``plan.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tongyuan.flows.gather import Tables
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.read import read
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.case import Settings

PLAN = "plan"
"""Folder of the plan tables inside a workspace, and name of the scenario that meets every target."""

SETTINGS = "plan.toml"
KINDS = (".csv", ".xlsx", ".parquet")


def has_plan(workspace: Workspace) -> bool:
    """Return whether the workspace has plan tables."""
    return (workspace.folder / PLAN / SETTINGS).is_file()


def read_plan(folder: Path, **changed: Any) -> tuple[Tables, Settings]:
    """Return the plan tables in `folder`, with the place of every row, and their settings.

    Parameters
    ----------
    folder
        Folder of tables with ``plan.toml``, or a workbook beside one.
    changed
        Settings that stand in for those of the file; the file may be absent when they are enough.

    Raises
    ------
    FindingError
        With every finding on files and settings.
    """
    inside = folder if folder.is_dir() else folder.parent
    files = [folder]
    if folder.is_dir():
        at = folder / "tables" if (folder / "tables").is_dir() else folder
        files = sorted(
            p for p in at.iterdir() if p.suffix.lower() in KINDS and not p.name.startswith(("~$", "."))
        )
    reading = read(*files)
    # the unit of a coefficient is that of a rate, not of the species itself
    found: list[Finding] = [
        f
        for f in reading.findings
        if not (f.check == "wrong_dimension" and "/" in str(f.values.get("value", "")))
    ]
    settings = None
    try:
        typed = {}
        if (inside / SETTINGS).is_file():
            typed = tomllib.loads((inside / SETTINGS).read_text(encoding="utf-8-sig"))
        settings = Settings(**{**typed, **changed})
    except (ValidationError, tomllib.TOMLDecodeError, TypeError) as problem:
        message = str(problem).replace("\n", " ")
        found.append(finding("flows", "plan_settings", file=f"{PLAN}/{SETTINGS}", message=message))
    require(found)
    assert settings is not None
    return dict(reading.tables), settings
