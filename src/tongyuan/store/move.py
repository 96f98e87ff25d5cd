"""One organisation from one archive to another: all it has there, in every version, proved by digests.

Numbers of submissions are the archive's own and are given anew; the trail stays where it was written, and
says on both sides what left and what came.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.run_set import hashed, sha256
from tongyuan.ledger.write.atomic import exchanging
from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session, must_write
from tongyuan.store.tables import SCOPED, metadata, system
from tongyuan.store.upgrade import shape

MANIFEST = "organisation.json"
"""File that names the organisation and the files with their digests."""

LEFT = ("job",)
"""Tables that stay: what was being done there is not done again here."""

NUMBERS = ("submission", "_submission")
"""Columns that hold the number of a submission."""


def tables() -> tuple[sa.Table, ...]:
    """Return the tables whose rows belong to organisations and move with one, in the order of their keys."""
    return tuple(t for t in metadata().sorted_tables if t.info.get(SCOPED) and t.name not in LEFT)


def owner(table: sa.Table) -> sa.Column[Any]:
    """Return the column of a table that tells whose a row is."""
    return table.c["_organisation" if "_organisation" in table.c else "organisation"]


def held(session: Session, organisation: str) -> dict[str, pl.DataFrame]:
    """Return every row that an organisation has, by table; tables without any are left out."""
    found = {}
    for table in tables():
        statement = sa.select(table).where(owner(table) == organisation).order_by(*table.primary_key.columns)
        frame = bulk.frame_of(session, statement.execution_options(scoped=True))
        if frame.height:
            found[table.name] = frame
    return found


def content(frames: dict[str, pl.DataFrame]) -> dict[str, str]:
    """Return a digest of the rows of every table, the same under any numbering of submissions."""
    known = frames.get("submission")
    names = pl.DataFrame(schema={"submission": pl.Int64, "_named": pl.String})
    if known is not None:
        names = known.select("submission", pl.format("{} {}", "kind", "period").alias("_named"))
    told = {}
    for name, frame in frames.items():
        number = next((n for n in NUMBERS if n in frame.columns), None)
        if number is not None:
            frame = frame.join(
                names, left_on=number, right_on="submission", how="left", maintain_order="left"
            )
        frame = frame.drop(number or [], _counted(metadata().tables[name]), strict=False)
        text = frame.sort(frame.columns, nulls_last=True).write_csv(
            null_value="\\N", quote_style="non_numeric"
        )
        told[name] = hashlib.sha256(text.encode()).hexdigest()
    return told


def _counted(table: sa.Table) -> list[str]:
    """Return the column that a database numbers itself."""
    column = table.autoincrement_column
    return [column.name] if column is not None and column.autoincrement is True else []


def export(session: Session, organisation: str, folder: Path) -> dict[str, Any]:
    """Write all that an organisation has to `folder`; return the manifest.

    Raises
    ------
    AbsentError
        If there is no such organisation.
    FindingError
        If the folder exists already.
    """
    if folder.exists():
        raise FindingError([finding("store", "backup_exists", file=folder.name)])
    frames = held(session, organisation)
    if "organisation" not in frames:
        raise AbsentError(organisation)
    with exchanging(folder) as draft:
        for name, frame in frames.items():
            frame.write_parquet(draft / f"{name}.parquet")
        manifest = {
            "organisation": organisation,
            "shape": shape(),
            "tables": {n: {"rows": frames[n].height, "content": d} for n, d in content(frames).items()},
            "files": hashed(draft.glob("*.parquet"), draft),
        }
        (draft / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True), "utf-8")
    return manifest


def check(folder: Path) -> dict[str, Any]:
    """Return the manifest of what left, when every file is there as it was written.

    Raises
    ------
    FindingError
        If it is none, of another release, or a file was changed.
    """
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        names, files = set(manifest["tables"]), manifest["files"]
        known = {table.name for table in tables()}
        wrong = [
            finding("store", "backup_changed", file=name)
            for name in sorted({f"{n}.parquet" for n in names} | set(files))
            if not (folder / name).is_file() or sha256(folder / name) != files[name]["sha256"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        raise FindingError([finding("store", "backup_unreadable", file=folder.name)]) from None
    if manifest.get("shape") != shape() or not names <= known:
        raise FindingError([finding("store", "backup_release", file=folder.name)])
    if wrong:
        raise FindingError(wrong)
    return manifest


def bring(session: Session, folder: Path) -> dict[str, Any]:
    """Bring an organisation that left another archive into this one; return the manifest.

    Raises
    ------
    FindingError
        If what left is damaged or of another release, or did not arrive as it left.
    ValueError
        If there is an organisation of that name, or a run of one of those names, already.
    """
    manifest = check(folder)
    organisation = str(manifest["organisation"])
    must_write(session, organisation)
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in manifest["tables"]}
    numbers: dict[int, int] = {}
    try:
        for table in tables():
            frame = frames.get(table.name)
            if frame is None:
                continue
            if set(frame[owner(table).name]) != {organisation}:
                raise FindingError([finding("store", "backup_changed", file=f"{table.name}.parquet")])
            if table.name == "submission":
                numbers = _submissions(session, frame)
                continue
            if table.name == "organisation":
                frame = _below(session, frame)
            for name in NUMBERS:
                if name in frame.columns:
                    frame = frame.with_columns(pl.col(name).replace_strict(numbers, return_dtype=pl.Int64))
            bulk.insert(session, table, frame.drop(_counted(table)))
    except sa.exc.IntegrityError:
        raise ValueError(f"there is an organisation {organisation!r}, or a run of it, already") from None
    arrived = content(held(session, organisation))
    wrong = [
        finding("store", "backup_changed", file=f"{name}.parquet")
        for name, told in manifest["tables"].items()
        if name != "organisation" and arrived.get(name) != told["content"]
    ]
    if wrong:
        raise FindingError(wrong)
    rows = sum(told["rows"] for told in manifest["tables"].values())
    trail.append(session, "organisation.bring", {"organisation": organisation, "rows": rows})
    return manifest


def _submissions(session: Session, frame: pl.DataFrame) -> dict[int, int]:
    """Add submissions under numbers of this archive; return the new number of each."""
    table, numbers = system("submission"), {}
    for row in frame.iter_rows(named=True):
        before = row.pop("submission")
        statement = sa.insert(table).values(row).returning(table.c.submission)
        added = session.connection.execute(statement.execution_options(scoped=True))
        numbers[before] = int(added.scalar_one())
    return numbers


def _below(session: Session, frame: pl.DataFrame) -> pl.DataFrame:
    """Return an organisation below the one it was below, where that is here too."""
    table = system("organisation")
    known = set(session.connection.scalars(sa.select(table.c.organisation).execution_options(scoped=True)))
    parent = pl.col("parent")
    return frame.with_columns(pl.when(parent.is_in(list(known))).then(parent).otherwise(None).alias("parent"))
