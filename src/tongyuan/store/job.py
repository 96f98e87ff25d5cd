"""Jobs: work that outlives a request, done once however often its worker is ended.

A worker takes a job for a while and says again and again that it is alive; one that falls silent loses it to
the next. Every taking is a new attempt, and only the present one may finish the job, in the transaction that
has its effect.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session, must_write, seen
from tongyuan.store.tables import JOB_STATES, system

LEASE = timedelta(seconds=30)
"""How long a worker may be silent."""

ATTEMPTS = 3
"""How often a job is begun at most, when its workers end without a word."""

WAITING = {"state": "waiting", "tries": 0, "until": "", "stage": "", "share": 0.0, "answer": "", "ended": ""}
"""How a job begins. Attempts are counted on when it is tried again, so that no old one is taken for a new."""

ENDS = ("done", "failed", "cancelled")


class LostError(RuntimeError):
    """Raised when a job is not this attempt's any more: cancelled, or taken by another worker."""


@dataclass(frozen=True)
class Job:
    """A job that was taken: whose it is, what is to be done, and which attempt this is."""

    job: int
    organisation: str
    act: str
    content: Mapping[str, Any]
    person: str
    attempt: int


@dataclass(frozen=True)
class Later:
    """How an attempt ends that is to be made again: not before a moment, or never when there is none."""

    until: str | None
    answer: Mapping[str, Any]


def add(session: Session, organisation: str, act: str, content: Mapping[str, Any]) -> int:
    """Enter a job that waits for a worker; return its number."""
    must_write(session, organisation)
    values = {
        "organisation": organisation,
        "act": act,
        "content": json.dumps(dict(content), ensure_ascii=False, sort_keys=True),
        "person": session.scope.person,
        "at": trail.now(),
    }
    table = system("job")
    number: int = session.connection.execute(
        sa.insert(table).values(values).returning(table.c.job).execution_options(scoped=True)
    ).scalar_one()
    session.connection.execute(sa.insert(system("job_state")).values(job=number, attempt=0, **WAITING))
    trail.append(session, "job.add", {"job": number, "act": act, "organisation": organisation})
    return number


def take(session: Session) -> Job | None:
    """Take the oldest job that waits, or whose worker fell silent; None where there is none.

    The session must see every organisation and write. A job that was begun three times is failed instead.
    """
    state, job, now = system("job_state"), system("job"), trail.now()
    free = sa.and_(state.c.state.in_(("waiting", "running")), state.c.until < now)
    while True:
        statement = (
            sa.select(state.c.job, state.c.attempt, state.c.tries).where(free).order_by(state.c.job).limit(1)
        )
        row = session.connection.execute(statement.with_for_update(skip_locked=True)).one_or_none()
        if row is None:
            return None
        if row.tries >= ATTEMPTS:
            silent = {"state": "failed", "answer": '{"silent": true}', "ended": now}
            _set(session, row.job, row.attempt, silent)
            trail.append(session, "job.end", {"job": row.job, "state": "failed"})
            continue
        attempt = row.attempt + 1
        begun = {"state": "running", "attempt": attempt, "tries": row.tries + 1, "until": _later()}
        _set(session, row.job, row.attempt, begun)
        told = seen(session, sa.select(job).where(job.c.job == row.job), job.c.organisation)
        found = session.connection.execute(told).one()
        content = json.loads(found.content)
        return Job(found.job, found.organisation, found.act, content, found.person, attempt)


def _later() -> str:
    return (datetime.now(UTC) + LEASE).isoformat(timespec="microseconds")


def _set(session: Session, job: int, present: int, values: Mapping[str, Any]) -> None:
    table = system("job_state")
    still = (table.c.job == job, table.c.attempt == present, table.c.state.not_in(ENDS))
    if session.connection.execute(sa.update(table).where(*still).values(**values)).rowcount != 1:
        raise LostError(job)


def beat(session: Session, job: int, attempt: int, stage: str = "", share: float | None = None) -> None:
    """Say that a job is being worked on, and how far it is.

    Raises
    ------
    LostError
        If it is not this attempt's any more.
    """
    told: dict[str, Any] = {"until": _later()}
    if share is not None:
        told |= {"stage": stage, "share": share}
    _set(session, job, attempt, told)


def finish(session: Session, job: int, attempt: int, state: str, answer: Mapping[str, Any]) -> None:
    """End a job, in the transaction that has its effect.

    Raises
    ------
    LostError
        If it is not this attempt's any more: then nothing of the transaction may stand.
    """
    told = json.dumps(dict(answer), ensure_ascii=False)
    ended: dict[str, Any] = {"state": state, "answer": told, "ended": trail.now()}
    _set(session, job, attempt, ended | ({"share": 1.0} if state == "done" else {}))
    trail.append(session, "job.end", {"job": job, "state": state})


def postpone(session: Session, job: int, attempt: int, later: Later) -> None:
    """Let a job wait until a moment, as one that was never begun; without a moment it has failed."""
    if later.until is None:
        finish(session, job, attempt, "failed", later.answer)
        return
    told = json.dumps(dict(later.answer), ensure_ascii=False)
    _set(session, job, attempt, WAITING | {"until": later.until, "answer": told})


def release(session: Session, job: int, attempt: int) -> None:
    """Give a job back, to be taken anew; LostError if it is not this attempt's any more."""
    _set(session, job, attempt, {"until": ""})


def cancel(session: Session, job: int) -> None:
    """Cancel a job that has not ended; AbsentError where there is none that the scope sees."""
    head = _of(session, job)
    must_write(session, head["organisation"])
    if head["state"] in ENDS:
        raise ValueError(f"job {job} is {head['state']} already")
    _set(session, job, head["attempt"], {"state": "cancelled", "ended": trail.now()})
    trail.append(session, "job.end", {"job": job, "state": "cancelled"})


def retry(session: Session, job: int) -> None:
    """Let a job that failed or was cancelled wait again."""
    head = _of(session, job)
    must_write(session, head["organisation"])
    if head["state"] not in ("failed", "cancelled"):
        raise ValueError(f"job {job} is {head['state']}")
    table = system("job_state")
    session.connection.execute(sa.update(table).where(table.c.job == job).values(**WAITING))
    trail.append(session, "job.retry", {"job": job})


def _of(session: Session, job: int) -> dict[str, Any]:
    found = jobs(session).filter(pl.col("job") == job)
    if found.is_empty():
        raise AbsentError(job)
    return found.row(0, named=True)


def jobs(session: Session) -> pl.DataFrame:
    """Return the jobs that the scope sees, the newest first."""
    job, state = system("job"), system("job_state")
    shown = [c for c in state.c if c.name not in ("job", "until", "tries")]
    statement = sa.select(job, *shown).join(state, state.c.job == job.c.job).order_by(job.c.job.desc())
    return bulk.frame_of(session, seen(session, statement, job.c.organisation))


def counts(session: Session) -> dict[str, int]:
    """Return how many jobs there are in every state, whosever they are."""
    state = system("job_state").c.state
    found = session.connection.execute(sa.select(state, sa.func.count()).group_by(state))
    return dict.fromkeys(JOB_STATES, 0) | {row[0]: int(row[1]) for row in found}
