from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tongyuan.office.account import FREE_TRIES, hashed
from tongyuan.office.entry import enter
from tongyuan.office.operation import Office, Refused
from tongyuan.store import people
from tongyuan.store.database import reading, writing
from tongyuan.store.scope import Scope

WHO = Scope("keeper")


@pytest.fixture
def office(engine: sa.Engine, tmp_path: Path) -> Office:
    with writing(engine, WHO) as session:
        for name, active in (("lin", True), ("gone", False)):
            people.add_account(
                session, people.Account(name, None, name, hashed("correct horse"), None, False, active)
            )
    return Office(engine, tmp_path)


def refused(office: Office, *entry: str) -> tuple[int, list[str]]:
    with pytest.raises(Refused) as raised:
        enter(office, *entry)
    return raised.value.status, [f.check for f in raised.value.findings]


@pytest.mark.parametrize(
    "entry",
    [
        ("lin", "wrong"),
        ("nobody", "correct horse"),
        ("gone", "correct horse"),
        ("", ""),
        (" ", "correct horse"),
        ("*", "correct horse"),
        ("lin\nwang", "correct horse"),
        ("lin\0", "correct horse"),
        ("lin", "correct\0horse"),
    ],
)
def test_who_may_not_enter_is_told_the_same(entry: tuple[str, str], office: Office) -> None:
    assert refused(office, *entry) == (401, ["entry_wrong"])


def test_failures_are_kept_and_make_one_wait_even_with_the_right_password(office: Office) -> None:
    for _ in range(FREE_TRIES):
        refused(office, "lin", "wrong")
    assert refused(office, "lin", "correct horse") == (429, ["entry_wait"])
    with reading(office.engine, WHO) as session:
        assert people.failures(session, "lin")[0] == FREE_TRIES


def test_an_entry_that_passes_forgets_the_failures(office: Office) -> None:
    refused(office, "lin", "wrong")
    assert enter(office, "lin", "correct horse")
    with reading(office.engine, WHO) as session:
        assert people.failures(session, "lin") == (0, "")
