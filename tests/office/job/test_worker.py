from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from tests.office.job.conftest import LIN

from tongyuan.ledger.run_set import read_set
from tongyuan.office.job import worker
from tongyuan.office.job.worker import address_of, work
from tongyuan.office.operation import Office
from tongyuan.store import trail
from tongyuan.store.database import reading, writing
from tongyuan.store.job import cancel, jobs
from tongyuan.store.published import folder_of, published


def state(office: Office, job: int) -> dict[str, Any]:
    with reading(office.engine, LIN) as session:
        return next(row for row in jobs(session).iter_rows(named=True) if row["job"] == job)


def whole(office: Office, job: int) -> None:
    """Hold that the job is done, once: one run, whole, one end in the trail, nothing left lying."""
    assert state(office, job)["state"] == "done"
    with reading(office.engine, LIN) as session:
        assert published(session)["run"].to_list() == [f"run-{job}"]
        tables, _ = read_set(folder_of(session, office.archive, f"run-{job}"))
        ends = [e for e in trail.entries(session).iter_rows(named=True) if e["act"] == "job.end"]
        assert trail.faults(session) == []
    assert tables["emission"].height
    assert len(ends) == 1
    assert [p.name for p in office.archive.iterdir()] == [f"run-{job}"]


Begun = Callable[..., Any]


def killing(monkeypatch: pytest.MonkeyPatch, after: list[float]) -> None:
    """Let the process of an attempt be killed so many seconds after it began, one attempt after the other."""
    begin: Begun = worker.started

    def started(module: str, *arguments: str) -> Any:
        process = begin(module, *arguments)
        if after:
            timer = Thread(target=end, args=(process, after.pop(0)), daemon=True)
            timer.start()
        return process

    def end(process: Any, seconds: float) -> None:
        Event().wait(seconds)
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)

    monkeypatch.setattr(worker, "started", started)


def test_a_job_is_done_once_though_its_process_is_killed(
    waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, job = waiting
    killing(monkeypatch, [2.5])
    work(office, Event(), once=True)
    whole(office, job)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("seed", range(4))
def test_two_hundred_kills_at_any_moment_leave_one_result_each(
    seed: int, waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tongyuan.store import job as queue

    office, job = waiting
    monkeypatch.setattr(queue, "ATTEMPTS", 1000)
    chance = random.Random(seed)
    killing(monkeypatch, [chance.uniform(0, 6) for _ in range(50)])
    work(office, Event(), once=True)
    whole(office, job)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_cancelled_job_stops_and_leaves_nothing(
    kind: str, waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, job = waiting
    begin: Begun = worker.started

    def started(module: str, *arguments: str) -> Any:
        process = begin(module, *arguments)
        with writing(office.engine, LIN) as session:
            cancel(session, job)
        return process

    monkeypatch.setattr(worker, "started", started)
    work(office, Event(), once=True)
    assert state(office, job)["state"] == "cancelled"
    with reading(office.engine, LIN) as session:
        assert published(session).is_empty()


def test_the_address_is_told_with_its_password() -> None:
    import sqlalchemy as sa

    engine = sa.create_engine("postgresql+psycopg://u:p%40@h/d")
    assert address_of(engine) == "postgresql://u:p%40@h/d"
