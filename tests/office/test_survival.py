"""Folders brought into an office by processes that are killed: whole or not at all, and proved by a copy."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest

from tongyuan.flows.run import run_workspace
from tongyuan.flows.source import open_workspace
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.run_set import RESULTS
from tongyuan.office.operation import Office
from tongyuan.office.place import back_up, restore, verify
from tongyuan.office.workspace import tables_of
from tongyuan.store.database import open_database, reading, writing
from tongyuan.store.published import published
from tongyuan.store.record import rows
from tongyuan.store.scope import Scope
from tongyuan.store.submission import add_organisation, submissions, versions
from tongyuan.store.upgrade import upgrade

ROOT = Path(__file__).parents[2]
EVERY = Scope.everything("keeper", writes=True)

BRINGER = """
import sys
from pathlib import Path
from tongyuan.office.operation import Office
from tongyuan.office.operator import bring_folder
from tongyuan.store.database import open_database

office = Office(open_database(sys.argv[1]), Path(sys.argv[2]))
print("ready", flush=True)
for name in sys.argv[4:]:
    bring_folder(office, Path(sys.argv[3]), name)
    print(name, flush=True)
"""


LONGEST = 900.0
"""How long an import that nobody kills is waited for [s], far beyond what a busy machine needs."""


def ended(address: str, archive: Path, folder: Path, names: list[str], after: float = LONGEST) -> list[str]:
    """Let a process bring in the folder for `names` until it ends or is killed; return those it told."""
    command = [sys.executable, "-c", BRINGER, address, str(archive), str(folder), *names]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        with suppress(subprocess.TimeoutExpired):
            process.wait(after)
        process.kill()
        return [line for line in process.stdout.read().split("\n")[:-1] if line in names]


def whole(office: Office, folder: Path, acknowledged: set[str]) -> set[str]:
    """Hold that whatever is there is there whole; return the organisations that have their submission."""
    told = verify(office)
    assert (told["faults"], told["changed"]) == ([], [])
    with reading(office.engine, EVERY) as session:
        listed, runs = submissions(session), published(session)
        counted = rows(session, "activity").height
        last = versions(session).group_by("submission").agg(pl.col("version").max())
    there = set(listed["organisation"])
    assert acknowledged <= there
    assert listed["organisation"].n_unique() == listed.height == runs.height
    assert counted == listed.height * open_workspace(folder).tables["activity"].height
    assert last["version"].n_unique() <= 1
    return there


def killed(address: str, tmp_path: Path, times: int, seed: int, longest: float = 1.0) -> None:
    folder, archive = tmp_path / "w", tmp_path / "runs"
    copy_example("minimal", folder)
    run_workspace(open_workspace(folder), folder / RESULTS, only=("account",))
    archive.mkdir()
    office = Office(open_database(address), archive)
    dice, names = random.Random(seed), [f"o{n}" for n in range(20 + 12 * times)]
    with writing(office.engine, EVERY) as session:
        for name in names:
            add_organisation(session, name, kind="city", region="370100", title_zh=name, title_en=name)
    done: set[str] = set()
    for _ in range(times):
        left = [name for name in names if name not in done][:40]
        acknowledged = ended(address, archive, folder, left, dice.uniform(0.0, longest))
        done |= whole(office, folder, done | set(acknowledged))
    last = next(name for name in names if name not in done)
    assert ended(address, archive, folder, [last]) == [last]
    done |= whole(office, folder, done | {last})
    back_up(office, tmp_path / "copy")
    other = Office(open_database(f"sqlite:///{tmp_path / 'other.db'}"), tmp_path / "other")
    other.archive.mkdir()
    upgrade(other.engine)
    restore(tmp_path / "copy", other)
    manifest = json.loads((tmp_path / "copy" / "database" / "backup.json").read_text("utf-8"))
    back_up(other, tmp_path / "again")
    again = json.loads((tmp_path / "again" / "database" / "backup.json").read_text("utf-8"))
    assert again["tables"] == manifest["tables"]
    with reading(office.engine, EVERY) as here, reading(other.engine, EVERY) as there:
        number = int(submissions(there)["submission"][0])
        for name, frame in tables_of(here, number).items():
            assert frame.equals(tables_of(there, number)[name])
    office.engine.dispose()
    other.engine.dispose()


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_imports_are_killed(seed: int, ready: str, tmp_path: Path) -> None:
    killed(ready, tmp_path, 50, seed)


def test_an_import_that_is_killed_is_whole_or_not_there(ready: str, tmp_path: Path) -> None:
    killed(ready, tmp_path, 2, 17)
