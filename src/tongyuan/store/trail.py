"""The trail: who did what and when, each entry holding the digest of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk
from tongyuan.store.database import Session
from tongyuan.store.tables import system

ALGORITHMS = ("sha256", "sm3")
"""Digests an entry may use; sm3 is the Chinese standard GB/T 32905 and needs an OpenSSL that has it."""

START = ""
"""What the first entry holds for the digest before it."""


def now() -> str:
    """Return the present time in UTC as text, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


def digest(algorithm: str, before: str, number: int, at: str, person: str, act: str, content: str) -> str:
    """Return the digest of an entry; every field counts, in one order and with its bounds."""
    told = json.dumps([before, number, at, person, act, content], ensure_ascii=False, separators=(",", ":"))
    return hashlib.new(algorithm, told.encode()).hexdigest()


def append(session: Session, act: str, content: Mapping[str, Any], algorithm: str = "sha256") -> int:
    """Add an entry within the transaction and return its number; it stands if and only if the act does.

    Raises
    ------
    ValueError
        If the algorithm is unknown or the content cannot be told as JSON.
    """
    if algorithm not in ALGORITHMS:
        raise ValueError(f"algorithm {algorithm!r}; there are {', '.join(ALGORITHMS)}")
    trail = system("trail")
    if session.postgresql:
        session.connection.exec_driver_sql("lock table trail in exclusive mode")
    last = session.connection.execute(
        sa.select(trail.c.number, trail.c.digest).order_by(trail.c.number.desc()).limit(1)
    ).one_or_none()
    number, before = (1, START) if last is None else (last.number + 1, last.digest)
    at, person = now(), session.scope.person
    told = json.dumps(
        dict(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    session.connection.execute(
        sa.insert(trail).values(
            number=number,
            at=at,
            person=person,
            act=act,
            content=told,
            algorithm=algorithm,
            before=before,
            digest=digest(algorithm, before, number, at, person, act, told),
        )
    )
    return number


def head(session: Session) -> tuple[int, str]:
    """Return number and digest of the last entry: kept elsewhere, it shows a tail that was cut off."""
    trail = system("trail")
    last = session.connection.execute(
        sa.select(trail.c.number, trail.c.digest).order_by(trail.c.number.desc()).limit(1)
    ).one_or_none()
    return (0, START) if last is None else (last.number, last.digest)


def faults(session: Session, known: tuple[int, str] | None = None) -> list[tuple[int, str]]:
    """Return where the chain does not hold: number of the entry, and ``missing``, ``changed`` or ``cut``.

    Parameters
    ----------
    known
        A head that was kept elsewhere: an entry of that number must have that digest.
    """
    trail = system("trail")
    found: list[tuple[int, str]] = []
    before, expected = START, 1
    digests: dict[int, str] = {}
    for entry in session.connection.execute(sa.select(trail).order_by(trail.c.number)):
        while expected < entry.number:
            found.append((expected, "missing"))
            expected += 1
        same = entry.algorithm in ALGORITHMS and entry.digest == digest(
            entry.algorithm, entry.before, entry.number, entry.at, entry.person, entry.act, entry.content
        )
        if not same or (entry.before != before and (entry.number - 1, "missing") not in found):
            found.append((entry.number, "changed"))
        before, expected = entry.digest, entry.number + 1
        digests[entry.number] = entry.digest
    if known is not None and known[0] > 0 and digests.get(known[0]) != known[1]:
        found.append((known[0], "changed" if known[0] in digests else "cut"))
    return found


def entries(
    session: Session,
    *,
    after: int | None = None,
    before: int | None = None,
    limit: int = 200,
    person: str = "",
    act: str = "",
    first: date | None = None,
    last: date | None = None,
) -> pl.DataFrame:
    """Return at most `limit` entries: after a number in order, without one the newest first.

    Parameters
    ----------
    before
        Entries below this number alone.
    person, act
        Of one person, of acts whose name begins so; of all when empty.
    first, last
        First and last day in UTC.
    """
    trail = system("trail")
    column = trail.c.number
    statement = sa.select(trail).limit(limit)
    if after is None:
        statement = statement.order_by(column.desc())
    else:
        statement = statement.where(column > after).order_by(column)
    if before is not None:
        statement = statement.where(column < before)
    if person:
        statement = statement.where(trail.c.person == person)
    if act:
        statement = statement.where(trail.c.act.startswith(act, autoescape=True))
    if first is not None:
        statement = statement.where(trail.c.at >= str(first))
    if last is not None:
        statement = statement.where(trail.c.at < str(last + timedelta(days=1)))
    return bulk.frame_of(session, statement.execution_options(scoped=True))
