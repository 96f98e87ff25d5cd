"""A workspace goes into the archive as a submission, and comes out of it to be run as if it were a folder."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl

from tongyuan.flows.check import check_tables
from tongyuan.ledger import table as ledger
from tongyuan.ledger.examine import examine
from tongyuan.ledger.finding import Finding, require
from tongyuan.ledger.run_set import sets
from tongyuan.ledger.settings import Settings
from tongyuan.ledger.waive import waived
from tongyuan.ledger.workspace import Workspace
from tongyuan.store import workspace as beside
from tongyuan.store.database import Session
from tongyuan.store.published import digest_of, publish, published
from tongyuan.store.record import LINE, Change, filled, rows, write
from tongyuan.store.submission import Head, head_of, open_submission, organisations

KIND = "inventory"
"""Kind of the submission that a workspace becomes."""


def bring(session: Session, organisation: str, workspace: Workspace, period: str) -> int:
    """Write a workspace as a submission of `organisation`; return its number.

    Raises
    ------
    ValueError
        If the organisation has an inventory of that period already.
    """
    number = open_submission(session, organisation, kind=KIND, period=period)
    changes = {
        name: Change(frame.select(ledger.PLACE, pl.exclude("^_.*$")))
        for name, frame in workspace.tables.items()
        if name in ledger.tables_of(role="input") and frame.height
    }
    write(session, number, changes, based_on=1)
    beside.keep(
        session,
        number,
        {
            "settings": workspace.settings.model_dump(mode="json"),
            "texts": dict(workspace.texts),
            "letters": {sheet: dict(found) for sheet, found in workspace.letters.items()},
            "inputs": {name: dict(found) for name, found in workspace.inputs.items()},
        },
    )
    return number


def bring_runs(session: Session, archive: Path, results: Path, number: int) -> list[str]:
    """Publish the sets of a folder of results as runs of a submission; return the names of the new ones."""
    head, every = head_of(session, number), published(session)
    known = set(every.filter(pl.col("organisation") == head.organisation)["digest"])
    made = []
    for folder in sets(results):
        digest = digest_of(folder)
        if digest in known:
            continue
        name = f"import-{digest[:12]}"
        if name in every["run"]:  # the same set stands there for another organisation
            name += f"-{number}"
        if not (archive / name).exists():
            _copy(folder, archive / name)
        publish(
            session, archive, name, organisation=head.organisation, submission=number, version=head.version
        )
        made.append(name)
    return made


def _copy(folder: Path, target: Path) -> None:
    """Copy a set so that it appears whole: a half copy of a process that was ended is never taken for one."""
    draft = target.with_name(f".{target.name}-{uuid4().hex}")
    try:
        shutil.copytree(folder, draft)
        draft.rename(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def tables_of(session: Session, submission: int, version: int | None = None) -> dict[str, pl.DataFrame]:
    """Return the tables of a submission that have rows; every row says where it came from."""
    read = {
        name: rows(session, name, submission=submission, version=version)
        for name in filled(session, sorted(ledger.tables_of(role="input")), submission)
    }
    typed = pl.col(ledger.PLACE).str.split("|").list.first().fill_null("")
    return {
        name: frame.with_columns(
            pl.when(typed.is_in(["", name]))
            .then(pl.format("{}||{}", pl.lit(name), LINE))
            .otherwise(ledger.PLACE)
            .alias(ledger.PLACE)
        ).select(pl.exclude("^_.*$"), ledger.PLACE)
        for name, frame in read.items()
        if frame.height
    }  # fmt: skip


def settings_of(session: Session, head: Head, content: Mapping[str, Any] | None) -> Settings:
    """Return the settings a submission was brought with, or those its organisation gives."""
    if content is not None:
        return Settings.model_validate(content["settings"])
    found = organisations(session).row(by_predicate=pl.col("organisation") == head.organisation, named=True)
    kind = found["kind"] if found["kind"] in ("province", "city", "park") else "enterprise"
    return Settings(name=found["title_zh"], kind=kind, region=found["region"])


def workspace_of(session: Session, submission: int, version: int | None = None) -> Workspace:
    """Return a submission, as it stands or stood at `version`, as the workspace it is, checked.

    Raises
    ------
    FindingError
        With every finding, if one of them is an error.
    """
    head, content = head_of(session, submission), beside.kept(session, submission, version)
    settings, tables = settings_of(session, head, content), tables_of(session, submission, version)
    told: Mapping[str, Any] = content or {}
    letters = told.get("letters", {})
    findings = tuple(waived(list(examine(tables, letters)), settings.account.waive))
    require(findings)
    return Workspace(
        Path(),
        settings,
        tables,
        findings,
        letters=letters,
        inputs=told.get("inputs", {}),
        texts=told.get("texts", {}),
    )


def findings_of(session: Session, head: Head) -> tuple[Finding, ...]:
    """Return what the ledger and the account of a submission's tables find."""
    settings = settings_of(session, head, beside.kept(session, head.submission))
    return check_tables(settings, tables_of(session, head.submission))
