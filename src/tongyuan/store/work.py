"""What people ask of each other: proposals for a second person, answers to findings, notices with a date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session, must_write, seen
from tongyuan.store.submission import head_of
from tongyuan.store.tables import system


@dataclass(frozen=True)
class Proposal:
    """An act that one person proposed and another must decide, not before a moment."""

    number: int
    act: str
    content: Mapping[str, Any]
    person: str
    not_before: str
    decision: str | None


def propose(session: Session, act: str, content: Mapping[str, Any], *, not_before: str, reason: str) -> int:
    """Enter a proposal; return its number."""
    table = system("proposal")
    values = {
        "act": act,
        "content": json.dumps(dict(content), ensure_ascii=False, sort_keys=True),
        "person": session.scope.person,
        "at": trail.now(),
        "not_before": not_before,
        "reason": reason,
    }
    number = session.connection.execute(
        sa.insert(table).values(values).returning(table.c.proposal)
    ).scalar_one()
    trail.append(session, "proposal.add", {"proposal": number, "act": act, "content": values["content"]})
    return int(number)


def proposal_of(session: Session, number: int) -> Proposal:
    """Return a proposal; AbsentError if there is none."""
    table = system("proposal")
    row = session.connection.execute(sa.select(table).where(table.c.proposal == number)).one_or_none()
    if row is None:
        raise AbsentError(number)
    return Proposal(row.proposal, row.act, json.loads(row.content), row.person, row.not_before, row.decision)


def proposals(session: Session) -> pl.DataFrame:
    """Return all proposals, the newest last."""
    table = system("proposal")
    return bulk.frame_of(session, sa.select(table).order_by(table.c.proposal).execution_options(scoped=True))


def decide(session: Session, number: int, decision: str, reason: str) -> Proposal:
    """Decide a proposal of somebody else, once; return it.

    Raises
    ------
    AbsentError
        If there is none of that number.
    PermissionError
        If it is one's own: two pairs of eyes are two people.
    ValueError
        If it is decided already, or its time has not come.
    """
    proposal, table, now = proposal_of(session, number), system("proposal"), trail.now()
    if proposal.person == session.scope.person:
        raise PermissionError("a proposal is decided by another person")
    if proposal.decision is not None:
        raise ValueError(f"proposal {number} is {proposal.decision} already")
    if decision == "approved" and now < proposal.not_before:
        raise ValueError(f"proposal {number} may be approved from {proposal.not_before} on")
    values = {"decision": decision, "second_person": session.scope.person, "decided_at": now}
    statement = sa.update(table).where(table.c.proposal == number, table.c.decision.is_(None)).values(values)
    if session.connection.execute(statement).rowcount != 1:
        raise ValueError(f"proposal {number} is decided already")
    trail.append(session, "proposal.decide", {"proposal": number, "decision": decision, "reason": reason})
    return proposal


def add_reply(
    session: Session, submission: int, finding: str, text: str, file_name: str = "", file_digest: str = ""
) -> int:
    """Let an answer stand beside a finding on a submission; earlier answers stay. Return its number."""
    head, table = head_of(session, submission), system("reply")
    must_write(session, head.organisation)
    values = {
        "organisation": head.organisation,
        "submission": submission,
        "finding": finding,
        "text": text,
        "file_name": file_name,
        "file_digest": file_digest,
        "person": session.scope.person,
        "at": trail.now(),
    }
    statement = sa.insert(table).values(values).returning(table.c.reply).execution_options(scoped=True)
    number = session.connection.execute(statement).scalar_one()
    told = {"reply": number, "submission": submission, "finding": finding, "file": file_digest}
    trail.append(session, "finding.reply", told)
    return int(number)


def replies(session: Session, submission: int) -> pl.DataFrame:
    """Return the answers to findings on a submission, in order."""
    table = system("reply")
    statement = sa.select(table).where(table.c.submission == submission).order_by(table.c.reply)
    return bulk.frame_of(session, seen(session, statement, table.c.organisation))


def notify(
    session: Session,
    organisation: str,
    role: str,
    kind: str,
    content: Mapping[str, Any],
    due: str | None = None,
) -> None:
    """Leave a notice for those who have `role` in an organisation; `due` is a date as text."""
    values = {
        "organisation": organisation,
        "role": role,
        "kind": kind,
        "content": json.dumps(dict(content), ensure_ascii=False, sort_keys=True),
        "at": trail.now(),
        "due": due,
    }
    session.connection.execute(sa.insert(system("notice")).values(values).execution_options(scoped=True))


def notices(session: Session, roles: Iterable[str] | None = None) -> pl.DataFrame:
    """Return the notices, those for some roles if any are named, that the scope sees, the newest first.

    ``read`` says whether this person has read it.
    """
    table, done = system("notice"), system("notice_read")
    mine = sa.and_(done.c.notice == table.c.notice, done.c.person == session.scope.person)
    statement = (
        sa.select(*table.c, done.c.at.is_not(None).label("read"))
        .join(done, mine, isouter=True)
        .order_by(table.c.notice.desc())
    )
    if roles is not None:
        statement = statement.where(table.c.role.in_(sorted(roles)))
    return bulk.frame_of(session, seen(session, statement, table.c.organisation))


def mark_read(session: Session, roles: Iterable[str], notice: int, *, earlier: bool) -> int:
    """Note that this person has read a notice, and with `earlier` all before it; return how many were new.

    Raises
    ------
    AbsentError
        If there is no such notice for these roles that the scope sees.
    """
    listed = notices(session, roles)
    if listed.filter(notice=notice).is_empty():
        raise AbsentError(notice)
    number = pl.col("notice")
    wanted = listed.filter((number <= notice) if earlier else (number == notice), ~pl.col("read"))
    values = [{"person": session.scope.person, "notice": n, "at": trail.now()} for n in wanted["notice"]]
    if values:
        session.connection.execute(sa.insert(system("notice_read")), values)
    return len(values)


def answer_of(session: Session, key: str, asked: str) -> Mapping[str, Any] | None:
    """Return what this person was answered under `key`, None if they did not ask under it.

    Raises
    ------
    ValueError
        If they asked something else under it.
    """
    if session.postgresql:  # two that ask at once under one key come one after the other
        told = f"{session.scope.person} {key}"
        session.connection.exec_driver_sql("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (told,))
    table = system("once")
    mine = (table.c.person == session.scope.person, table.c.key == key)
    row = session.connection.execute(sa.select(table).where(*mine)).one_or_none()
    if row is None:
        return None
    if row.asked != asked:
        raise ValueError(f"key {key!r} was used for another request")
    answer: Mapping[str, Any] = json.loads(row.answer)
    return answer


def keep_answer(session: Session, key: str, asked: str, answer: Mapping[str, Any]) -> None:
    """Keep what this person is answered under `key`, within the transaction that does it."""
    values = {
        "person": session.scope.person,
        "key": key,
        "asked": asked,
        "answer": json.dumps(dict(answer), ensure_ascii=False),
    }
    session.connection.execute(sa.insert(system("once")).values(values))
