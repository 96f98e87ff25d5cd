"""Where tables come from: a workspace brings everything it holds as tables.

Below this door no flow knows of folders: a step takes tables and settings, and gives tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

import polars as pl

from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.ledger.run_set import hashed
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.workspace import Workspace, load

INDEX = "index"
"""Name of the text of an index system of one's own."""


class Brought(Protocol):
    """What flows know of a workspace: its settings and its tables."""

    @property
    def settings(self) -> Settings:
        """Return the settings."""

    @property
    def tables(self) -> Mapping[str, pl.DataFrame]:
        """Return the tables that were brought, by name."""

    @property
    def letters(self) -> Mapping[str, Mapping[str, str]]:
        """Return the letters of the columns of each sheet, so that a finding can name a cell."""


@dataclass(frozen=True)
class Inputs:
    """What a step is handed.

    `tables` and `texts` (an own index system) came with the workspace; `made` are tables that earlier steps
    of the run wrote. `letters` names the columns of the sheets they stand in.
    """

    settings: Settings
    tables: Mapping[str, pl.DataFrame]
    texts: Mapping[str, str] = field(default_factory=dict)
    made: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def open_workspace(path: Path) -> Workspace:
    """Return everything that the workspace at `path` holds.

    Its tables are those the settings name, those of the folder ``plan/``, and those of a programme of its
    own in ``programme/``, which go before tables of the same name elsewhere.

    Raises
    ------
    FindingError
        With every finding, if one of them is an error.
    """
    from tongyuan.flows.deploy.folder import programme_of
    from tongyuan.flows.plan.read import PLAN, SETTINGS, plan_files, read_tables

    workspace = load(path)
    if (path / PLAN / SETTINGS).is_file():
        raise FindingError([finding("flows", "plan_settings_moved", file=f"{PLAN}/{SETTINGS}")])
    files = plan_files(path / PLAN)
    plan, told = read_tables(files)
    programme, found, used = programme_of(path)
    brought, more, read = _proxies(path, workspace.tables)
    return replace(
        workspace,
        tables={**workspace.tables, **plan, **programme, **brought},
        findings=(*workspace.findings, *told, *found, *more),
        inputs={**workspace.inputs, **hashed((*files, *used, *read), path)},
        texts=_texts(path, workspace.settings),
    )


def _proxies(
    path: Path, tables: Mapping[str, pl.DataFrame]
) -> tuple[dict[str, pl.DataFrame], list[Finding], list[Path]]:
    """Return table ``proxy`` with the features of the files that ``proxy_file`` names."""
    if "proxy_file" not in tables:
        return {}, [], []
    from tongyuan.flows.allocation.files import proxy_files

    rows, told, used = proxy_files(path, tables["proxy_file"])
    whole = [frame for frame in (tables.get("proxy"), rows) if frame is not None]
    return {"proxy": pl.concat(whole, how="diagonal_relaxed")}, told, used


def _texts(path: Path, settings: Settings) -> dict[str, str]:
    name = settings.assess.index
    if not name.endswith(".toml"):
        return {}
    try:
        return {INDEX: (path / name).read_text(encoding="utf-8-sig")}
    except (OSError, UnicodeDecodeError):
        raise FindingError([finding("flows", "index_unreadable", path=name)]) from None
