"""Accounts, what they may do, and how they entered. Passwords and tokens come here as digests alone."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session
from tongyuan.store.tables import system


@dataclass(frozen=True)
class Account:
    """One person who may enter: name, organisation, title, digest of the password, second factor, state."""

    account: str
    organisation: str | None
    title: str
    password: str
    second_factor: str | None
    must_change: bool
    active: bool


@dataclass(frozen=True)
class Grant:
    """A role of an account for an organisation or a region, from one moment to another."""

    number: int
    account: str
    role: str
    organisation: str
    region: str
    since: str
    until: str | None
    delegated_by: str | None


def add_account(session: Session, account: Account) -> None:
    """Add an account; ValueError if there is one of that name or its organisation is not known."""
    try:
        session.connection.execute(sa.insert(system("account")).values(account.__dict__))
    except sa.exc.IntegrityError:
        raise ValueError(
            f"there is an account {account.account!r} already, or its organisation is not known"
        ) from None
    told = {"account": account.account, "organisation": account.organisation, "title": account.title}
    trail.append(session, "account.add", told)


def account_of(session: Session, name: str) -> Account | None:
    """Return the account of that name."""
    table = system("account")
    row = session.connection.execute(sa.select(table).where(table.c.account == name)).one_or_none()
    return None if row is None else Account(**row._mapping)


def accounts(session: Session) -> pl.DataFrame:
    """Return all accounts without what they enter with."""
    table = system("account")
    shown = (table.c.account, table.c.organisation, table.c.title, table.c.must_change, table.c.active)
    statement = sa.select(*shown).order_by(table.c.account).execution_options(scoped=True)
    return bulk.frame_of(session, statement)


def change_account(session: Session, name: str, act: str, **values: Any) -> None:
    """Change fields of an account and tell `act` and their names; AbsentError if there is none."""
    table = system("account")
    done = session.connection.execute(sa.update(table).where(table.c.account == name).values(**values))
    if done.rowcount != 1:
        raise AbsentError(name)
    trail.append(session, act, {"account": name, "fields": sorted(values)})


def add_grant(
    session: Session,
    account: str,
    role: str,
    *,
    organisation: str = "",
    region: str = "",
    until: str | None = None,
    delegated_by: str | None = None,
) -> int:
    """Give an account a role from now on; return the number of the grant."""
    table = system("role_grant")
    values = {
        "account": account,
        "role": role,
        "organisation": organisation,
        "region": region,
        "since": trail.now(),
        "until": until,
        "delegated_by": delegated_by,
    }
    try:
        number = session.connection.execute(
            sa.insert(table).values(values).returning(table.c.role_grant)
        ).scalar_one()
    except sa.exc.IntegrityError:
        raise ValueError(f"there is no account {account!r}") from None
    trail.append(session, "grant.add", values)
    return int(number)


def end_grant(session: Session, number: int) -> None:
    """End a grant now; AbsentError if there is none that stands."""
    table, now = system("role_grant"), trail.now()
    standing = sa.or_(table.c.until.is_(None), table.c.until > now)
    statement = sa.update(table).where(table.c.role_grant == number, standing).values(until=now)
    if session.connection.execute(statement).rowcount != 1:
        raise AbsentError(number)
    trail.append(session, "grant.end", {"grant": number})


def grants(session: Session, account: str | None = None) -> tuple[Grant, ...]:
    """Return the grants that stand now, of one account or of all."""
    table, now = system("role_grant"), trail.now()
    statement = sa.select(table).where(
        table.c.since <= now, sa.or_(table.c.until.is_(None), table.c.until > now)
    )
    if account is not None:
        statement = statement.where(table.c.account == account)
    rows = session.connection.execute(statement.order_by(table.c.role_grant))
    return tuple(Grant(*row) for row in rows)


@dataclass(frozen=True)
class Entry:
    """An entry that stands: whose it is, and what it is limited to where it is not all that they may."""

    account: str
    changes: bool = True
    operations: frozenset[str] | None = None
    organisations: frozenset[str] | None = None

    def may(self, operation: str, changes: bool) -> bool:
        """Return whether it is good for an operation, which `changes` something or not."""
        if self.operations is not None:
            return operation in self.operations
        return self.changes or not changes

    @property
    def limited(self) -> bool:
        """Return whether it is good for less than its account may do."""
        return not self.changes or self.operations is not None or self.organisations is not None


def enter(
    session: Session, token: str, account: str, until: str, *, title: str = "", limits: Entry | None = None
) -> None:
    """Note that an account entered with a token of this digest, until a moment; with a title, as a key."""
    allows = None
    if limits is not None:
        kept = {name: getattr(limits, name) for name in ("changes", "operations", "organisations")}
        allows = json.dumps({n: sorted(v) if isinstance(v, frozenset) else v for n, v in kept.items()})
    values = {"token": token, "account": account, "since": trail.now(), "until": until, "ended": False}
    values |= {"title": title or None, "allows": allows}
    session.connection.execute(sa.insert(system("entry")).values(values))
    told = {"account": account, "until": until} | ({"title": title, "allows": allows} if title else {})
    trail.append(session, "token.add" if title else "entry.begin", told)


def entry_of(session: Session, token: str) -> Entry | None:
    """Return the entry under a token of this digest, where it stands."""
    table = system("entry")
    statement = sa.select(table.c.account, table.c.allows).where(
        table.c.token == token, sa.not_(table.c.ended), table.c.until > trail.now()
    )
    row = session.connection.execute(statement).one_or_none()
    if row is None:
        return None
    told: dict[str, Any] = json.loads(row.allows) if row.allows else {}
    some = {n: None if (v := told.get(n)) is None else frozenset(v) for n in ("operations", "organisations")}
    return Entry(row.account, bool(told.get("changes", True)), some["operations"], some["organisations"])


def keys(session: Session, account: str) -> pl.DataFrame:
    """Return the keys of an account that stand: the beginning of their digest, title, limits and end."""
    table = system("entry")
    shown = (sa.func.substr(table.c.token, 1, 12).label("token"), table.c.title, table.c.allows)
    statement = sa.select(*shown, table.c.since, table.c.until).where(
        table.c.account == account, table.c.title.is_not(None), sa.not_(table.c.ended),
        table.c.until > trail.now(),
    )  # fmt: skip
    return bulk.frame_of(session, statement.order_by(table.c.since).execution_options(scoped=True))


def end_key(session: Session, account: str, beginning: str) -> None:
    """End the key of an account whose digest begins so; AbsentError where there is none that stands."""
    table = system("entry")
    mine = (
        table.c.account == account, table.c.title.is_not(None), sa.not_(table.c.ended),
        sa.func.substr(table.c.token, 1, 12) == beginning,
    )  # fmt: skip
    if session.connection.execute(sa.update(table).where(*mine).values(ended=True)).rowcount != 1:
        raise AbsentError(beginning)
    trail.append(session, "token.end", {"account": account, "token": beginning})


def entered(session: Session, token: str) -> str | None:
    """Return the account that entered with a token of this digest and has not left."""
    entry = entry_of(session, token)
    return None if entry is None else entry.account


def leave(session: Session, account: str, token: str | None = None) -> int:
    """End the entries of an account, or the one with this token; return how many there were."""
    table = system("entry")
    statement = sa.update(table).where(table.c.account == account, sa.not_(table.c.ended)).values(ended=True)
    if token is not None:
        statement = statement.where(table.c.token == token)
    ended = session.connection.execute(statement).rowcount
    if ended:
        trail.append(session, "entry.end", {"account": account, "entries": ended})
    return ended


def attempt(session: Session, account: str, *, passed: bool) -> None:
    """Note that somebody tried to enter as `account`."""
    values = {"account": account, "at": trail.now(), "passed": passed}
    session.connection.execute(sa.insert(system("attempt")).values(values))


def failures(session: Session, account: str) -> tuple[int, str]:
    """Return how many attempts failed since the last that passed, and when the latest was."""
    table = system("attempt")
    passed = sa.select(sa.func.max(table.c.attempt)).where(table.c.account == account, table.c.passed)
    last = session.connection.scalar(passed) or 0
    statement = sa.select(sa.func.count(), sa.func.max(table.c.at)).where(
        table.c.account == account, sa.not_(table.c.passed), table.c.attempt > last
    )
    count, at = session.connection.execute(statement).one()
    return int(count), at or ""
