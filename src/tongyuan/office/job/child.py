"""One attempt at one job, in a process of its own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.office.job import run, webhook
from tongyuan.office.limit import JOB, Limit, keep_to
from tongyuan.office.operation import Office
from tongyuan.reference.told import plain
from tongyuan.store.database import Session, open_database, writing
from tongyuan.store.job import Job, Later, LostError, finish, postpone
from tongyuan.store.scope import Scope


class Act(NamedTuple):
    """A kind of job: what is done outside of any transaction, and its effect within the one that ends it.

    The effect is given what was prepared; it answers, or lets the job wait for another attempt.
    """

    prepare: Callable[[Office, Job], Any]
    effect: Callable[[Session, Office, Job, Any], Mapping[str, Any] | Later]


ACTS: Mapping[str, Act] = {
    "run": Act(run.prepare, run.effect),
    "webhook": Act(webhook.prepare, webhook.effect),
}
"""Kinds of jobs by name."""


def attempt(office: Office, job: Job) -> str:
    """Do a job; return how it ended: ``done``, ``failed``, ``later``, or ``lost`` to another attempt.

    Whatever it changes in the database is one transaction that also ends the job, and that stands only while
    the job is this attempt's.
    """
    act, scope = ACTS[job.act], Scope.own(job.person, job.organisation)
    try:
        made = act.prepare(office, job)
        with writing(office.engine, scope) as session:
            answer = act.effect(session, office, job, made)
            if isinstance(answer, Later):
                postpone(session, job.job, job.attempt, answer)
                return "later"
            finish(session, job.job, job.attempt, "done", answer)
        return "done"
    except LostError:
        return "lost"
    except FindingError as error:
        found = error.findings
    except MemoryError:
        found = (finding("office", "job_memory"),)
    except (PermissionError, ValueError, KeyError) as error:
        found = (finding("office", "not_possible", reason=str(error)),)
    try:
        with writing(office.engine, scope) as session:
            finish(session, job.job, job.attempt, "failed", {"findings": plain(found)})
    except LostError:
        return "lost"
    return "failed"


def told_of(database: str, archive: Path, job: Job) -> bytes:
    """Return what the process of an attempt is told on its input."""
    content = {
        "database": database,
        "archive": str(archive),
        "job": job.__dict__ | {"content": dict(job.content)},
    }
    return json.dumps(content).encode()


def main(limit: Limit = JOB) -> None:
    """Read from the input what is to be done, and do it within limits."""
    keep_to(limit)
    told = json.loads(sys.stdin.buffer.read())
    office = Office(open_database(told["database"]), Path(told["archive"]))
    print(attempt(office, Job(**told["job"])))


if __name__ == "__main__":
    main()
