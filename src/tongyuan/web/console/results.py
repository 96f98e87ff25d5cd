"""A room of the report as the newest results of an organisation have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from markupsafe import Markup

from tongyuan.ledger import table as ledger
from tongyuan.web.console.visit import Visit, markup

TRIES = 12
"""How many organisations are looked at for results with a room, when none is asked for."""


@dataclass(frozen=True)
class Results:
    """Chapters of a run with their charts and the tables behind them, and who else has results."""

    run: dict[str, Any] | None
    html: Markup
    charts: list[Any]
    behind: list[dict[str, Any]]
    organisations: list[str]


def frame(answer: object) -> pl.DataFrame:
    """Return an answer that is a table."""
    assert isinstance(answer, pl.DataFrame)
    return answer


def shown(visit: Visit, room: str) -> Results:
    """Return a room of the newest run that has it: of the organisation asked for, else of whoever has one."""
    newest = frame(visit.do("run.list")).unique("organisation", keep="first", maintain_order=True)
    organisations, asked = newest["organisation"].to_list(), visit.one("organisation")
    wanted = newest.filter(organisation=asked) if asked else newest.head(TRIES)
    for run in wanted.iter_rows(named=True):
        if (frame(visit.do("run.rooms", run=run["run"]))["room"] == room).any():
            told = visit.do("run.page", run=run["run"], room=room, language=visit.language)
            assert isinstance(told, dict)
            behind = tables_behind(visit, run["run"], room)
            return Results(run, markup(told["html"]), told["charts"], behind, organisations)
    return Results(None, Markup(), [], [], organisations)


def tables_behind(visit: Visit, run: str, room: str) -> list[dict[str, Any]]:
    """Return the tables of a run that a room writes, with their numbers of rows."""
    tables = frame(visit.do("run.tables", run=run))
    return [row for row in tables.iter_rows(named=True) if ledger.table(row["table"]).room == room]
