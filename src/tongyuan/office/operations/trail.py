"""The trail: read and verified by auditors."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from tongyuan.office.operation import Answer, Desk, Operation, Request, Serial
from tongyuan.store import trail

AUDITOR = frozenset({"auditor"})


class Page(Request):
    """Entries after a number, in order, or without one the newest first; of a person, an act, some days."""

    person: str = Field("", max_length=64)
    act: str = Field("", max_length=64)
    first: date | None = None
    last: date | None = None
    after: Serial | None = None
    before: Serial | None = None
    limit: Annotated[int, Field(ge=1, le=1_000)] = 200


class Known(Request):
    """A head of the trail that was kept elsewhere."""

    number: Serial = 0
    digest: str = Field("", max_length=200)


def _entries(desk: Desk, asked: Page) -> Answer:
    return trail.entries(desk.session, **asked.model_dump())


def _verify(desk: Desk, asked: Known) -> Answer:
    known = (asked.number, asked.digest) if asked.number else None
    number, digest = trail.head(desk.session)
    found = trail.faults(desk.session, known)
    return {"number": number, "digest": digest, "faults": [{"number": n, "fault": f} for n, f in found]}


OPERATIONS = (
    Operation("trail.entries", AUDITOR, Page, _entries, answers="rows"),
    Operation("trail.verify", AUDITOR, Known, _verify),
)
