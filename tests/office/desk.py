"""An office with one person in every role, two enterprises and two cities, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from argon2 import PasswordHasher

from tongyuan.office import account as entering
from tongyuan.office.account import begin
from tongyuan.office.entry import enter
from tongyuan.office.operation import Answer, Office, perform
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope

entering._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)  # quick, for tests alone

PASSWORD = "correct horse battery"
COAL = {
    "region": "370100",
    "year": 2025,
    "process": "火力发电",
    "product": "原煤",
    "value": 100,
    "unit": "t",
    "source": "台账",
}

PEOPLE = {
    "lin": ("enterprise", "A", ""),
    "wu": ("enterprise", "B", ""),
    "park": ("park", "P", ""),
    "verifier": ("verifier", "A", ""),
    "jinan": ("city_bureau", "", "370100"),
    "qingdao": ("city_bureau", "", "370200"),
    "province": ("province_bureau", "", "370000"),
    "second": ("province_bureau", "", "370000"),
    "auditor": ("auditor", "", ""),
}
"""Account → role, organisation, region."""


PAUSES = {"grant.add": timedelta()}


@dataclass
class Town:
    """An office and the tokens of its people."""

    office: Office
    tokens: dict[str, str]

    def do(self, person: str | None, name: str, **request: Any) -> Answer:
        token = self.tokens[person] if person else None
        return perform(self.office, token, name, request)

    def told(self, person: str | None, name: str, **request: Any) -> Mapping[str, Any]:
        answer = self.do(person, name, **request)
        assert isinstance(answer, Mapping)
        return answer


def town(engine: sa.Engine, archive: Path) -> Town:
    """Return an office as two administrators set it up, by its own operations."""
    office = Office(engine, archive, PAUSES)
    with writing(engine, Scope("begin")) as session:
        first = begin(session)
    made = Town(office, {name: enter(office, name, word) for name, word in first.items()})

    def own_password(name: str, given: str) -> None:
        made.told(name, "account.change_password", old=given, new=PASSWORD)
        made.tokens[name] = enter(office, name, PASSWORD)

    for name, word in first.items():
        own_password(name, word)

    def grant(name: str, role: str, organisation: str, region: str) -> None:
        asked = {"account": name, "role": role, "organisation": organisation, "region": region}
        proposal = made.told("admin", "grant.add", **asked)["proposal"]
        made.told("admin2", "proposal.decide", proposal=proposal, approved=True)

    def person(name: str) -> None:
        role, organisation, region = PEOPLE[name]
        word = made.told("admin", "account.add", account=name, title=name)["password"]
        made.tokens[name] = enter(office, name, word)
        own_password(name, word)
        grant(name, role, organisation, region)

    person("province")
    for name, kind, region, parent in (
        ("P", "park", "370100", None),
        ("A", "enterprise", "370100", "P"),
        ("B", "enterprise", "370200", None),
    ):
        made.told(
            "province", "organisation.add", organisation=name, kind=kind, region=region, parent=parent,
            title_zh=name, title_en=name,
        )  # fmt: skip
    for name in PEOPLE:
        if name != "province":
            person(name)
    return made


def submission(made: Town, person: str, organisation: str, period: str = "2025-01") -> int:
    """Begin a submission with one row, as version 2; return its number."""
    asked = {"organisation": organisation, "kind": "month", "period": period}
    number = int(made.told(person, "submission.open", **asked)["submission"])
    made.told(person, "submission.write", submission=number, version=1, table="activity", rows=[COAL])
    return number
