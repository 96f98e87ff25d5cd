"""Uploaded workbooks, read in a process of its own with limits of memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.ledger.read.read import Reading
from tongyuan.office.limit import UPLOAD, Limit, keep_to, started
from tongyuan.reference.told import findings, plain

KINDS = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt", ".parquet")
"""Endings of files that are read."""

LONGEST_NAME = 120


def file_name(given: str) -> str:
    """Return the last part of a name somebody gave, without what no file is called; it names no place."""
    last = PurePosixPath(given.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*\0').strip(". ")
    return kept[-LONGEST_NAME:] or "upload"


def parse(name: str, content: bytes, *, region: str = "", limit: Limit = UPLOAD) -> Reading:
    """Return what an uploaded file holds, as :func:`tongyuan.ledger.read.read.read` reads it.

    Raises
    ------
    FindingError
        If it is of another kind, or reading it takes more memory or time than allowed.
    """
    called = file_name(name)
    if Path(called).suffix.lower() not in KINDS:
        raise FindingError([finding("office", "upload_kind", file=called, allowed=", ".join(KINDS))])
    with tempfile.TemporaryDirectory(prefix="upload-") as made:
        folder = Path(made)
        (folder / called).write_bytes(content)
        told = {"file": called, "region": region, "memory": limit.memory, "seconds": limit.seconds}
        process = started(__name__, made)
        try:
            said, _ = process.communicate(json.dumps(told).encode(), timeout=limit.seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            said = b""
        if process.returncode or not said:
            raise FindingError([finding("office", "upload_limit", file=called)])
        answer = json.loads(said)
        tables = {table: pl.read_parquet(folder / f"{table}.read") for table in answer["tables"]}
        return Reading(tables, findings(answer["findings"]), answer["letters"])


def _child(folder: Path) -> dict[str, Any]:
    """Read the file in `folder`, within limits; leave its tables there and return the rest."""
    told = json.loads(sys.stdin.buffer.read())
    keep_to(Limit(told["memory"], told["seconds"]))
    from tongyuan.ledger.read.read import read

    reading = read(folder / told["file"], region=told["region"])
    for name, frame in reading.tables.items():
        frame.write_parquet(folder / f"{name}.read")
    letters = {sheet: dict(found) for sheet, found in reading.letters.items()}
    return {"tables": list(reading.tables), "findings": plain(reading.findings), "letters": letters}


if __name__ == "__main__":
    print(json.dumps(_child(Path(sys.argv[1]))))
