"""Rows of the ledger's tables in versions: writing adds, reading shows a submission as it was at any."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.ledger import table as ledger
from tongyuan.store import bulk
from tongyuan.store.database import Session, seen
from tongyuan.store.submission import ConflictError, add_version, held
from tongyuan.store.tables import record, system

LINE = "_line"
"""Column that tells one row of a submission from the others in all its versions."""

PARTS = "\x1f"
"""Between the parts of a list in the text that holds it: the unit separator, which no id has."""


@dataclass(frozen=True)
class Change:
    """What is to change in one table of a submission.

    Parameters
    ----------
    rows : columns of the table, ``_line`` [1] where a row replaces another, ``_place`` where it came from
        Rows that are new (no ``_line``) or replace the row of their line.
    removed
        Lines that are to go.
    """

    rows: pl.DataFrame
    removed: frozenset[int] = field(default_factory=frozenset)

    def lines(self) -> set[int]:
        """Return the lines this changes or removes."""
        kept = self.rows[LINE].drop_nulls().to_list() if LINE in self.rows.columns else []
        return {*kept, *self.removed}


def write(
    session: Session, submission: int, changes: Mapping[str, Change], *, based_on: int, reason: str = ""
) -> int:
    """Write changes of tables as one new version; return its number.

    What others wrote since version `based_on` stays, as long as it concerns other rows.

    Raises
    ------
    ConflictError
        If others changed one of the same rows since; it names them, and nothing is written.
    ValueError
        If the submission is no draft, a table, column or line is not known, or a line is given twice.
    """
    head = held(session, submission)
    if head.state not in ("draft", "returned"):
        raise ValueError(f"submission {submission} is {head.state}; it must be returned before it is changed")
    if not 0 <= based_on <= head.version:
        raise ValueError(f"version {based_on} of submission {submission} does not exist")
    both = {
        name: sorted(change.lines() & _since(session, submission, name, based_on))
        for name, change in changes.items()
        if based_on < head.version
    }
    if any(both.values()):
        raise ConflictError(head.version, {name: lines for name, lines in both.items() if lines})
    version = add_version(session, head, "draft", reason)
    for name, change in changes.items():
        _add(session, head.organisation, submission, version, name, change)
    return version


def _since(session: Session, submission: int, name: str, version: int) -> set[int]:
    table = record(name)
    statement = sa.select(table.c._line).where(table.c._submission == submission, table.c._version > version)
    return set(session.connection.scalars(seen(session, statement, table.c._organisation)))


def _add(
    session: Session, organisation: str, submission: int, version: int, name: str, change: Change
) -> None:
    table, definition = record(name), ledger.table(name)
    lines = sorted(change.lines())
    strange = sorted(set(lines) - _there(session, submission, name, lines))
    given = change.rows[LINE].drop_nulls() if LINE in change.rows.columns else pl.Series([], dtype=pl.Int64)
    if strange or given.n_unique() < len(given) or set(given) & change.removed:
        raise ValueError(f"lines of table {name} that are not there or given twice: {strange or lines}")
    names = [column.name for column in definition.columns]
    extra = sorted(set(change.rows.columns) - {*names, LINE, ledger.PLACE})
    if extra:
        raise ValueError(f"table {name} has no column {', '.join(extra)}")
    frame = _formed(change.rows, table, names)
    new = frame[LINE].is_null()
    first = _next_line(session, submission, name) if new.any() else 1
    line = pl.when(new).then(first - 1 + new.cum_sum()).otherwise(pl.col(LINE)).cast(pl.Int64).alias(LINE)
    parts = [(frame, line, False)]
    if change.removed:
        gone = rows(session, name, submission=submission, lines=sorted(change.removed))
        parts.append((_formed(gone, table, names), pl.col(LINE), True))
    for part, numbered, removed in parts:
        headed = part.with_columns(
            numbered,
            pl.lit(organisation).alias("_organisation"),
            pl.lit(submission, pl.Int64).alias("_submission"),
            pl.lit(version, pl.Int64).alias("_version"),
            pl.lit(removed).alias("_removed"),
        )
        bulk.insert(session, table, headed)


def _formed(frame: pl.DataFrame, table: sa.Table, names: list[str]) -> pl.DataFrame:
    """Return `frame` with every column of the table, typed as the database holds it."""
    columns: list[pl.Expr] = []
    for name in (LINE, ledger.PLACE, *names):
        kind = bulk.dtype(table.c[name])
        if name not in frame.columns:
            columns.append(pl.lit(None, dtype=kind).alias(name))
        elif isinstance(frame.schema[name], pl.List):
            columns.append(pl.col(name).cast(pl.List(pl.String)).list.join(PARTS))
        else:
            columns.append(pl.col(name).cast(kind, strict=True))
    return frame.select(c.fill_null("") if n == 1 else c for n, c in enumerate(columns))


def _next_line(session: Session, submission: int, name: str) -> int:
    table = record(name)
    statement = sa.select(sa.func.max(table.c._line)).where(table.c._submission == submission)
    last = session.connection.scalar(seen(session, statement, table.c._organisation))
    return 1 if last is None else int(last) + 1


def filled(session: Session, names: Iterable[str], submission: int) -> list[str]:
    """Return those of the tables that hold rows of a submission in some version, by one statement."""
    parts = []
    for name in names:
        table = record(name)
        held = sa.select(sa.literal(1)).where(table.c._submission == submission)
        there = seen(session, held, table.c._organisation).exists()
        parts.append(sa.select(sa.literal(name).label("name")).where(there))
    found = session.connection.execute(sa.union_all(*parts).execution_options(scoped=True))
    return [str(row.name) for row in found]


def rows(
    session: Session,
    name: str,
    *,
    submission: int | None = None,
    version: int | None = None,
    states: tuple[str, ...] | None = None,
    lines: Sequence[int] | None = None,
) -> pl.DataFrame:
    """Return the rows of table `name` that the scope sees.

    Parameters
    ----------
    submission, version
        Of one submission only, as it stood at `version`; otherwise of all, as they stand.
    states
        As each submission stood when it was last in one of these states; others are left out.
    lines
        These lines only.

    Returns
    -------
    frame
        ``_organisation``, ``_submission``, ``_line``, ``_place`` and the columns of the table, by submission
        and line.
    """
    statement = _standing(session, name, submission, version, states, lines)
    frame, definition = bulk.frame_of(session, statement), ledger.table(name).columns
    lists = [c.name for c in definition if isinstance(ledger.TYPES[c.type], pl.List)]
    times = [c.name for c in definition if isinstance(ledger.TYPES[c.type], pl.Datetime)]
    return frame.with_columns(
        pl.when(pl.col(c) == "")
        .then(pl.lit([], pl.List(pl.String)))
        .otherwise(pl.col(c).str.split(PARTS))
        .alias(c)
        for c in lists
    ).with_columns(pl.col(c).str.to_datetime(time_unit="us") for c in times)


def _there(session: Session, submission: int, name: str, lines: Sequence[int]) -> set[int]:
    """Return which of these lines of a submission stand."""
    if not lines:
        return set()
    statement = _standing(session, name, submission, None, None, lines)
    return set(session.connection.scalars(statement.with_only_columns(statement.selected_columns[LINE])))


def _standing(
    session: Session,
    name: str,
    submission: int | None,
    version: int | None,
    states: tuple[str, ...] | None,
    lines: Sequence[int] | None,
) -> sa.Select[Any]:
    """Return the statement of the rows that stand."""
    table = record(name)
    taken = _versions_taken(submission, version, states)
    rank = sa.func.row_number().over(
        partition_by=(table.c._submission, table.c._line), order_by=table.c._version.desc()
    )
    heads = ("_organisation", "_submission", LINE, ledger.PLACE, "_removed")
    own = [column.name for column in ledger.table(name).columns]
    ranked = sa.select(*(table.c[c] for c in (*heads, *own)), rank.label("_rank")).join(
        taken, sa.and_(table.c._submission == taken.c.submission, table.c._version <= taken.c.version)
    )
    if submission is not None:
        ranked = ranked.where(table.c._submission == submission)
    if lines is not None:
        ranked = ranked.where(table.c._line.in_(lines))
    inner = seen(session, ranked, table.c._organisation).subquery()
    kept: list[sa.ColumnElement[Any]] = [c for c in inner.c if c.name not in ("_rank", "_removed")]
    return (
        sa.select(*kept)
        .where(inner.c._rank == 1, sa.not_(inner.c._removed))
        .order_by(inner.c._submission, inner.c._line)
        .execution_options(scoped=True)
    )


def _versions_taken(
    submission: int | None, version: int | None, states: tuple[str, ...] | None
) -> sa.Subquery:
    """Return the version to read of each submission; scope is applied to the rows that are joined to it."""
    table = system("version")
    statement = sa.select(table.c.submission, sa.func.max(table.c.version).label("version"))
    if submission is not None:
        statement = statement.where(table.c.submission == submission)
    if version is not None:
        statement = statement.where(table.c.version <= version)
    if states is not None:
        statement = statement.where(table.c.state.in_(states))
    return statement.group_by(table.c.submission).subquery()


def replace(session: Session, submission: int, name: str, frame: pl.DataFrame) -> Change:
    """Return the change that makes table `name` of a submission hold the rows of `frame`.

    A row that stands already, equal in every column, is not touched, so that a workbook that comes back with
    one cell changed makes one changed row; a row with the key columns of one that stands replaces it.
    """
    definition, table = ledger.table(name), record(name)
    names = [column.name for column in definition.columns]
    keys = [column.name for column in definition.columns if column.key]
    standing = _formed(rows(session, name, submission=submission), table, names).drop(ledger.PLACE)
    coming = _formed(frame, table, names).drop(LINE).with_row_index("_coming")
    untouched = _paired(coming, standing, names)
    coming, standing = _without(coming, standing, untouched)
    replaced = _paired(coming, standing, keys) if keys else untouched.clear()
    _, gone = _without(coming, standing, replaced)
    changed = coming.join(replaced, on="_coming", how="left", validate="1:1", maintain_order="left")
    return Change(changed.drop("_coming"), frozenset(gone[LINE]))


def _paired(coming: pl.DataFrame, standing: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    """Return which coming row (``_coming``) is which line, where columns `on` agree; each row once."""
    nth = pl.int_range(pl.len()).over(on).alias("_nth")
    return coming.with_columns(nth).join(
        standing.with_columns(nth).select(LINE, "_nth", *on),
        on=[*on, "_nth"], how="inner", nulls_equal=True, validate="1:1",
    ).select("_coming", LINE)  # fmt: skip


def _without(
    coming: pl.DataFrame, standing: pl.DataFrame, paired: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    return coming.join(paired, on="_coming", how="anti", maintain_order="left"), standing.join(
        paired, on=LINE, how="anti", maintain_order="left"
    )
