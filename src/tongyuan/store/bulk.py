"""Many rows at once between frames and the database, by column and not row by row where it can be."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import polars as pl
import sqlalchemy as sa

from tongyuan.store import slow
from tongyuan.store.database import Session
from tongyuan.store.tables import Number

if TYPE_CHECKING:
    import psycopg

NULL = "\\N"
"""What stands for nothing in the text that PostgreSQL is sent; a text of these letters is quoted."""


@contextmanager
def _past(session: Session, statement: str) -> Iterator[None]:
    """Ask the driver itself, and raise what it raises as if it had been asked by way of SQLAlchemy."""
    dialect = session.connection.dialect
    driver = dialect.loaded_dbapi.Error
    try:
        yield
    except driver as error:
        raise sa.exc.DBAPIError.instance(statement, None, error, driver, dialect=dialect) from error


def dtype(column: sa.ColumnElement[Any]) -> pl.DataType:
    """Return the type of a frame's column that holds `column`."""
    kind = column.type
    if isinstance(kind, sa.Double):
        return pl.Float64()
    if isinstance(kind, sa.Boolean):
        return pl.Boolean()
    if isinstance(kind, sa.Date):
        return pl.Date()
    if isinstance(kind, sa.Integer) or kind is Number:
        return pl.Int64()
    return pl.String()


def insert(session: Session, target: sa.Table, frame: pl.DataFrame) -> None:
    """Add the rows of `frame`, whose columns are columns of `target`, within the transaction.

    Raises
    ------
    ValueError
        If a column is not one of the table's, or has another type.
    """
    for name, kind in frame.schema.items():
        if name not in target.c or dtype(target.c[name]) != kind:
            raise ValueError(f"column {name} of type {kind} does not fit table {target.name}")
    if frame.is_empty():
        return
    if session.postgresql:
        _copy_in(session, target, frame)
        return
    names = frame.columns
    held = frame.with_columns(pl.col(pl.Date).dt.to_string("%Y-%m-%d"))
    columns = ", ".join(session.connection.dialect.identifier_preparer.quote(n) for n in names)
    marks = ", ".join("?" for _ in names)
    insert = f"insert into {target.name} ({columns}) values ({marks})"  # nosec B608
    session.connection.exec_driver_sql(insert, held.rows())


def _copy_in(session: Session, target: sa.Table, frame: pl.DataFrame) -> None:
    """Copy into a table of this transaction and from there on: row security allows no copy past it."""
    quote = session.connection.dialect.identifier_preparer.quote
    columns = ", ".join(quote(name) for name in frame.columns)
    name = quote(target.name)
    run = session.connection.exec_driver_sql
    # names come from the schemas and are quoted
    made = f"select {columns} from {name} with no data"  # nosec B608
    run(f"create temporary table incoming on commit drop as {made}")
    text = io.BytesIO()
    # Texts are quoted and nothing is not, so a text may be empty or consist of the mark of nothing.
    frame.write_csv(text, include_header=False, null_value=NULL, quote_style="non_numeric")
    command = f"copy incoming ({columns}) from stdin (format csv, null '{NULL}')"
    connection = cast("psycopg.Connection", session.connection.connection.driver_connection)
    with _past(session, command), connection.cursor() as cursor, cursor.copy(command) as copy:
        copy.write(text.getvalue())
    run(f"insert into {name} ({columns}) select {columns} from incoming")  # nosec B608
    run("drop table incoming")


def frame_of(session: Session, statement: sa.Select[Any]) -> pl.DataFrame:
    """Return the rows of a statement made by :func:`tongyuan.store.database.seen`."""
    if not statement.get_execution_options().get("scoped"):
        raise PermissionError("a statement without scope")
    schema = {name: dtype(column) for name, column in statement.selected_columns.items()}
    begun = time.perf_counter()
    result = session.connection.execute(statement, execution_options={slow.TOLD: True})
    # The cursor's own rows: no object a row, and times and dates as the database tells them.
    with _past(session, str(result.context.statement)):
        columns = list(zip(*result.cursor.fetchall(), strict=True)) or [()] * len(schema)
    result.close()
    slow.tell(begun, lambda: str(result.context.statement))
    held = {} if session.postgresql else {pl.Boolean(): pl.Int64(), pl.Date(): pl.String()}
    frame = pl.DataFrame(
        [
            pl.Series(name, column, dtype=held.get(kind, kind))
            for (name, kind), column in zip(schema.items(), columns, strict=True)
        ]
    )
    days = [name for name, kind in schema.items() if kind == pl.Date and frame.schema[name] == pl.String]
    return frame.with_columns(pl.col(days).str.to_date()).cast(schema)  # type: ignore[arg-type]
