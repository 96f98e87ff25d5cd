"""Bring a database to the tables of this release, with its rows kept.

What this release adds, a table or a column, follows from the schemas of the ledger and is added by Alembic.
Whatever else differs was made by another release and is told, not guessed.
"""

from __future__ import annotations

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.migration import MigrationContext
from alembic.operations import Operations, ops

from tongyuan.ledger.finding import Finding, FindingError, finding
from tongyuan.store import row_security
from tongyuan.store.tables import metadata

SHAPE = sa.table("shape", sa.column("digest", sa.Text))
"""One row: the digest of the tables that were there when the database was last brought up to date."""

LOCK = 8_243_771
"""Number of the lock of PostgreSQL under which one process at a time upgrades."""


def shape() -> str:
    """Return a digest of every table, column and type of this release."""
    told = [
        f"{table.name}.{column.name}:{column.type!r}:{column.nullable}"
        for table in metadata().sorted_tables
        for column in table.columns
    ]
    told.append(row_security.rule_of("organisation", "setting"))
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def upgrade(engine: sa.Engine) -> tuple[str, ...]:
    """Add what this release has and the database has not, in one transaction; return what was added.

    Raises
    ------
    FindingError
        If the database holds what this release does not know, or under another type.
    """
    with engine.connect().execution_options(upgrading=True, writing=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(%s)", (LOCK,))
        connection.exec_driver_sql("create table if not exists shape (digest text not null)")
        if connection.scalar(sa.select(SHAPE.c.digest)) == shape():
            return ()
        if set(sa.inspect(connection).get_table_names()) <= {SHAPE.name}:
            return _begin(connection)
        steps = list(_steps(connection))
        strange = [told for step in steps if (told := _strange(step)) is not None]
        if strange:
            raise FindingError(strange)
        operations = Operations(MigrationContext.configure(connection))
        for step in steps:
            operations.invoke(step)
        _seal(connection)
        return tuple(_name(step) for step in steps if not isinstance(step, ops.CreateIndexOp))


def _begin(connection: sa.Connection) -> tuple[str, ...]:
    """Make every table in an empty database; return their names."""
    metadata().create_all(connection, checkfirst=False)
    _seal(connection)
    return tuple(table.name for table in metadata().sorted_tables)


def _seal(connection: sa.Connection) -> None:
    """Guard the rows of all tables as this release does, and write down the shape of the database."""
    if connection.dialect.name == "postgresql":
        row_security.enable(connection, metadata().sorted_tables)
    connection.execute(sa.delete(SHAPE))
    connection.execute(sa.insert(SHAPE).values(digest=shape()))


def _steps(connection: sa.Connection) -> Any:
    """Yield the operations that would make the database equal to the tables of this release."""

    def known(item: Any, name: str | None, kind: str, *_: object) -> bool:
        return not (kind == "table" and name == "shape")

    options = {"compare_type": True, "compare_server_default": False, "include_object": known}
    found = produce_migrations(MigrationContext.configure(connection, opts=options), metadata()).upgrade_ops
    for step in found.ops if found is not None else ():
        yield from step.ops if isinstance(step, ops.OpContainer) else (step,)


def _name(step: Any) -> str:
    if isinstance(step, ops.AddColumnOp):
        return f"{step.table_name}.{step.column.name}"
    column = getattr(step, "column_name", None)
    return f"{step.table_name}.{column}" if column else str(step.table_name)


def _strange(step: Any) -> Finding | None:
    """Return what is to be said of a step that would lose or change what the database holds."""
    if isinstance(step, ops.CreateTableOp | ops.CreateIndexOp | ops.CreateUniqueConstraintOp):
        return None
    if isinstance(step, ops.AddColumnOp) and step.column.nullable:
        return None
    return finding("store", "other_release", name=_name(step))
