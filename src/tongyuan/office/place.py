"""Where an office lives: a folder with its published runs and, unless told otherwise, its database."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.office.account import begin
from tongyuan.office.operation import Office
from tongyuan.store import backup, trail
from tongyuan.store.database import open_database, reading, writing
from tongyuan.store.published import digest_of, published
from tongyuan.store.scope import Scope
from tongyuan.store.upgrade import upgrade

DATABASE, RUNS = "archive.db", "runs"
"""Names inside the folder of an office: its database, where it is SQLite, and its published runs."""

OPERATOR = "operator"
"""Whoever works on the machine of the office itself, as the trail names them."""


def open_office(folder: Path, database: str = "") -> Office:
    """Return the office in `folder`, brought to the tables of this release; made where there is none.

    Parameters
    ----------
    database
        Address of a database elsewhere, ``postgresql://…``; SQLite in the folder when empty.

    Raises
    ------
    FindingError
        If the database cannot be opened, or is of another release.
    """
    (folder / RUNS).mkdir(parents=True, exist_ok=True)
    engine = open_database(database or f"sqlite:///{folder / DATABASE}")
    upgrade(engine)
    return Office(engine, folder / RUNS)


def first_passwords(office: Office) -> dict[str, str]:
    """Return the passwords for one use of the first administrators; empty where there are accounts."""
    with writing(office.engine, Scope(OPERATOR)) as session:
        return begin(session)


def back_up(office: Office, folder: Path) -> dict[str, int]:
    """Copy database and published runs to `folder`, while they are used; return how much was copied.

    Raises
    ------
    FindingError
        If the folder exists already or cannot be written.
    """
    if folder.exists():
        raise FindingError([finding("store", "backup_exists", file=folder.name)])
    with reading(office.engine, Scope.everything(OPERATOR)) as session:
        runs = published(session)
    for place in runs["place"]:
        shutil.copytree(office.archive / place, folder / RUNS / place)
    manifest = backup.back_up(office.engine, folder / "database", OPERATOR)
    return {"tables": len(manifest["tables"]), "runs": runs.height}


def restore(folder: Path, office: Office) -> dict[str, int]:
    """Bring a copy into an empty office, and prove every row and every run by its digest.

    Raises
    ------
    FindingError
        If the copy is damaged or of another release, or the office is not empty; nothing is written then.
    """
    manifest = backup.check_backup(folder / "database")
    rows = folder / "database" / "published_run.parquet"
    runs = pl.read_parquet(rows) if rows.is_file() else pl.DataFrame({"place": [], "digest": []})
    wrong = [
        finding("store", "backup_changed", file=place)
        for place, digest in zip(runs["place"], runs["digest"], strict=True)
        if not (folder / RUNS / place).is_dir() or digest_of(folder / RUNS / place) != digest
    ]
    if wrong:
        raise FindingError(wrong)
    for place in runs["place"]:
        shutil.copytree(folder / RUNS / place, office.archive / place)
    backup.restore(folder / "database", office.engine, OPERATOR)
    return {"tables": len(manifest["tables"]), "runs": runs.height}


def verify(office: Office, known: tuple[int, str] | None = None) -> dict[str, Any]:
    """Return the head of the trail, and what is wrong with the trail and the published runs."""
    with reading(office.engine, Scope.everything(OPERATOR)) as session:
        number, digest = trail.head(session)
        faults = trail.faults(session, known)
        runs = published(session)
    changed = [
        place
        for place, told in zip(runs["place"], runs["digest"], strict=True)
        if not (office.archive / place).is_dir() or digest_of(office.archive / place) != told
    ]
    return {"number": number, "digest": digest, "faults": faults, "runs": runs.height, "changed": changed}
