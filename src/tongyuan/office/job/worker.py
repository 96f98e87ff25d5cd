"""The worker: takes jobs one after the other, watches the process of each, stops what is cancelled."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event
from types import FrameType

import sqlalchemy as sa

from tongyuan.ledger.finding import finding
from tongyuan.office.job.child import told_of
from tongyuan.office.limit import started
from tongyuan.office.operation import Office
from tongyuan.reference.told import plain
from tongyuan.store.database import open_database, writing
from tongyuan.store.job import LEASE, Job, LostError, beat, finish, release, take
from tongyuan.store.scope import Scope

WORKER = "worker"
"""Who takes jobs, as the trail names it; what a job does is done in the name of who asked for it."""

CHILD = "tongyuan.office.job.child"
PAUSE = 1.0
"""How long a worker without work waits before it looks again [s]."""


def address_of(engine: sa.Engine) -> str:
    """Return the address of a database as it was given."""
    return engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=False)


def work(office: Office, stop: Event, *, once: bool = False) -> int:
    """Do jobs until told to stop, or until there is none left when `once`; return how many were taken."""
    everybody, taken = Scope.everything(WORKER, writes=True), 0
    while not stop.is_set():
        with writing(office.engine, everybody) as session:
            job = take(session)
        if job is not None:
            taken += 1
            _watch(office, job, stop)
        elif once:
            break
        else:
            stop.wait(PAUSE)
    return taken


def _watch(office: Office, job: Job, stop: Event) -> None:
    """Let a process of its own do `job`, and say for it that it is alive."""
    everybody = Scope.everything(WORKER, writes=True)
    process = started(CHILD)
    told: bytes | None = told_of(address_of(office.engine), office.archive, job)
    while True:
        try:
            _, said = process.communicate(told, timeout=LEASE.total_seconds() / 15)
            break
        except subprocess.TimeoutExpired:
            told = None
        try:
            if stop.is_set():
                raise LostError(job.job)
            with writing(office.engine, everybody) as session:
                beat(session, job.job, job.attempt)
        except LostError:
            process.kill()
            process.communicate()
            break
    if process.returncode == 0:
        return
    try:
        with writing(office.engine, everybody) as session:
            if process.returncode == -signal.SIGXCPU:
                told_why = {"findings": plain([finding("office", "job_time")])}
                finish(session, job.job, job.attempt, "failed", told_why)
            else:
                release(session, job.job, job.attempt)
    except LostError:
        return
    if not stop.is_set() and said:
        sys.stderr.write(said.decode(errors="replace")[-4000:])


def main() -> None:
    """Work for the office that is told on the input, until this process is asked to end."""
    told = json.loads(sys.stdin.buffer.readline())
    stop = Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    work(Office(open_database(told["database"]), Path(told["archive"])), stop)


if __name__ == "__main__":
    main()
