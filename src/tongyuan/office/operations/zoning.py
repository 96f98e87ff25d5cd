"""Zoning: verdicts on the projects of a submission, the carbon of one, and who reviews its energy."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

from pydantic import Field

from tongyuan.flows.ask import zoning
from tongyuan.office.answer import one_table
from tongyuan.office.operation import Answer, Desk, File, Operation, Request, Serial
from tongyuan.office.operations.people import EVERY
from tongyuan.office.operations.submission import SEES
from tongyuan.office.workspace import workspace_of
from tongyuan.reference.shelf import Language

TABLES = (
    *zoning.VERDICTS,
    "zone_contact",
    "zone_fault",
    "headroom",
    "declared_state",
    *zoning.OFFSETS,
    "project_energy",
    "exit_rank",
    "remediation_route",
    "greening_plan",
    "land_reuse_yield",
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Amount = Annotated[float, Field(ge=0, le=1e12)]


class Projects(Request):
    """A submission whose projects are screened, and the table of it that is wanted."""

    submission: Serial
    table: Annotated[str, Field(pattern=f"^({'|'.join(TABLES)})$")] = TABLES[0]


class Carbon(Request):
    """A project of a submission whose carbon chapter is written, in a language."""

    submission: Serial
    project: Annotated[str, Field(min_length=1, max_length=100)]
    language: Language = "zh"


class Energy(Request):
    """Energy [tce] and coal [t] of a project a year, its day of filing, whether it is of a key field."""

    energy: Amount
    coal: Amount
    day: date
    key_field: bool = False


def _screen(desk: Desk, asked: Projects) -> Answer:
    made = zoning.of_workspace(workspace_of(desk.session, asked.submission)).tables
    return one_table(made, asked.table)


def _carbon(desk: Desk, asked: Carbon) -> Answer:
    workspace = workspace_of(desk.session, asked.submission)
    with TemporaryDirectory() as held:
        made = zoning.carbon_chapter(workspace, Path(held), [asked.language], asked.project)
        document = next(path for path in made if path.suffix == ".docx")
        return File(document.name, document.read_bytes(), WORD)


def _review(_: Desk, asked: Energy) -> Answer:
    answer = zoning.review(asked.energy, asked.coal, asked.day, higher=None, key_field=asked.key_field)
    return answer["review"]


OPERATIONS = (
    Operation("zoning.screen", SEES, Projects, _screen, answers="rows"),
    Operation("zoning.carbon", SEES, Carbon, _carbon, answers="file"),
    Operation("zoning.review", EVERY, Energy, _review, answers="rows"),
)
