"""Reading plan tables: the folder ``plan/`` of a workspace, or a folder of its own with ``plan.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tongyuan.flows.gather import Tables
from tongyuan.ledger.finding import Finding, finding, require
from tongyuan.ledger.read import read
from tongyuan.ledger.settings import SETTINGS as WORKSPACE
from tongyuan.ledger.settings import PlanSettings
from tongyuan.ledger.workspace import Workspace
from tongyuan.pathway.case import Settings

PLAN = "plan"
"""Folder of the plan tables inside a workspace, and name of the scenario that meets every target."""

SETTINGS = "plan.toml"
KINDS = (".csv", ".xlsx", ".parquet")


def has_plan(workspace: Workspace) -> bool:
    """Return whether the workspace has plan tables."""
    return bool(_tables(workspace.folder / PLAN))


def _tables(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in KINDS and not p.name.startswith(("~$", "."))
    )


def read_plan(folder: Path, chosen: PlanSettings | None = None, **changed: Any) -> tuple[Tables, Settings]:
    """Return the plan tables in `folder`, with the place of every row, and their settings.

    Parameters
    ----------
    folder
        Folder of tables, or a workbook.
    chosen
        Branch ``[plan]`` of the workspace; without one ``plan.toml`` beside the tables is read.
    changed
        Settings that stand in for those of the file; there need be none when they are enough.

    Raises
    ------
    FindingError
        With every finding on files and settings.
    """
    inside = folder if folder.is_dir() else folder.parent
    files = [folder]
    if folder.is_dir():
        files = _tables(folder / "tables" if (folder / "tables").is_dir() else folder)
    reading = read(*files)
    # the unit of a coefficient is that of a rate, not of the species itself
    found: list[Finding] = [
        f
        for f in reading.findings
        if not (f.check == "wrong_dimension" and "/" in str(f.values.get("value", "")))
    ]
    settings, file = None, WORKSPACE if chosen else f"{PLAN}/{SETTINGS}"
    try:
        typed = chosen.model_dump(exclude_none=True) if chosen else {}
        if chosen and (inside / SETTINGS).is_file():
            found.append(finding("flows", "plan_settings_moved", file=f"{PLAN}/{SETTINGS}"))
        elif (inside / SETTINGS).is_file():
            typed = tomllib.loads((inside / SETTINGS).read_text(encoding="utf-8-sig"))
        settings = Settings(**{**typed, **changed})
    except (ValidationError, tomllib.TOMLDecodeError, TypeError) as problem:
        found += _wrong(problem, file)
    require(found)
    assert settings is not None
    return dict(reading.tables), settings


def _wrong(problem: Exception, file: str) -> list[Finding]:
    """Return what is wrong with the settings in `file`, a finding for each."""
    if not isinstance(problem, ValidationError):
        return [finding("flows", "plan_settings", file=file, message=str(problem))]
    found = []
    for error in problem.errors():
        key = ".".join(str(part) for part in error["loc"])
        if error["type"] == "missing":
            found.append(finding("flows", "plan_setting_missing", file=file, key=key))
        else:
            found.append(finding("flows", "plan_settings", file=file, message=f"{key}: {error['msg']}"))
    return found
