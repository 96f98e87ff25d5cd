"""Views that people keep: the address of a page, with its filters and order, under a title of their own."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session
from tongyuan.store.tables import system

MOST = 200
"""Most views that one person keeps."""


def keep_view(session: Session, title: str, address: str) -> int:
    """Keep an address under a title, in place of what this person kept under it; return its number.

    Raises
    ------
    ValueError
        If they keep as many as may be kept.
    """
    table = system("saved_view")
    mine = table.c.person == session.scope.person
    session.connection.execute(sa.delete(table).where(mine, table.c.title == title))
    held = session.connection.scalar(sa.select(sa.func.count()).select_from(table).where(mine))
    if held is not None and held >= MOST:
        raise ValueError(f"{held} views are kept; no more than {MOST} can be")
    values = {"person": session.scope.person, "title": title, "address": address, "at": trail.now()}
    number = session.connection.execute(sa.insert(table).values(values).returning(table.c.view)).scalar_one()
    trail.append(session, "view.keep", {"view": number, "title": title})
    return int(number)


def views(session: Session) -> pl.DataFrame:
    """Return the views that this person keeps, by title."""
    table = system("saved_view")
    columns = (table.c.view, table.c.title, table.c.address, table.c.at)
    mine = sa.select(*columns).where(table.c.person == session.scope.person).order_by(table.c.title)
    return bulk.frame_of(session, mine.execution_options(scoped=True))


def drop_view(session: Session, view: int) -> None:
    """Keep a view no longer; AbsentError where this person keeps none of that number."""
    table = system("saved_view")
    mine = (table.c.person == session.scope.person, table.c.view == view)
    if session.connection.execute(sa.delete(table).where(*mine)).rowcount != 1:
        raise AbsentError(view)
    trail.append(session, "view.drop", {"view": view})
