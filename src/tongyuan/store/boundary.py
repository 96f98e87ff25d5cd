"""Boundaries that an office draws its maps with: brought by its people, each with where it comes from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl
import sqlalchemy as sa

from tongyuan.store import bulk, trail
from tongyuan.store.database import AbsentError, Session
from tongyuan.store.tables import system


@dataclass(frozen=True)
class Boundary:
    """A set of outlines by region, its size [px], and what must be told beside every map made from it."""

    number: int
    title: str
    source: str
    licence: str
    review: str
    width: float
    height: float
    outlines: Mapping[str, str]


def add(session: Session, told: Mapping[str, str], drawn: Mapping[str, Any]) -> int:
    """Keep a boundary; return its number.

    Parameters
    ----------
    told
        title, source, licence and review.
    drawn
        width, height and outlines.
    """
    table = system("boundary")
    values: dict[str, Any] = {**told, "regions": len(drawn["outlines"])}
    values |= {"person": session.scope.person, "at": trail.now(), "ended": False}
    content = json.dumps(dict(drawn), ensure_ascii=False, sort_keys=True)
    statement = sa.insert(table).values(**values, content=content).returning(table.c.boundary)
    number = int(session.connection.execute(statement).scalar_one())
    trail.append(session, "boundary.add", {"boundary": number, **told})
    return number


def end(session: Session, number: int) -> None:
    """Draw with a boundary no longer; AbsentError where there is none that stands."""
    table = system("boundary")
    mine = (table.c.boundary == number, sa.not_(table.c.ended))
    if session.connection.execute(sa.update(table).where(*mine).values(ended=True)).rowcount != 1:
        raise AbsentError(number)
    trail.append(session, "boundary.end", {"boundary": number})


def boundaries(session: Session) -> pl.DataFrame:
    """Return what stands of every boundary, without its outlines."""
    table = system("boundary")
    shown = [
        table.c[n] for n in ("boundary", "title", "source", "licence", "review", "regions", "person", "at")
    ]
    statement = sa.select(*shown).where(sa.not_(table.c.ended)).order_by(table.c.boundary)
    return bulk.frame_of(session, statement.execution_options(scoped=True))


def boundary_of(session: Session, number: int) -> Boundary:
    """Return a boundary that stands; AbsentError where there is none."""
    table = system("boundary")
    statement = sa.select(table).where(table.c.boundary == number, sa.not_(table.c.ended))
    row = session.connection.execute(statement).one_or_none()
    if row is None:
        raise AbsentError(number)
    drawn: dict[str, Any] = json.loads(row.content)
    return Boundary(row.boundary, row.title, row.source, row.licence, row.review, **drawn)
