"""Organisations, and what they submit: one submission for each kind and period, in versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session, must_write, seen
from tongyuan.store.tables import STATES, system


class ConflictError(ValueError):
    """Raised when something was changed by another person since it was read.

    `lines` are the rows that both changed, by table; `head` is the version that stands now.
    """

    def __init__(self, head: int, lines: dict[str, list[int]]) -> None:
        self.head, self.lines = head, lines
        super().__init__(f"version {head} stands; changed by both: {lines}")


@dataclass(frozen=True)
class Head:
    """A submission as it stands: whose it is, its last version and state."""

    submission: int
    organisation: str
    version: int
    state: str


def add_organisation(
    session: Session,
    organisation: str,
    *,
    kind: str,
    region: str,
    title_zh: str,
    title_en: str,
    parent: str | None = None,
) -> None:
    """Add an organisation.

    Raises
    ------
    PermissionError
        If the scope may not write for it.
    ValueError
        If there is one of that name.
    """
    must_write(session, organisation)
    table = system("organisation")
    values = {
        "organisation": organisation, "kind": kind, "region": region, "parent": parent,
        "title_zh": title_zh, "title_en": title_en,
    }  # fmt: skip
    try:
        session.connection.execute(sa.insert(table).values(values).execution_options(scoped=True))
    except sa.exc.IntegrityError:
        raise ValueError(f"there is an organisation {organisation!r} already") from None
    trail.append(session, "organisation.add", values)


class Place(NamedTuple):
    """Where an organisation stands: its region, and what it is part of."""

    organisation: str
    region: str
    parent: str | None


def places(session: Session) -> list[Place]:
    """Return where each organisation that the scope sees stands."""
    table = system("organisation")
    statement = sa.select(table.c.organisation, table.c.region, table.c.parent)
    return [Place(*row) for row in session.connection.execute(seen(session, statement, table.c.organisation))]


def organisations(session: Session) -> pl.DataFrame:
    """Return the organisations that the scope sees."""
    table = system("organisation")
    statement = sa.select(table).order_by(table.c.organisation)
    return bulk.frame_of(session, seen(session, statement, table.c.organisation))


def open_submission(session: Session, organisation: str, *, kind: str, period: str, reason: str = "") -> int:
    """Begin a submission as a draft without rows; return its number.

    Raises
    ------
    PermissionError
        If the scope may not write for the organisation.
    ValueError
        If the organisation has one of this kind and period already.
    """
    must_write(session, organisation)
    table = system("submission")
    try:
        number = session.connection.execute(
            sa.insert(table)
            .values(organisation=organisation, kind=kind, period=period)
            .returning(table.c.submission)
            .execution_options(scoped=True)
        ).scalar_one()
    except sa.exc.IntegrityError:
        raise ValueError(
            f"{organisation} has a submission {kind} of {period} already, or is not known"
        ) from None
    add_version(session, Head(number, organisation, 0, "draft"), "draft", reason)
    return int(number)


def head_of(session: Session, submission: int) -> Head:
    """Return how a submission stands; AbsentError when there is none that the scope sees."""
    table = system("version")
    statement = (
        sa.select(table).where(table.c.submission == submission).order_by(table.c.version.desc()).limit(1)
    )
    row = session.connection.execute(seen(session, statement, table.c.organisation)).one_or_none()
    if row is None:
        raise AbsentError(submission)
    return Head(row.submission, row.organisation, row.version, row.state)


def held(session: Session, submission: int) -> Head:
    """Return how a submission stands, and let nobody change it until the transaction ends."""
    if session.postgresql:
        session.connection.exec_driver_sql("select pg_advisory_xact_lock(%s)", (submission,))
    head = head_of(session, submission)
    must_write(session, head.organisation)
    return head


def add_version(session: Session, head: Head, state: str, reason: str) -> int:
    """Add a version to a held submission and tell it to the trail; return its number."""
    if state not in STATES:
        raise ValueError(f"state {state!r}; there are {', '.join(STATES)}")
    version = head.version + 1
    session.connection.execute(
        sa.insert(system("version"))
        .values(
            submission=head.submission,
            version=version,
            organisation=head.organisation,
            state=state,
            person=session.scope.person,
            at=trail.now(),
            reason=reason,
        )
        .execution_options(scoped=True)
    )
    content = {"submission": head.submission, "version": version, "state": state, "reason": reason}
    trail.append(session, "submission.version", content)
    return version


def set_state(session: Session, submission: int, state: str, *, based_on: int, reason: str = "") -> int:
    """Move a submission into another state as a new version without changed rows.

    Raises
    ------
    ConflictError
        If it is not at version `based_on` any more: who decides must have seen what stands.
    """
    head = held(session, submission)
    if head.version != based_on:
        raise ConflictError(head.version, {})
    return add_version(session, head, state, reason)


def versions(session: Session, submission: int | None = None) -> pl.DataFrame:
    """Return the versions of a submission, or of all that the scope sees, in order."""
    table = system("version")
    statement = sa.select(table).order_by(table.c.submission, table.c.version)
    if submission is not None:
        statement = statement.where(table.c.submission == submission)
    return bulk.frame_of(session, seen(session, statement, table.c.organisation))


def submissions(session: Session) -> pl.DataFrame:
    """Return the submissions that the scope sees."""
    table = system("submission")
    statement = sa.select(table).order_by(table.c.submission)
    return bulk.frame_of(session, seen(session, statement, table.c.organisation))


def standing(
    session: Session, window: tuple[int, int] | None = None, submission: int | None = None
) -> tuple[pl.DataFrame, int]:
    """Return the submissions that the scope sees as they stand, and how many there are.

    Parameters
    ----------
    window
        First row and number of rows wanted; all where there is none.
    submission
        The one that is wanted; all where there is none.

    Returns
    -------
    frame
        Columns of ``submission``; version, state, person and at of the newest version.
    """
    one, version = system("submission"), system("version")
    newest = (
        sa.select(sa.func.max(version.c.version))
        .where(version.c.submission == one.c.submission)
        .correlate(one)
        .scalar_subquery()
    )
    both = sa.and_(version.c.submission == one.c.submission, version.c.version == newest)
    told = (version.c.version, version.c.state, version.c.person, version.c.at)
    statement = sa.select(*one.c, *told).join(version, both).order_by(one.c.submission)
    if submission is not None:
        window, statement = None, statement.where(one.c.submission == submission)
    if window is None:
        frame = bulk.frame_of(session, seen(session, statement, one.c.organisation))
        return frame, frame.height
    counted = sa.select(sa.func.count()).select_from(one)
    total = session.connection.scalar(seen(session, counted, one.c.organisation))
    part = statement.offset(window[0]).limit(window[1])
    return bulk.frame_of(session, seen(session, part, one.c.organisation)), int(total or 0)
