"""Zoning: verdicts on the projects of a submission, and who reviews the energy of one."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from tongyuan.flows.ask import zoning
from tongyuan.ledger import table as ledger
from tongyuan.ledger.finding import finding
from tongyuan.office.operation import Answer, Desk, Operation, Refused, Request, Serial
from tongyuan.office.operations.people import EVERY
from tongyuan.office.operations.submission import SEES
from tongyuan.office.workspace import workspace_of

TABLES = (
    *zoning.VERDICTS,
    "zone_contact",
    "zone_fault",
    "headroom",
    "declared_state",
    *zoning.OFFSETS,
    "exit_rank",
)
Amount = Annotated[float, Field(ge=0, le=1e12)]


class Projects(Request):
    """A submission whose projects are screened, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(TABLES)})$")] = TABLES[0]


class Energy(Request):
    """Energy [tce] and coal [t] of a project a year, its day of filing, whether it is of a key field."""

    energy: Amount
    coal: Amount
    day: date
    key_field: bool = False


def _screen(desk: Desk, asked: Projects) -> Answer:
    made = zoning.of_workspace(workspace_of(desk.session, asked.submission)).tables
    if asked.table not in made:
        raise Refused(404, finding("office", "run_unknown", name=asked.table))
    return ledger.read_lists(asked.table, made[asked.table])


def _review(_: Desk, asked: Energy) -> Answer:
    answer = zoning.review(asked.energy, asked.coal, asked.day, higher=None, key_field=asked.key_field)
    return answer["review"]


OPERATIONS = (
    Operation("zoning.screen", SEES, Projects, _screen, answers="rows"),
    Operation("zoning.review", EVERY, Energy, _review, answers="rows"),
)
