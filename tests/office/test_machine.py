"""The machine fails while an office is used: it says so, keeps what it acknowledged, and goes on."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi.testclient import TestClient
from tests.office.desk import COAL, PASSWORD, Town, submission, town
from tests.postgresql import Cluster

from tongyuan.office.operation import Refused
from tongyuan.store import trail
from tongyuan.store.database import open_database, reading
from tongyuan.store.record import rows
from tongyuan.store.scope import Scope
from tongyuan.store.submission import head_of
from tongyuan.store.upgrade import upgrade
from tongyuan.web.app import create_app

EVERY = Scope.everything("keeper")


def put(made: Town, number: int, version: int, many: int = 1) -> int:
    new = [COAL | {"year": 2000 + n, "note": "x" * (1 if many == 1 else 10_000)} for n in range(many)]
    asked = {"submission": number, "version": version, "table": "activity", "rows": new}
    return int(made.told("lin", "submission.write", **asked)["version"])


def refused(made: Town, number: int, version: int, many: int = 1) -> str:
    """Hold that a change is refused because the machine fails; return why."""
    with pytest.raises(Refused) as raised:
        put(made, number, version, many)
    assert (raised.value.status, [f.check for f in raised.value.findings]) == (503, ["machine_fails"])
    return str(raised.value.findings[0].values["reason"])


def intact(made: Town, number: int, version: int, height: int) -> None:
    """Hold that a submission stands at a version with so many rows, and that the trail holds."""
    with reading(made.office.engine, EVERY) as session:
        assert head_of(session, number).version == version
        assert rows(session, "activity", submission=number).height == height
        assert trail.faults(session) == []


def standing(made: Town, number: int) -> int:
    """Return the version at which a submission stands, as soon as the database answers."""
    while True:
        try:
            with reading(made.office.engine, EVERY) as session:
                return head_of(session, number).version
        except sa.exc.OperationalError:
            time.sleep(0.1)


@contextmanager
def disk(megabytes: int) -> Iterator[Path]:
    """Have a small disk of its own for the block, that a server of another user may use."""
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        folder.rmdir()
        pytest.skip("needs the right to mount a small disk")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
        folder.rmdir()


@pytest.fixture
def small(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Town, Path]]:
    """Return an office whose database is on a disk of its own that is soon full, and that disk."""
    with disk(48) as folder:
        if kind == "sqlite":
            engine = open_database(f"sqlite:///{folder / 'archive.db'}")
        else:
            cluster: Cluster = request.getfixturevalue("cluster")
            shutil.chown(folder, "postgres", "postgres") if os.getuid() == 0 else None
            cluster.sql(f"create tablespace small location '{folder}'")
            cluster.sql("create database small owner keeper tablespace small")
            engine = open_database(cluster.address("small"))
        upgrade(engine)
        (tmp_path / "runs").mkdir()
        yield town(engine, tmp_path / "runs"), folder
        engine.dispose()
        if kind == "postgresql":
            cluster.sql("drop database small")
            cluster.sql("drop tablespace small")


def test_a_full_disk_is_told_and_loses_nothing(small: tuple[Town, Path], kind: str) -> None:
    made, folder = small
    number = submission(made, "lin", "A")
    filler, free = folder / "filler", shutil.disk_usage(folder).free
    filler.write_bytes(b"\0" * max(free - 200_000, 0))
    version, why, statuses = 2, "", list[int]()
    while not why and version < 52:
        try:
            version = put(made, number, version, 25)
        except Refused as error:
            statuses.append(error.status)
            why = str(error.findings[0].values["reason"])
    assert statuses == [503]
    assert "full" in why or "No space" in why or "could not extend" in why
    filler.unlink()
    height = 1 + 25 * (version - 2)
    intact(made, number, version, height)
    assert put(made, number, version) == version + 1
    intact(made, number, version + 1, height + 1)


def test_what_can_only_be_read_is_told(made: Town, kind: str) -> None:
    number, engine = submission(made, "lin", "A"), made.office.engine

    def only_read(connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "pragma query_only = on" if kind == "sqlite" else "set transaction read only"
        )

    sa.event.listen(engine, "begin", only_read)
    why = refused(made, number, 2)
    assert "read" in why
    assert made.do("lin", "submission.rows", submission=number, table="activity") is not None
    sa.event.remove(engine, "begin", only_read)
    engine.dispose()
    intact(made, number, 2, 1)
    assert put(made, number, 2) == 3


def test_no_descriptor_is_left(made: Town, kind: str) -> None:
    number = submission(made, "lin", "A")
    made.office.engine.dispose()
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = []
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(usual[0], 512), usual[1]))
    try:
        with suppress(OSError):
            while True:
                taken.append(os.open(os.devnull, os.O_RDONLY))
        assert ("open" if kind == "sqlite" else "answer") in refused(made, number, 2)
    finally:
        for one in taken:
            os.close(one)
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)
    intact(made, number, 2, 1)
    assert put(made, number, 2) == 3


@pytest.mark.parametrize("kind", ["postgresql"])
def test_a_database_that_is_begun_anew_under_load_keeps_what_it_acknowledged(
    made: Town, kind: str, cluster: Cluster
) -> None:
    periods = [f"2025-{n:02d}" for n in range(2, 6)]
    numbers = {submission(made, "lin", "A", period): 2 for period in periods}
    wrong: list[int] = []
    stop = threading.Event()

    def work(number: int) -> None:
        while not stop.is_set():
            try:
                numbers[number] = put(made, number, numbers[number])
            except Refused as error:
                wrong.append(error.status)
                numbers[number] = max(numbers[number], standing(made, number))

    working = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for one in working:
        one.start()
    client = TestClient(create_app(made.office), raise_server_exceptions=False)
    for mode in ("fast", "immediate"):
        begun = max(numbers.values())
        while max(numbers.values()) < begun + 3:
            time.sleep(0.05)
        cluster.stop(mode)
        assert client.get("/healthz").status_code == 503
        page = client.post("/enter", data={"account": "lin", "password": PASSWORD})
        assert page.status_code == 503
        assert str(cluster.socket) not in page.text
        cluster.start()
    begun = max(numbers.values())
    while max(numbers.values()) < begun + 3:
        time.sleep(0.05)
    stop.set()
    for one in working:
        one.join()
    assert set(wrong) == {503}
    for number, version in numbers.items():
        intact(made, number, version, version - 1)
