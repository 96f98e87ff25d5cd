"""Reading plan tables: the folder ``plan/`` of a workspace, or a folder of its own with ``plan.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from tongyuan.flows.account.gather import Tables
from tongyuan.ledger.branch import PlanSettings
from tongyuan.ledger.finding import Finding, FindingError, finding, require
from tongyuan.ledger.read.read import read
from tongyuan.ledger.settings import SETTINGS as WORKSPACE
from tongyuan.pathway.case.case import Settings

PLAN = "plan"
"""Folder of the plan tables inside a workspace, and name of the scenario that meets every target."""

SETTINGS = "plan.toml"
KINDS = (".csv", ".xlsx", ".parquet")


def plan_files(folder: Path) -> list[Path]:
    """Return the files of tables in the folder of a plan, none where there is no such folder."""
    if not folder.is_dir():
        return []
    return sorted(
        p for p in folder.iterdir() if p.suffix.lower() in KINDS and not p.name.startswith(("~$", "."))
    )


def read_tables(files: Sequence[Path]) -> tuple[Tables, list[Finding]]:
    """Return the plan tables in `files`, with the place of every row, and what reading them found.

    Raises
    ------
    FindingError
        With every finding, if one of them is an error.
    """
    tables, found = _read(files)
    require(found)
    return tables, found


def _read(files: Sequence[Path]) -> tuple[Tables, list[Finding]]:
    if not files:
        return {}, []
    reading = read(*files)
    # the unit of a coefficient is that of a rate, not of the species itself
    found = [
        f
        for f in reading.findings
        if not (f.check == "wrong_dimension" and "/" in str(f.values.get("value", "")))
    ]
    return dict(reading.tables), found


def plan_settings(chosen: PlanSettings, **changed: Any) -> Settings:
    """Return how the costs of a plan are counted: branch ``[plan]``, with `changed` in its stead.

    Raises
    ------
    FindingError
        With a finding for each setting that is missing or wrong.
    """
    try:
        return Settings(**{**chosen.model_dump(exclude_none=True), **changed})
    except (ValidationError, TypeError) as problem:
        raise FindingError(_wrong(problem, WORKSPACE)) from None


def read_plan(folder: Path, **changed: Any) -> tuple[Tables, Settings]:
    """Return the plan tables in a folder of their own, with the place of every row, and their settings.

    Parameters
    ----------
    folder
        Folder of tables with ``plan.toml``, or a workbook.
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
        files = plan_files(folder / "tables" if (folder / "tables").is_dir() else folder)
    tables, found = _read(files)
    settings, file = None, f"{PLAN}/{SETTINGS}"
    try:
        typed = {}
        if (inside / SETTINGS).is_file():
            typed = tomllib.loads((inside / SETTINGS).read_text(encoding="utf-8-sig"))
        settings = Settings(**{**typed, **changed})
    except (ValidationError, tomllib.TOMLDecodeError, TypeError) as problem:
        found += _wrong(problem, file)
    require(found)
    assert settings is not None
    return tables, settings


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
