from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import sqlalchemy as sa

from tongyuan.office import account as entering
from tongyuan.office.account import EntryError, begin, fitting, hashed, sign_in, wait_of
from tongyuan.store import people
from tongyuan.store.database import Session, reading, writing
from tongyuan.store.scope import Scope

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHO = Scope("keeper")


@pytest.mark.parametrize(
    ("failed", "seconds"), [(0, 0), (4, 0), (5, 1), (6, 2), (10, 32), (17, 3_600), (500, 3_600)]
)
def test_the_wait_doubles_up_to_an_hour(failed: int, seconds: int) -> None:
    assert wait_of(failed, NOW.isoformat(), NOW) == timedelta(seconds=seconds)
    later = NOW + timedelta(seconds=seconds)
    assert wait_of(failed, NOW.isoformat(), later) == timedelta()


@pytest.mark.parametrize("password", ["", "short", "aaaaaaaaaaaaaaa", "ababababababab"])
def test_a_weak_password(password: str) -> None:
    with pytest.raises(EntryError) as raised:
        hashed(password)
    assert raised.value.check == "weak"


def test_a_digest_is_argon2id() -> None:
    assert hashed("correct horse").startswith("$argon2id$")


def test_the_first_administrators_are_made_once(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        assert sorted(begin(session)) == ["admin", "admin2"]
        assert begin(session) == {}


def come_in(session: Session, name: str, password: str, code: str = "") -> str:
    return sign_in(session, name, fitting(session, name, password), code)


def test_a_password_that_changes_while_it_is_looked_at_does_not_open(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        people.add_account(
            session, people.Account("lin", None, "Lin", hashed("correct horse"), None, False, True)
        )
        fits = fitting(session, "lin", "correct horse")
        assert fitting(session, "lin", "wrong") == fitting(session, "nobody", "correct horse") == ""
        people.change_account(session, "lin", "account.password", password=hashed("battery staple"))
        for found in (fits, ""):
            with pytest.raises(EntryError):
                sign_in(session, "lin", found)


def test_a_second_factor_is_asked_for(engine: sa.Engine) -> None:
    secret = pyotp.random_base32()
    with writing(engine, WHO) as session:
        people.add_account(
            session, people.Account("lin", None, "Lin", hashed("correct horse"), secret, False, True)
        )
        with pytest.raises(EntryError):
            come_in(session, "lin", "correct horse")
        token = come_in(session, "lin", "correct horse", pyotp.TOTP(secret).now())
    with reading(engine, WHO) as session:
        assert people.entered(session, entering.digest_of(token)) == "lin"
        assert people.entered(session, token) is None


def test_a_changed_password_ends_every_entry(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        people.add_account(
            session, people.Account("lin", None, "Lin", hashed("correct horse"), None, True, True)
        )
        token = come_in(session, "lin", "correct horse")
        for old, new in (
            ("wrong", "battery staple"),
            ("correct horse", "correct horse"),
            ("correct horse", "x"),
        ):
            with pytest.raises(EntryError):
                entering.change_password(session, "lin", old, new)
        entering.change_password(session, "lin", "correct horse", "battery staple")
        assert people.entered(session, entering.digest_of(token)) is None
        with pytest.raises(EntryError):
            come_in(session, "lin", "correct horse")
        assert come_in(session, "lin", "battery staple")
