"""The tables of the database: the few of the archive itself, and one for every table of the ledger."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa

from tongyuan.ledger import table as ledger

NAMING = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}

Number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""A whole number; SQLite numbers its rows itself only in a column of its own type."""

STATES = ("draft", "submitted", "verified", "returned", "accepted", "published")
"""States of a submission, in the order they follow each other."""

JOB_STATES = ("waiting", "running", "done", "failed", "cancelled")
"""States of a job; the last three are ends."""

TYPES: dict[str, sa.types.TypeEngine[Any]] = {
    "number": sa.Double(),
    "share": sa.Double(),
    "integer": sa.BigInteger(),
    "year": sa.BigInteger(),
    "boolean": sa.Boolean(),
    "date": sa.Date(),
}
"""Portable types by the type of a column of the ledger; any other is text."""

SCOPED = "scoped"
"""Key in a table's ``info``: its rows belong to organisations."""


@cache
def metadata() -> sa.MetaData:
    """Return every table of the database."""
    found = sa.MetaData(naming_convention=NAMING)
    _system(found)
    _people(found)
    _work(found)
    _hooks(found)
    for name in ledger.names():
        _record(found, ledger.table(name))
    return found


def record(name: str) -> sa.Table:
    """Return the table that holds the rows of table `name` of the ledger; KeyError if there is none."""
    ledger.table(name)
    return metadata().tables[record_name(name)]


def record_name(name: str) -> str:
    """Return what the table `name` of the ledger is called in the database."""
    return f"record_{name}"


def system(name: str) -> sa.Table:
    """Return table `name` of the archive itself."""
    return metadata().tables[name]


def _organisation() -> sa.Column[str]:
    return sa.Column(
        "organisation", sa.Text, sa.ForeignKey("organisation.organisation"), nullable=False, index=True
    )


def _system(found: sa.MetaData) -> None:
    sa.Table(
        "organisation",
        found,
        sa.Column("organisation", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False, index=True),
        sa.Column("parent", sa.Text, sa.ForeignKey("organisation.organisation")),
        sa.Column("title_zh", sa.Text, nullable=False),
        sa.Column("title_en", sa.Text, nullable=False),
        info={SCOPED: True},
    )
    sa.Table(
        "submission",
        found,
        sa.Column("submission", Number, primary_key=True, autoincrement=True),
        _organisation(),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.UniqueConstraint("organisation", "kind", "period"),
        info={SCOPED: True},
    )
    sa.Table(
        "version",
        found,
        sa.Column("submission", Number, sa.ForeignKey("submission.submission"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _organisation(),
        sa.Column("state", sa.Text, sa.CheckConstraint(f"state in {STATES}", "state"), nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        info={SCOPED: True},
    )
    sa.Table(
        "published_run",
        found,
        sa.Column("run", sa.Text, primary_key=True),
        _organisation(),
        sa.Column("submission", Number, sa.ForeignKey("submission.submission")),
        sa.Column("version", sa.Integer),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        info={SCOPED: True},
    )
    sa.Table(
        "trail",
        found,
        sa.Column("number", Number, primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("algorithm", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
    )


def _people(found: sa.MetaData) -> None:
    """Add accounts, what they may do, and how they entered; none of it belongs to organisations."""
    sa.Table(
        "account",
        found,
        sa.Column("account", sa.Text, primary_key=True),
        sa.Column("organisation", sa.Text, sa.ForeignKey("organisation.organisation")),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("second_factor", sa.Text),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
    )
    sa.Table(
        "role_grant",
        found,
        sa.Column("role_grant", Number, primary_key=True, autoincrement=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.account"), nullable=False, index=True),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("until", sa.Text),
        sa.Column("delegated_by", sa.Text),
    )
    sa.Table(
        "entry",
        found,
        sa.Column("token", sa.Text, primary_key=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.account"), nullable=False, index=True),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.Column("title", sa.Text),
        sa.Column("allows", sa.Text),
    )
    sa.Table(
        "attempt",
        found,
        sa.Column("attempt", Number, primary_key=True, autoincrement=True),
        sa.Column("account", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
    )


def _work(found: sa.MetaData) -> None:
    """Add what people ask of each other: proposals for a second person, answers to findings, notices."""
    sa.Table(
        "proposal",
        found,
        sa.Column("proposal", Number, primary_key=True, autoincrement=True),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("not_before", sa.Text, nullable=False),
        sa.Column("second_person", sa.Text),
        sa.Column("decision", sa.Text),
        sa.Column("decided_at", sa.Text),
        sa.Column("reason", sa.Text, nullable=False),
    )
    sa.Table(
        "reply",
        found,
        sa.Column("reply", Number, primary_key=True, autoincrement=True),
        _organisation(),
        sa.Column("submission", Number, sa.ForeignKey("submission.submission"), nullable=False),
        sa.Column("finding", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("file_digest", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        info={SCOPED: True},
    )
    sa.Table(
        "notice",
        found,
        sa.Column("notice", Number, primary_key=True, autoincrement=True),
        _organisation(),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("due", sa.Text),
        info={SCOPED: True},
    )
    sa.Table(
        "notice_read",
        found,
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("notice", Number, sa.ForeignKey("notice.notice"), primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    sa.Table(
        "workspace",
        found,
        sa.Column("submission", Number, sa.ForeignKey("submission.submission"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        _organisation(),
        sa.Column("content", sa.Text, nullable=False),
        info={SCOPED: True},
    )
    sa.Table(
        "job",
        found,
        sa.Column("job", Number, primary_key=True, autoincrement=True),
        _organisation(),
        sa.Column("act", sa.Text, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        info={SCOPED: True},
    )
    sa.Table(
        "job_state",
        found,
        sa.Column("job", Number, sa.ForeignKey("job.job"), primary_key=True, autoincrement=False),
        sa.Column(
            "state",
            sa.Text,
            sa.CheckConstraint(f"state in {JOB_STATES}", "state"),
            nullable=False,
            index=True,
        ),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("until", sa.Text, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("share", sa.Double, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("ended", sa.Text, nullable=False),
    )
    sa.Table(
        "once",
        found,
        sa.Column("person", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("asked", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
    )
    sa.Table(
        "boundary",
        found,
        sa.Column("boundary", Number, primary_key=True, autoincrement=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("title", "source", "licence", "review")),
        sa.Column("regions", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    sa.Table(
        "saved_view",
        found,
        sa.Column("view", Number, primary_key=True, autoincrement=True),
        sa.Column("person", sa.Text, nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.UniqueConstraint("person", "title"),
    )


def _hooks(found: sa.MetaData) -> None:
    """Add addresses that are told of publications, and every attempt to tell them."""
    sa.Table(
        "webhook",
        found,
        sa.Column("webhook", Number, primary_key=True, autoincrement=True),
        sa.Column("account", sa.Text, sa.ForeignKey("account.account"), nullable=False, index=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=False),
        sa.Column("since", sa.Text, nullable=False),
        sa.Column("ended", sa.Boolean, nullable=False),
    )
    sa.Table(
        "delivery",
        found,
        sa.Column("delivery", Number, primary_key=True, autoincrement=True),
        sa.Column("webhook", Number, sa.ForeignKey("webhook.webhook"), nullable=False, index=True),
        sa.Column("job", Number, sa.ForeignKey("job.job"), nullable=False, index=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("status", sa.Integer),
        sa.Column("error", sa.Text, nullable=False),
    )


def _record(found: sa.MetaData, definition: ledger.Table) -> None:
    """Add the table that holds rows of one table of the ledger, in every version."""
    own = [
        sa.Column(column.name, TYPES.get(column.type, sa.Text()), nullable=True)
        for column in definition.columns
    ]
    sa.Table(
        record_name(definition.name),
        found,
        sa.Column("_row", Number, primary_key=True, autoincrement=True),
        sa.Column(
            "_organisation", sa.Text, sa.ForeignKey("organisation.organisation"), nullable=False, index=True
        ),
        sa.Column("_submission", Number, sa.ForeignKey("submission.submission"), nullable=False),
        sa.Column("_line", Number, nullable=False),
        sa.Column("_version", sa.Integer, nullable=False),
        sa.Column("_removed", sa.Boolean, nullable=False),
        sa.Column("_place", sa.Text, nullable=False),
        *own,
        sa.UniqueConstraint("_submission", "_line", "_version"),
        info={SCOPED: True, "ledger": definition.name},
    )
