"""Two enterprises and what they write, for the tests of the archive."""

from __future__ import annotations

import polars as pl
import sqlalchemy as sa

from tongyuan.store.database import writing
from tongyuan.store.record import Change, write
from tongyuan.store.scope import Scope
from tongyuan.store.submission import add_organisation, open_submission

ALL = Scope.everything("bureau", writes=True)
LIN = Scope.own("lin", "A")
WU = Scope.own("wu", "B")


def coal(value: float = 100.0, product: str = "raw_coal", **other: object) -> dict[str, object]:
    row: dict[str, object] = {
        "region": "370000",
        "year": 2021,
        "process": "power",
        "product": product,
        "value": value,
        "unit": "t",
        "source": "account book",
    }
    return row | other


def frame(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows))


def add_people(engine: sa.Engine) -> None:
    with writing(engine, ALL) as session:
        for name in ("A", "B"):
            add_organisation(session, name, kind="enterprise", region="370100", title_zh=name, title_en=name)


def submit(engine: sa.Engine, scope: Scope, *rows: dict[str, object], period: str = "2026-01") -> int:
    """Add a submission of the organisation of `scope` with these rows of activity, as version 2."""
    assert scope.writes is not None
    (organisation,) = scope.writes
    with writing(engine, scope) as session:
        number = open_submission(session, organisation, kind="month", period=period)
        write(session, number, {"activity": Change(frame(*rows))}, based_on=1)
    return number
