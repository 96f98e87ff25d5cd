"""Webhooks: addresses that a person has told of publications, and the log of every attempt to tell them."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session
from tongyuan.store.tables import system


@dataclass(frozen=True)
class Hook:
    """An address, whose it is, and the secret that what is sent there is signed with."""

    webhook: int
    account: str
    address: str
    secret: str


def add(session: Session, account: str, title: str, address: str, secret: str) -> int:
    """Enter an address of an account; return its number."""
    table = system("webhook")
    values = {"account": account, "title": title, "address": address, "since": trail.now(), "ended": False}
    statement = sa.insert(table).values(secret=secret, **values).returning(table.c.webhook)
    number: int = session.connection.execute(statement).scalar_one()
    trail.append(session, "webhook.add", {"webhook": number, "account": account, "address": address})
    return number


def end(session: Session, account: str, number: int) -> None:
    """End a webhook of an account; AbsentError where there is none that stands."""
    table = system("webhook")
    mine = (table.c.webhook == number, table.c.account == account, sa.not_(table.c.ended))
    if session.connection.execute(sa.update(table).where(*mine).values(ended=True)).rowcount != 1:
        raise AbsentError(number)
    trail.append(session, "webhook.end", {"webhook": number, "account": account})


def standing(session: Session, number: int | None = None) -> tuple[Hook, ...]:
    """Return the webhooks that stand, or the one of a number if it does."""
    table = system("webhook")
    shown = (table.c.webhook, table.c.account, table.c.address, table.c.secret)
    statement = sa.select(*shown).where(sa.not_(table.c.ended)).order_by(table.c.webhook)
    if number is not None:
        statement = statement.where(table.c.webhook == number)
    return tuple(Hook(*row) for row in session.connection.execute(statement))


def hooks(session: Session, account: str) -> pl.DataFrame:
    """Return the webhooks of an account without their secrets."""
    table = system("webhook")
    shown = (table.c.webhook, table.c.title, table.c.address, table.c.since, table.c.ended)
    statement = sa.select(*shown).where(table.c.account == account).order_by(table.c.webhook)
    return bulk.frame_of(session, statement.execution_options(scoped=True))


def note(session: Session, number: int, job: int, event: str, status: int | None, error: str) -> int:
    """Enter an attempt to tell an address; return how many there were of this job."""
    table = system("delivery")
    values = {"webhook": number, "job": job, "event": event, "at": trail.now()}
    session.connection.execute(sa.insert(table).values(status=status, error=error, **values))
    counted = session.connection.scalar(sa.select(sa.func.count()).where(table.c.job == job))
    return int(counted or 0)


def deliveries(session: Session, account: str) -> pl.DataFrame:
    """Return every attempt to tell the addresses of an account, the newest first."""
    hook, table = system("webhook"), system("delivery")
    statement = (
        sa.select(*table.c)
        .join(hook, hook.c.webhook == table.c.webhook)
        .where(hook.c.account == account)
        .order_by(table.c.delivery.desc())
    )
    return bulk.frame_of(session, statement.execution_options(scoped=True))
