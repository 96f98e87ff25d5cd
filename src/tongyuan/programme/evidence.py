"""Evidence: files with their hash, links and notes; and whether the files are still what they were."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tongyuan.ledger.finding import Finding, finding
from tongyuan.ledger.run_set import sha256

ROOM = "programme"


def fill_hashes(table: pl.DataFrame, folder: Path) -> pl.DataFrame:
    """Return table ``evidence`` with the SHA-256 of every file found in `folder` that had none."""
    hashes = [
        given or (sha256(folder / name) if name and (folder / name).is_file() else None)
        for name, given in table.select("file", "sha256").iter_rows()
    ]
    return table.with_columns(pl.Series("sha256", hashes, dtype=pl.String))


def verify(table: pl.DataFrame, folder: Path) -> list[Finding]:
    """Return what is wrong with the files of table ``evidence``: absent, or no longer of the stated hash."""
    found = []
    for row, item in enumerate(table.iter_rows(named=True), start=2):
        if not item["file"]:
            continue
        path = folder / item["file"]
        words = {"evidence": item["evidence"], "name": item["file"]}
        if not path.is_file():
            found.append(finding(ROOM, "evidence_absent", row=row, **words))
        elif item["sha256"] and sha256(path) != item["sha256"].strip().lower():
            found.append(finding(ROOM, "evidence_changed", row=row, **words))
    return found
