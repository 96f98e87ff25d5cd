"""What an operation is, the register of all of them, and the one way to perform one."""

from __future__ import annotations

import logging
import pkgutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, ValidationError
from pydantic_core import CoreSchema

from tongyuan.ledger.finding import Bilingual, Finding, FindingError, finding
from tongyuan.office.account import digest_of
from tongyuan.office.role import needs_all, own, roles, scope_of
from tongyuan.reference.shelf import read_text_csv
from tongyuan.store import people, work
from tongyuan.store.database import AbsentError, Session, reading, writing
from tongyuan.store.scope import Scope
from tongyuan.store.submission import ConflictError, places

log = logging.getLogger("tongyuan.office")

NOBODY = "public"
"""Who asks without having entered."""


class Request(BaseModel):
    """What an operation is asked; what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe that a text which must hold something holds more than blanks, which are stripped."""
        made = handler(core_schema)
        for told in handler.resolve_ref_schema(made).get("properties", {}).values():
            for part in (told, told.get("items", {}), *told.get("anyOf", ())):
                if part.get("minLength") and "pattern" not in part:
                    part["pattern"] = r"\S"
        return made


Serial = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""The number of something, as databases and JSON hold it to the last digit."""


@dataclass(frozen=True)
class Desk:
    """Where an operation works: a transaction, the folder of published runs, and who asks in which roles."""

    session: Session
    archive: Path
    person: str
    roles: frozenset[str]
    regions: frozenset[str] = frozenset()
    """Regions, without the zeros at their end, that the person's roles reach."""
    token: str | None = None
    window: tuple[int, int] | None = None
    """First row and number of rows that are wanted of a table; all where there is none."""
    worked: Any = None
    """What the operation worked out before this transaction."""


@dataclass(frozen=True)
class Page:
    """Part of a table that was never brought whole: its rows, and how many there are in all."""

    rows: pl.DataFrame
    total: int


@dataclass(frozen=True)
class File:
    """A file that an operation answers: its name, what is in it, and of what kind it is."""

    name: str
    content: bytes
    media: str


Answer = Mapping[str, Any] | pl.DataFrame | Page | File
"""What an operation answers: named values, a table, a part of one where a part was asked for, or a file."""


@dataclass(frozen=True)
class Operation:
    """One thing that can be done.

    Parameters
    ----------
    name
        ``subject.verb``; what people call it stands in ``operation.csv``.
    roles
        Roles that may do it; ``public`` is everybody, none is everybody who has entered.
    request
        What it is asked.
    run
        Desk and request → answer.
    changes
        Whether it writes.
    pause
        Where it needs a second person: how long after the proposal that one may approve at the
        earliest; None where one person is enough.
    answers
        What it answers: named values, the rows of a table, or a file.
    secret
        Whether it answers what must not be kept: it cannot be asked under a key to be done once.
    before
        What of a change takes long and writes nothing, done before its turn among the writers: office, scope
        and request → ``worked`` of the desk.
    """

    name: str
    roles: frozenset[str]
    request: type[Request]
    run: Callable[[Desk, Any], Answer]
    changes: bool = False
    pause: timedelta | None = None
    answers: Literal["values", "rows", "file"] = "values"
    secret: bool = False
    before: Callable[[Office, Scope, Any], Any] | None = None

    @property
    def title(self) -> Bilingual:
        """Return what people call it."""
        return _told()[self.name][1]

    @property
    def room(self) -> str:
        """Return the room of the console it belongs to."""
        return _told()[self.name][0]


@cache
def _told() -> Mapping[str, tuple[str, Bilingual]]:
    rows = read_text_csv(files("tongyuan.office").joinpath("operation.csv")).iter_rows()
    return {name: (room, Bilingual(zh, en)) for name, room, zh, en in rows}


@dataclass(frozen=True)
class Room:
    """A part of the console: what belongs together for the people who do it."""

    room: str
    title: Bilingual
    description: Bilingual

    def operations(self) -> tuple[Operation, ...]:
        """Return the operations that belong to it."""
        return tuple(one for one in operations().values() if one.room == self.room)


@cache
def office_rooms() -> Mapping[str, Room]:
    """Return the rooms of the console, in their order."""
    rows = read_text_csv(files("tongyuan.office").joinpath("room.csv")).to_dicts()
    return {
        row["room"]: Room(
            row["room"],
            Bilingual(row["title_zh"], row["title_en"]),
            Bilingual(row["description_zh"], row["description_en"]),
        )
        for row in rows
    }


@dataclass(frozen=True)
class Office:
    """A database and the folder of its published runs."""

    engine: sa.Engine
    archive: Path
    pauses: Mapping[str, timedelta] = field(default_factory=dict)
    """Pauses of this office by operation, where they are not the usual ones."""


class Refused(FindingError):
    """Raised when an operation is not done; `status` is the code of HTTP that says so."""

    def __init__(self, status: int, *findings: Finding) -> None:
        super().__init__(findings)
        self.status = status


@cache
def operations() -> Mapping[str, Operation]:
    """Return every operation by name: those of each module in the folder ``operations``."""
    found: dict[str, Operation] = {}
    package = import_module("tongyuan.office.operations")
    for module in pkgutil.iter_modules(package.__path__):
        for one in import_module(f"{package.__name__}.{module.name}").OPERATIONS:
            if one.name in found:
                raise ValueError(f"two operations are called {one.name}")
            if one.before is not None and (one.pause is not None or not one.changes):
                raise ValueError(f"operation {one.name} works out before its turn what it never takes")
            unknown = one.roles - set(roles())
            if unknown:
                raise ValueError(f"operation {one.name} is for unknown roles: {sorted(unknown)}")
            found[one.name] = one
    return found


def perform(
    office: Office,
    token: str | None,
    name: str,
    request: Mapping[str, Any],
    *,
    once: str | None = None,
    window: tuple[int, int] | None = None,
) -> Answer:
    """Perform an operation and return its answer.

    Parameters
    ----------
    token
        What the person got on entering; None is the public.
    once
        A key of the caller's: a change that is asked again under it is done once and answered the same.
    window
        First row and number of rows wanted of a table: an operation may then answer a page.

    Raises
    ------
    Refused
        400 unknown operation, 401 not entered, 403 not allowed, 404 not there for this person, 409 changed by
        somebody else, 422 a request that cannot be, 503 a database or disk that fails (full, not to be
        written, gone, no descriptors left); with the findings, and nothing is changed.
    """
    operation = operations().get(name)
    if operation is None:
        raise Refused(400, finding("office", "operation_unknown", name=name))
    asked = _request(operation, request)
    if once is not None and operation.secret:
        raise Refused(422, finding("office", "once_secret", name=operation.title))
    enter = writing if operation.changes else reading
    try:
        person, scope, standing, whole = _who(office, token, operation)
        held = frozenset(g.role for g in standing)
        regions = frozenset(g.region.rstrip("0") for g in standing if g.region and whole)
        worked = None if operation.before is None else operation.before(office, scope, asked)
        with enter(office.engine, scope) as session:
            desk = Desk(session, office.archive, person, held, regions, token, window, worked)
            if once is None or not operation.changes:
                return _done(office, desk, operation, asked)
            key, told = f"{name} {once}", asked.model_dump_json()
            before = work.answer_of(session, key, told)
            if before is not None:
                return before
            answer = _done(office, desk, operation, asked)
            assert isinstance(answer, Mapping)
            work.keep_answer(session, key, told, answer)
            return answer
    except ConflictError as error:
        lines = "; ".join(f"{table}: {lines}" for table, lines in error.lines.items())
        raise Refused(409, finding("office", "conflict", head=error.head, lines=lines)) from None
    except PermissionError as error:
        if error.errno is not None:
            raise failed(error) from None
        raise Refused(403, finding("office", "not_yours", name=operation.title)) from None
    except AbsentError as error:
        raise Refused(404, finding("office", "not_there", what=str(error.args[0]))) from None
    except Refused:
        raise
    except FindingError as error:
        raise Refused(422, *error.findings) from None
    except (ValueError, OverflowError) as error:
        raise Refused(422, finding("office", "not_possible", reason=str(error))) from None
    except (sa.exc.DataError, sa.exc.InterfaceError) as error:
        why = str(error.orig).strip().splitlines()[0]
        raise Refused(422, finding("office", "not_possible", reason=why)) from None
    except FAILURES as error:
        raise failed(error) from None


FAILURES = (sa.exc.OperationalError, sa.exc.InternalError, sa.exc.TimeoutError, OSError)
"""What is raised where not the request is wrong but the machine: its disk, its database, its descriptors."""


SILENT = Bilingual("数据库没有应答", "the database does not answer")


def failed(error: Exception) -> Refused:
    """Return the refusal for a machine that fails: why, but neither a path nor an address of it."""
    told: Any = getattr(error, "orig", None) or error
    why: str | None
    if isinstance(told, OSError):
        why = told.strerror
    elif isinstance(told, sqlite3.Error):
        why = str(told)
    else:
        why = getattr(getattr(told, "diag", None), "message_primary", None)
    log.error("the machine fails: %s %s", type(told).__name__, why or "")
    return Refused(503, finding("office", "machine_fails", reason=why or SILENT))


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse what is done in the block when the machine fails."""
    try:
        yield
    except FAILURES as error:
        raise failed(error) from None


def _done(office: Office, desk: Desk, operation: Operation, asked: Request) -> Answer:
    """Do what is asked, or propose it where it needs a second person."""
    return operation.run(desk, asked) if operation.pause is None else _propose(office, desk, operation, asked)


def _request(operation: Operation, request: Mapping[str, Any]) -> Request:
    try:
        return operation.request.model_validate(dict(request))
    except ValidationError as error:
        raise Refused(422, *misfits(error.errors())) from None


def misfits(errors: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Return what of a request does not fit the description of its operation."""
    return tuple(
        finding("office", "request", place=".".join(map(str, e["loc"])) or "-", reason=str(e["msg"]))
        for e in errors
    )


def _who(
    office: Office, token: str | None, operation: Operation
) -> tuple[str, Scope, list[people.Grant], bool]:
    """Return who asks, the scope of those of their grants that allow this, these, and whether it is whole."""
    with reading(office.engine, Scope.everything(NOBODY)) as session:
        entry = people.entry_of(session, digest_of(token)) if token else None
        if entry is None:
            if "public" in operation.roles and token is None:
                return NOBODY, Scope(NOBODY), [], True
            raise Refused(401, finding("office", "not_entered"))
        account = people.account_of(session, entry.account)
        if account is None or not account.active:
            raise Refused(401, finding("office", "not_entered"))
        if account.must_change and operation.name not in ("account.change_password", "entry.end"):
            raise Refused(403, finding("office", "password_must_change"))
        if not entry.may(operation.name, operation.changes):
            raise Refused(403, finding("office", "token_limited", name=operation.title))
        standing = [g for g in people.grants(session, account.account) if g.role in operation.roles]
        if operation.roles and not standing and "public" not in operation.roles:
            raise Refused(403, finding("office", "not_allowed", name=operation.title))
        known = places(session) if needs_all(standing) else own(standing)
        scope = scope_of(account.account, standing, known).within(entry.organisations)
        return account.account, scope, standing, entry.organisations is None


def _propose(office: Office, desk: Desk, operation: Operation, asked: Request) -> Answer:
    pause = office.pauses.get(operation.name, operation.pause or timedelta())
    earliest = (datetime.now(UTC) + pause).isoformat(timespec="microseconds")
    content = asked.model_dump(mode="json")
    number = work.propose(desk.session, operation.name, content, not_before=earliest, reason="")
    return {"proposal": number, "not_before": earliest}


@dataclass(frozen=True)
class Person:
    """Who has entered: the account, what it is called, the roles that stand, and whether it must change."""

    account: str
    title: str
    roles: frozenset[str]
    must_change: bool

    def may(self, operation: Operation) -> bool:
        """Return whether one of their roles allows an operation; on what is another question."""
        return not operation.roles or bool(operation.roles & (self.roles | {"public"}))


def person_of(office: Office, token: str | None) -> Person | None:
    """Return who entered with a token; None where nobody did, or not any more.

    Raises
    ------
    Refused
        503 if the database fails.
    """
    with refusing(), reading(office.engine, Scope.everything(NOBODY)) as session:
        name = people.entered(session, digest_of(token)) if token else None
        account = people.account_of(session, name) if name else None
        if account is None or not account.active:
            return None
        held = frozenset(g.role for g in people.grants(session, account.account))
        return Person(account.account, account.title, held, account.must_change)


def approve(desk: Desk, number: int, reason: str) -> Answer:
    """Let a proposal of somebody else come true, under the roles that may propose it."""
    proposal = work.proposal_of(desk.session, number)
    operation = operations()[proposal.act]
    if not desk.roles & operation.roles:
        raise PermissionError(operation.name)
    work.decide(desk.session, number, "approved", reason)
    return operation.run(desk, operation.request.model_validate(proposal.content))
