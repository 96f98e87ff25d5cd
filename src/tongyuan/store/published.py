"""Published runs: sets of results that never change, and the rows that point to them."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.run_set import hashed
from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session, must_write, seen
from tongyuan.store.tables import system


def digest_of(folder: Path) -> str:
    """Return one SHA-256 over names and contents of every file of a set."""
    files = hashed((p for p in folder.rglob("*") if p.is_file()), folder)
    told = "\n".join(f"{name} {found['sha256']}" for name, found in sorted(files.items()))
    return hashlib.sha256(told.encode()).hexdigest()


def _digest_seen(folder: Path) -> str:
    """Return the digest of a set, taken anew where a file has another size or time than then.

    A file that was changed and given its old time back is found by ``office verify``, which takes them all.
    """
    told = tuple(
        (str(path), stat.st_size, stat.st_mtime_ns, stat.st_ino)
        for path in sorted(folder.rglob("*"))
        if (stat := path.stat()) and path.is_file()
    )
    return _digest_at(folder, told)


@lru_cache(maxsize=256)
def _digest_at(folder: Path, _told: tuple[tuple[str, int, int, int], ...]) -> str:
    return digest_of(folder)


def publish(
    session: Session,
    archive: Path,
    run: str,
    *,
    organisation: str,
    submission: int | None = None,
    version: int | None = None,
) -> str:
    """Enter the set ``archive/run`` as published; return its digest.

    Raises
    ------
    PermissionError
        If the scope may not write for the organisation.
    ValueError
        If a run of that name is published already.
    """
    must_write(session, organisation)
    values = {
        "run": run,
        "organisation": organisation,
        "submission": submission,
        "version": version,
        "digest": digest_of(archive / run),
        "place": run,
        "at": trail.now(),
    }
    statement = sa.insert(system("published_run")).values(values).execution_options(scoped=True)
    try:
        session.connection.execute(statement)
    except sa.exc.IntegrityError:
        raise ValueError(
            f"run {run!r} is published already, or its organisation or submission is not known"
        ) from None
    trail.append(session, "run.publish", {key: values[key] for key in ("run", "organisation", "digest")})
    return str(values["digest"])


def published(session: Session) -> pl.DataFrame:
    """Return the published runs that the scope sees, the newest last."""
    table = system("published_run")
    statement = sa.select(table).order_by(table.c.at, table.c.run)
    return bulk.frame_of(session, seen(session, statement, table.c.organisation))


def folder_of(session: Session, archive: Path, run: str) -> Path:
    """Return the folder of a published run, whole and as it was published.

    Raises
    ------
    AbsentError
        If there is no such run that the scope sees.
    FindingError
        If its files are not what was published.
    """
    found = published(session).filter(pl.col("run") == run)
    if found.is_empty():
        raise AbsentError(run)
    folder = archive / str(found["place"][0])
    if not folder.is_dir() or _digest_seen(folder) != found["digest"][0]:
        raise FindingError([finding("store", "run_changed", file=run)])
    return folder
