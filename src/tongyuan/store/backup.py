"""Copies of a whole database, made while it is used: a folder of Parquet files that vouches for itself.

A copy of one kind of database can be brought into the other.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.run_set import hashed, sha256
from tongyuan.ledger.write.atomic import exchanging
from tongyuan.store import bulk
from tongyuan.store.database import Session, reading, writing
from tongyuan.store.scope import Scope
from tongyuan.store.tables import metadata
from tongyuan.store.upgrade import shape, upgrade

MANIFEST = "backup.json"
"""File that names the files of a copy with their digests."""


def _whole(session: Session, table: sa.Table) -> pl.DataFrame:
    statement = sa.select(table).order_by(*table.primary_key.columns).execution_options(scoped=True)
    return bulk.frame_of(session, statement)


def _content(frame: pl.DataFrame) -> str:
    """Return a digest of the rows of a frame, whatever wrote them."""
    return hashlib.sha256(frame.write_csv(null_value="\\N", quote_style="non_numeric").encode()).hexdigest()


def back_up(engine: sa.Engine, folder: Path, person: str) -> dict[str, Any]:
    """Write a copy of the database as it is at one moment to `folder`, whole or not at all.

    Returns
    -------
    dict
        The manifest: digests of files and of the rows of every table.

    Raises
    ------
    FindingError
        If the folder exists already or cannot be written.
    """
    if folder.exists():
        raise FindingError([finding("store", "backup_exists", file=folder.name)])
    rows: dict[str, dict[str, Any]] = {}
    with reading(engine, Scope.everything(person)) as session, exchanging(folder) as draft:
        for table in metadata().sorted_tables:
            frame = _whole(session, table)
            if frame.height:
                frame.write_parquet(draft / f"{table.name}.parquet")
                rows[table.name] = {"rows": frame.height, "content": _content(frame)}
        files = hashed(draft.glob("*.parquet"), draft)
        manifest = {"shape": shape(), "tables": rows, "files": files}
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")
    return manifest


def check_backup(folder: Path) -> dict[str, Any]:
    """Return the manifest of a copy whose files are all there and as they were written.

    Raises
    ------
    FindingError
        If a file is missing, was changed, or is one too many.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        files, tables = dict(manifest["files"]), dict(manifest["tables"])
    except (OSError, ValueError, KeyError, TypeError):
        raise FindingError([finding("store", "backup_unreadable", file=folder.name)]) from None
    there = {path.name for path in folder.glob("*.parquet")}
    wrong = [
        finding("store", "backup_changed", file=name)
        for name in sorted(there | set(files) | {f"{t}.parquet" for t in tables})
        if name not in there or name not in files or sha256(folder / name) != files[name]["sha256"]
    ]
    if wrong:
        raise FindingError(wrong)
    return manifest


def restore(folder: Path, engine: sa.Engine, person: str) -> None:
    """Bring a copy into a database without rows, and prove that every row arrived as it left.

    Raises
    ------
    FindingError
        If the copy is damaged or of another release, or the database holds rows; nothing is written then.
    """
    manifest = check_backup(folder)
    if manifest["shape"] != shape():
        raise FindingError([finding("store", "backup_release", file=folder.name)])
    upgrade(engine)
    with writing(engine, Scope.everything(person, writes=True)) as session:
        for table in metadata().sorted_tables:
            statement = sa.select(sa.func.count()).select_from(table).execution_options(scoped=True)
            if session.connection.scalar(statement):
                raise FindingError([finding("store", "not_empty", table=table.name)])
        for table in metadata().sorted_tables:
            if table.name not in manifest["tables"]:
                continue
            frame = pl.read_parquet(folder / f"{table.name}.parquet")
            for part in _parents_first(table, frame):
                bulk.insert(session, table, part)
            if _content(_whole(session, table)) != manifest["tables"][table.name]["content"]:
                raise FindingError([finding("store", "backup_changed", file=f"{table.name}.parquet")])
            _count_on(session, table)


def _parents_first(table: sa.Table, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield the rows of a table in parts such that what a row refers to in its own table comes before it."""
    own = [key for key in table.foreign_keys if key.column.table is table]
    if not own or frame.is_empty():
        yield frame
        return
    (key,) = own
    child, parent, left = key.parent.name, key.column.name, frame
    while left.height:
        later = pl.col(child).is_in(left[parent].implode()) & pl.col(child).is_not_null()
        ready = left.filter(~later.fill_null(value=False))
        if ready.is_empty():  # a circle: the database says what is wrong with it
            ready = left
        yield ready
        left = left.join(ready.select(parent), on=parent, how="anti", maintain_order="left")


def _count_on(session: Session, table: sa.Table) -> None:
    """Let PostgreSQL number new rows after those that came with their numbers."""
    column = table.autoincrement_column
    if session.postgresql and column is not None and column.autoincrement is True:
        serial = f"pg_get_serial_sequence('{table.name}', '{column.name}')"  # names of the schemas alone
        last = f"select setval({serial}, max({column.name})) from {table.name}"  # nosec B608
        session.connection.exec_driver_sql(last)
