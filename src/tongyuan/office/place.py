"""Where an office lives: a folder with its published runs and, unless told otherwise, its database."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.write.atomic import exchanging
from tongyuan.office.account import begin
from tongyuan.office.operation import Office
from tongyuan.store import backup, move, people, trail
from tongyuan.store.database import AbsentError, open_database, reading, writing
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


def look(folder: Path, database: str = "") -> dict[str, str]:
    """Return what there is of an office, made nowhere: archive, accounts, trail; empty where it is not."""
    path = folder / DATABASE
    if not database and not path.is_file():
        return {"archive": "", "accounts": "", "trail": ""}
    engine = open_database(database or f"sqlite:///{path}")
    try:
        if not sa.inspect(engine).has_table("trail"):
            return {"archive": engine.dialect.name, "accounts": "", "trail": ""}
        with reading(engine, Scope.everything(OPERATOR)) as session:
            number, _ = trail.head(session)
            wrong = trail.faults(session)
            accounts = people.accounts(session).height
    finally:
        engine.dispose()
    return {
        "archive": engine.dialect.name,
        "accounts": str(accounts or ""),
        "trail": "" if wrong or not number else str(number),
    }


def back_up(office: Office, folder: Path) -> dict[str, int]:
    """Copy database and published runs to `folder`, while they are used; return how much was copied.

    Raises
    ------
    FindingError
        If the folder exists already or cannot be written.
    """
    if folder.exists():
        raise FindingError([finding("store", "backup_exists", file=folder.name)])
    with exchanging(folder) as draft:
        manifest = backup.back_up(office.engine, draft / "database", OPERATOR)
        # The runs that this copy of the database names: one published since is not in it.
        rows = draft / "database" / "published_run.parquet"
        places = pl.read_parquet(rows)["place"].to_list() if rows.is_file() else []
        for place in places:
            shutil.copytree(office.archive / place, draft / RUNS / place)
    return {"tables": len(manifest["tables"]), "runs": len(places)}


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


def send_away(office: Office, organisation: str, folder: Path) -> dict[str, int]:
    """Write all that an organisation has, with its published runs, to `folder`; it stays here too.

    Raises
    ------
    FindingError
        If there is no such organisation, or the folder exists already.
    """
    with reading(office.engine, Scope.everything(OPERATOR)) as session:
        try:
            manifest = move.export(session, organisation, folder)
        except AbsentError:
            raise FindingError([finding("office", "not_there", what=organisation)]) from None
        places = published(session).filter(organisation=organisation)["place"]
    for place in places:
        shutil.copytree(office.archive / place, folder / RUNS / place)
    with writing(office.engine, Scope.everything(OPERATOR, writes=True)) as session:
        trail.append(session, "organisation.export", {"organisation": organisation})
    return {"tables": len(manifest["tables"]), "runs": len(places)}


def take_in(office: Office, folder: Path) -> dict[str, int]:
    """Bring in an organisation that another office sent away, proved row by row and run by run.

    Raises
    ------
    FindingError
        If it is damaged or of another release, or an organisation or run of its names is here already.
    """
    manifest = move.check(folder)
    rows = folder / "published_run.parquet"
    runs = pl.read_parquet(rows) if rows.is_file() else pl.DataFrame({"place": [], "digest": []})
    wrong = [
        finding("store", "backup_changed", file=place)
        for place, digest in zip(runs["place"], runs["digest"], strict=True)
        if not (folder / RUNS / place).is_dir() or digest_of(folder / RUNS / place) != digest
    ]
    if wrong:
        raise FindingError(wrong)
    made: list[Path] = []
    try:
        with writing(office.engine, Scope.everything(OPERATOR, writes=True)) as session:
            move.bring(session, folder)
            for place in runs["place"]:
                if (office.archive / place).exists():
                    raise ValueError(f"there is a run {place!r} already")
                made.append(office.archive / place)
                shutil.copytree(folder / RUNS / place, office.archive / place)
    except BaseException as error:
        for path in made:
            shutil.rmtree(path, ignore_errors=True)
        if isinstance(error, ValueError) and not isinstance(error, FindingError):
            raise FindingError([finding("office", "not_possible", reason=str(error))]) from None
        raise
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
