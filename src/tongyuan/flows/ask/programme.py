"""Questions about a programme: is the plan sound, how do its targets stand, how is it assessed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from tongyuan.flows.ask import Answer
from tongyuan.flows.deploy import deploy
from tongyuan.flows.deploy.folder import merge_into
from tongyuan.programme.assessment import latest


def check(folder: Path) -> Answer:
    """Return what is wrong with the plan of a programme folder, by itself and against its parent."""
    return Answer({}, tuple(deploy.check(folder)))


def status(folder: Path, results: Path | None = None) -> Answer:
    """Return ``target_status``: observation, state and probability of every target."""
    tables, findings = deploy.track(folder, results)
    first = {"target_status": tables["target_status"]}
    return Answer(first | dict(tables), tuple(findings))


def merge(folder: Path, files: Sequence[Path], evidence: Path | None = None) -> Answer:
    """Merge what departments filled in; files or their folders.

    Facts: ``files, rows, problems, conflicts`` as numbers.
    """
    paths: list[Path] = []
    for file in files:
        inside = (p for p in sorted(file.glob("*.xlsx")) if not p.name.startswith("~$"))
        paths += list(inside) if file.is_dir() else [file]
    result = merge_into(folder, paths, evidence=evidence)
    facts = {
        "files": len(paths),
        "rows": sum(frame.height for frame in (*result.tables.values(), *result.held.values())),
        "problems": sum(f.room == "ledger" and f.severity == "error" for f in result.findings),
        "conflicts": sum(f.check == "merge_conflict" for f in result.findings),
    }
    return Answer({"merge_conflict": result.merge_conflict}, tuple(result.findings), facts)


def assess(folder: Path, year: int, results: Path | None = None) -> Answer:
    """Assess by the rules and keep the edition; return ``assessment`` of who is known, best first."""
    now = latest(deploy.assess(folder, year, results=results).assessment)
    known = now.filter((pl.col("coverage") > 0) | pl.col("vetoed"))
    ordered = known.sort("unit_kind", "score", descending=[False, True], nulls_last=True)
    return Answer({"assessment": ordered})
