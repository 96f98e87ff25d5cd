"""A workspace: a folder with ``tongyuan.toml`` and tables as Excel, CSV or Parquet files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from tongyuan.ledger.branch import Kind
from tongyuan.ledger.examine import examine
from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding, require
from tongyuan.ledger.read.guard import PARQUET, TEXT, WORKBOOK, readable
from tongyuan.ledger.read.read import read
from tongyuan.ledger.read.summed import EMBEDDED, Engine
from tongyuan.ledger.run_set import hashed
from tongyuan.ledger.settings import SETTINGS, Settings, read_settings, settings_text
from tongyuan.ledger.table import resource_rows, table
from tongyuan.ledger.waive import waived
from tongyuan.ledger.write.atomic import write_text
from tongyuan.reference.language import catalogue
from tongyuan.reference.shelf import Language

TABLES = "tables"
"""Folder of the tables inside a workspace."""

CHECKED = "checked"
"""Folder of annotated copies inside a workspace."""

_READ = (*WORKBOOK, ".xls", *TEXT, *PARQUET)


@dataclass(frozen=True)
class Workspace:
    """Settings, tables and findings of a workspace, and the files they come from.

    `letters` maps ``file|sheet`` to column → letter, so that the place of a row can be shown as a cell;
    `inputs` has SHA-256 and size of every file as it was read; `texts` are files that are no tables.

    Examples
    --------
    >>> ty.example("minimal").settings.account.years
    (2021,)
    """

    folder: Path
    settings: Settings
    tables: Mapping[str, pl.DataFrame]
    findings: tuple[Finding, ...] = ()
    files: tuple[Path, ...] = ()
    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def kinds() -> dict[str, tuple[Bilingual, tuple[str, ...]]]:
    """Return the kinds of workspace: their titles and the tables people fill in for them."""
    return {
        row["kind"]: (Bilingual(row["title_zh"], row["title_en"]), tuple(row["tables"].split("|")))
        for row in resource_rows("kind.csv")
    }


def init(
    path: Path, template: Kind = "province", *, name: str = "", region: str = "", language: Language = "zh"
) -> Path:
    """Make a workspace in the folder `path`: settings and a template to fill in.

    Parameters
    ----------
    path
        A new or existing folder without ``tongyuan.toml``.
    template
        Kind of workspace; decides which tables the template has.
    name, region, language
        Go into the settings; the name is that of the folder when not given.

    Returns
    -------
    Path
        The template to fill in.

    Raises
    ------
    FindingError
        If the folder already is a workspace or cannot be written; nothing is changed then.
    """
    from tongyuan.ledger.write.template import write_template

    if (path / SETTINGS).exists():
        raise FindingError([finding("ledger", "folder_not_empty", file=SETTINGS, path=str(path))])
    label = name or readable(path.resolve().name) or template
    settings = Settings(name=label, kind=template, language=language, region=region)
    wanted = kinds()[template][1]
    file = path / TABLES / f"{_file_name(wanted, language)}.xlsx"
    if not file.exists():
        write_template(file, wanted, language, kind=template)
    write_text(path / SETTINGS, settings_text(settings))
    return file


def _file_name(tables: tuple[str, ...], language: Language) -> str:
    from tongyuan.ledger.write.excel import sheet_name, title

    return sheet_name(
        catalogue("ledger")["data_file"][language] if len(tables) > 1 else title(table(tables[0]), language)
    )


def files(folder: Path, settings: Settings) -> tuple[tuple[Path, ...], list[Finding]]:
    """Return the files that the setting `tables` names, in order, and what is wrong with its patterns."""
    found: dict[Path, None] = {}
    findings: list[Finding] = []
    for pattern in settings.tables:
        pure = PurePosixPath(pattern.replace("\\", "/"))
        if pure.is_absolute() or ".." in pure.parts or not pure.parts or pattern[1:2] == ":":
            findings.append(finding("ledger", "pattern_outside", file=SETTINGS, pattern=pattern))
            continue
        try:
            matches = sorted(
                p for p in folder.glob(pure.as_posix())
                if p.is_file() and p.suffix.lower() in _READ and not p.name.startswith(("~$", "."))
            )  # fmt: skip
        except (ValueError, OSError, NotImplementedError, RecursionError):
            findings.append(finding("ledger", "pattern_invalid", file=SETTINGS, pattern=pattern))
            continue
        inside = [p for p in matches if p.resolve().is_relative_to(folder.resolve())]
        if len(inside) < len(matches):
            findings.append(finding("ledger", "pattern_outside", file=SETTINGS, pattern=pattern))
        if not matches:
            findings.append(finding("ledger", "pattern_without_file", file=SETTINGS, pattern=pattern))
        found |= dict.fromkeys(inside)
    return tuple(found), findings


def check(path: Path) -> tuple[Workspace | None, tuple[Finding, ...]]:
    """Read everything in the workspace at `path` and return it with all findings; never raises for them.

    The workspace is None when its settings cannot be used; its tables are checked all the same.
    """
    settings, findings = read_settings(path)
    if not path.is_dir():
        return None, tuple(findings)
    usable = settings or Settings(name=readable(path.name) or ".", kind="province")
    paths, wrong = files(path, usable)
    findings += wrong if settings else []
    years = usable.account.years
    year = years[0] if len(years) == 1 else None
    inputs = hashed(paths, path)
    reading = read(*paths, region=usable.region_id, year=year, engine=_engine(usable))
    changed = [name for name, found in hashed(paths, path).items() if found != inputs[name]]
    findings += [finding("ledger", "file_changed", file=name) for name in changed]
    own = _own_region(reading.findings, usable)
    findings += own
    findings = waived([*findings, *examine(reading.tables, reading.letters)], usable.account.waive)
    if settings and not reading.tables and not any(f.severity == "error" for f in findings):
        findings.append(finding("ledger", "no_tables", file=TABLES))
    if settings is None:
        return None, tuple(findings)
    every = tuple(findings)
    return Workspace(path, settings, reading.tables, every, paths, reading.letters, inputs), every


def _engine(settings: Settings) -> Engine | None:
    """Return what sums activity by source while it is read, None where its rows are wanted."""
    if settings.account.engine == "spark":
        from tongyuan.ledger.read.cluster import SPARK

        return SPARK
    return EMBEDDED if settings.account.detail == "key" else None


def _own_region(findings: tuple[Finding, ...], settings: Settings) -> list[Finding]:
    """Leave out what was said about a region that the settings name as their own."""
    return [
        f
        for f in findings
        if not (f.check == "unknown_region" and settings.region and f.values.get("value") == settings.region)
    ]


def load(path: Path) -> Workspace:
    """Return the workspace at `path`.

    Raises
    ------
    FindingError
        With all findings at once, if any of them is an error.
    """
    workspace, findings = check(path)
    require(findings)
    assert workspace is not None
    return workspace


def annotate_all(path: Path, workspace: Workspace, language: Language) -> tuple[list[Path], list[Finding]]:
    """Write annotated copies of the files that have findings to ``checked/``; return them and what failed."""
    from tongyuan.ledger.write.annotate import annotate

    copies: list[Path] = []
    failed: list[Finding] = []
    for file in workspace.files:
        if file.suffix.lower() not in (*WORKBOOK, *TEXT) or not any(
            f.file == file.name for f in workspace.findings
        ):
            continue
        alike = sum(other.stem == file.stem for other in workspace.files)
        target = path / CHECKED / f"{file.stem if alike == 1 else file.name}.xlsx"
        try:
            copies.append(annotate(file, workspace.findings, target, language))
        except FindingError as error:
            failed += error.findings
    return copies, failed
