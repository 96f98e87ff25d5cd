"""Tokens for programs: good for part of what their account may do, until a moment, and revoked one by one."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from tongyuan.ledger.finding import finding
from tongyuan.office.account import digest_of
from tongyuan.office.operation import Answer, Desk, Operation, Refused, Request, operations
from tongyuan.office.operations.people import ENTERED, Name, Nothing, Text
from tongyuan.store import people

POWER = "account"
"""Room of the operations that give power; those of them that change something are for no token."""


class NewToken(Request):
    """A token to make, told once: for all that reads, for changes too, or for some operations alone."""

    title: Text
    until: datetime
    changes: bool = False
    operations: tuple[Name, ...] = ()
    organisations: tuple[Name, ...] = ()


class TokenNumber(Request):
    """The beginning of a token's digest, as the list of tokens has it."""

    token: Annotated[str, Field(pattern="^[0-9a-f]{12}$")]


def _add(desk: Desk, asked: NewToken) -> Answer:
    until = asked.until.astimezone(UTC)
    if until <= datetime.now(UTC):
        raise Refused(422, finding("office", "time_passed", moment=until.isoformat()))
    known = operations()
    given = {name: one for name, one in known.items() if not (one.changes and one.room == POWER)}
    strange = sorted(set(asked.operations) - set(given))
    if strange:
        raise Refused(422, finding("office", "token_operations", names=", ".join(strange)))
    wanted = asked.operations or [n for n, one in given.items() if asked.changes or not one.changes]
    token = secrets.token_urlsafe(32)
    limits = people.Entry(
        desk.person,
        any(known[name].changes for name in wanted),
        frozenset(wanted) if asked.operations or asked.changes else None,
        frozenset(asked.organisations) or None,
    )
    moment = until.isoformat(timespec="microseconds")
    people.enter(desk.session, digest_of(token), desk.person, moment, title=asked.title, limits=limits)
    return {"token": token, "number": digest_of(token)[:12], "until": moment}


def _list(desk: Desk, _: Nothing) -> Answer:
    return people.keys(desk.session, desk.person)


def _end(desk: Desk, asked: TokenNumber) -> Answer:
    people.end_key(desk.session, desk.person, asked.token)
    return {"token": asked.token}


OPERATIONS = (
    Operation("token.add", ENTERED, NewToken, _add, changes=True, secret=True),
    Operation("token.list", ENTERED, Nothing, _list, answers="rows"),
    Operation("token.end", ENTERED, TokenNumber, _end, changes=True),
)
