"""Open a database and work in it: one transaction, one scope, nothing seen by default."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

try:
    import fcntl
except ImportError:  # not on Windows: there SQLite's own waiting is what there is
    fcntl = None  # type: ignore[assignment]

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects.postgresql import ARRAY

from tongyuan.ledger.finding import FindingError, finding
from tongyuan.store import slow
from tongyuan.store.scope import Scope
from tongyuan.store.tables import SCOPED

ROLE_SETTING = "tongyuan.scope"
"""Setting of PostgreSQL that row security reads: the organisations a transaction may see."""

WRITE_SETTING = "tongyuan.writes"
"""Setting of PostgreSQL that row security reads: the organisations a transaction may write."""

WAIT = 30.0
"""How long a writer waits for another one [s]."""


class AbsentError(KeyError):
    """Raised when something is not there, or not for the scope that asks."""


@dataclass(frozen=True)
class Session:
    """A transaction in one scope."""

    connection: sa.Connection
    scope: Scope

    @property
    def postgresql(self) -> bool:
        """Return whether the database is PostgreSQL."""
        return self.connection.dialect.name == "postgresql"


def open_database(url: str) -> sa.Engine:
    """Return an engine for ``sqlite:///file`` or ``postgresql://…``.

    Raises
    ------
    FindingError
        If the address is neither, the database cannot be reached, or PostgreSQL is entered as a superuser,
        for whom row security does not hold.
    """
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise FindingError([finding("store", "address", address=url)]) from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        engine = sa.create_engine(address, connect_args={"timeout": WAIT})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif backend == "postgresql":
        engine = sa.create_engine(
            address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, pool_size=16, max_overflow=32
        )
    else:
        raise FindingError([finding("store", "address", address=address.render_as_string())])
    event.listen(engine, "before_execute", _refuse_unscoped)
    slow.watch(engine)
    try:
        with engine.connect() as connection:
            if backend == "postgresql" and connection.scalar(
                sa.text("select rolsuper or rolbypassrls from pg_roles where rolname = current_user")
            ):
                raise FindingError([finding("store", "superuser", user=str(address.username))])
    except FindingError:
        engine.dispose()
        raise
    except sa.exc.DBAPIError as error:
        engine.dispose()
        why = str(error.orig).strip().splitlines()[0]
        raise FindingError(
            [finding("store", "unreachable", address=address.render_as_string(), reason=why)]
        ) from None
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.isolation_level = None  # transactions begin where _begin_sqlite says so
    for pragma in (
        "journal_mode = wal",
        "synchronous = full",
        "foreign_keys = on",
        f"busy_timeout = {WAIT * 1000:.0f}",
    ):
        connection.execute(f"pragma {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    how = "immediate" if connection.get_execution_options().get("writing") else "deferred"
    connection.exec_driver_sql(f"begin {how}")


def _refuse_unscoped(
    connection: sa.Connection, statement: Any, _many: object, _one: object, options: Any
) -> None:
    """Refuse a statement over rows of organisations that was not made by this room within a scope."""
    if options.get("scoped") or connection.get_execution_options().get("upgrading"):
        return
    if isinstance(statement, sa.TextClause):
        if connection.get_execution_options().get("scope") is not None:
            raise PermissionError("a text statement within a scope")
        return
    touched = {t for t in sa.sql.visitors.iterate(statement) if isinstance(t, sa.Table)}
    if isinstance(statement, sa.sql.dml.UpdateBase) and isinstance(statement.table, sa.Table):
        touched.add(statement.table)
    hidden = sorted(t.name for t in touched if t.info.get(SCOPED))
    if hidden:
        raise PermissionError(f"a statement without scope over {', '.join(hidden)}")


@contextmanager
def reading(engine: sa.Engine, scope: Scope) -> Iterator[Session]:
    """Enter a transaction that sees one state of the database and writes nothing."""
    options: dict[str, Any] = {"scope": scope}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield _entered(connection, scope)


@contextmanager
def writing(engine: sa.Engine, scope: Scope) -> Iterator[Session]:
    """Enter a transaction that is kept whole when it ends well, and leaves nothing when it does not."""
    options: dict[str, Any] = {"scope": scope, "writing": True}
    with _turn(engine), engine.connect().execution_options(**options) as connection, connection.begin():
        yield _entered(connection, scope)


@contextmanager
def _turn(engine: sa.Engine) -> Iterator[None]:
    """Wait for one's turn among the writers of an SQLite file.

    SQLite itself asks again and again whether another writer is done, and may never be the one that finds it
    so; the system wakes whoever waits for a lock on the file beside it. It is free when its holder ends.
    """
    path = engine.url.database if engine.dialect.name == "sqlite" else None
    if fcntl is None or not path or path == ":memory:":
        yield
        return
    with open(f"{path}.turn", "ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def widened(session: Session, organisation: str) -> Session:
    """Return the transaction in a scope that also covers `organisation`, which its caller allows."""
    scope, more = session.scope, {organisation}
    reads = None if scope.reads is None else scope.reads | more
    writes = None if scope.writes is None else scope.writes | more
    return _entered(session.connection, Scope(scope.person, reads, writes))


def overall(session: Session) -> Session:
    """Return the transaction in a scope that sees everybody; its caller answers for what it tells."""
    return _entered(session.connection, Scope(session.scope.person, None, session.scope.writes))


def _entered(connection: sa.Connection, scope: Scope) -> Session:
    if connection.dialect.name == "postgresql":
        writes = Scope(scope.person, scope.writes, frozenset()) if scope.writes is not None else scope
        connection.exec_driver_sql(
            "select set_config(%s, %s, true), set_config(%s, %s, true)",
            (ROLE_SETTING, scope.text(), WRITE_SETTING, writes.text()),
        )
    return Session(connection, scope)


def seen(session: Session, statement: sa.Select[Any], column: sa.ColumnElement[str]) -> sa.Select[Any]:
    """Return `statement` over the rows alone whose organisation, in `column`, the scope sees."""
    reads = session.scope.reads
    limited = statement if reads is None else statement.where(_among(session, column, sorted(reads)))
    return limited.execution_options(scoped=True)


def _among(session: Session, column: sa.ColumnElement[str], names: list[str]) -> sa.ColumnElement[bool]:
    """Return that `column` is one of `names`, as one value however many they are: its text stays the same."""
    if len(names) == 1:
        return column == names[0]
    if session.postgresql:
        return column == sa.any_(sa.bindparam(None, names, type_=ARRAY(sa.Text)))
    told = sa.func.json_each(json.dumps(names, ensure_ascii=False)).table_valued("value")
    return column.in_(sa.select(told.c.value))


def must_write(session: Session, organisation: str) -> None:
    """Raise PermissionError unless the scope may write rows of `organisation`."""
    if not session.scope.may_write(organisation):
        raise PermissionError(f"{session.scope.person} may not write for {organisation}")
