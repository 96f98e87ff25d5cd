"""What a workspace holds beside its tables: settings, texts and where its columns stood, in versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from tongyuan.store import trail
from tongyuan.store.database import Session, seen
from tongyuan.store.submission import add_version, held
from tongyuan.store.tables import system


def keep(session: Session, submission: int, content: Mapping[str, Any]) -> int:
    """Keep what a submission brings beside its tables, as a new version of it; return its number.

    Parameters
    ----------
    content
        ``settings``, ``texts``, ``letters`` and ``inputs`` of the workspace, as plain values.

    Raises
    ------
    ValueError
        If the submission is no draft.
    """
    head = held(session, submission)
    if head.state not in ("draft", "returned"):
        raise ValueError(f"submission {submission} is {head.state}; it must be returned before it is changed")
    version = add_version(session, head, "draft", "")
    values = {
        "submission": submission,
        "version": version,
        "organisation": head.organisation,
        "content": json.dumps(dict(content), ensure_ascii=False, sort_keys=True),
    }
    session.connection.execute(sa.insert(system("workspace")).values(values).execution_options(scoped=True))
    trail.append(session, "workspace.keep", {"submission": submission, "version": version})
    return version


def kept(session: Session, submission: int, version: int | None = None) -> dict[str, Any] | None:
    """Return what stands, or stood at `version`, beside the tables of a submission, None for nothing."""
    table = system("workspace")
    statement = (
        sa.select(table.c.content)
        .where(table.c.submission == submission)
        .order_by(table.c.version.desc())
        .limit(1)
    )
    if version is not None:
        statement = statement.where(table.c.version <= version)
    content = session.connection.scalar(seen(session, statement, table.c.organisation))
    if content is None:
        return None
    told: dict[str, Any] = json.loads(content)
    return told
