from __future__ import annotations

import pytest
import sqlalchemy as sa

from tongyuan.store import people
from tongyuan.store.database import reading, writing
from tongyuan.store.people import Account
from tongyuan.store.scope import Scope

WHO = Scope("keeper")
LIN = Account("lin", None, "Lin", "digest", None, False, True)


def test_an_account_is_there_once_and_shows_no_password(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        people.add_account(session, LIN)
    with pytest.raises(ValueError, match="already"), writing(engine, WHO) as session:
        people.add_account(session, LIN)
    with reading(engine, WHO) as session:
        assert people.account_of(session, "lin") == LIN
        assert people.account_of(session, "nobody") is None
        assert "password" not in people.accounts(session).columns


def test_grants_stand_from_their_beginning_to_their_end(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        people.add_account(session, LIN)
        number = people.add_grant(session, "lin", "enterprise", organisation="A")
        people.add_grant(session, "lin", "auditor", until="2020-01-01")
        assert [g.role for g in people.grants(session, "lin")] == ["enterprise"]
        people.end_grant(session, number)
        assert people.grants(session) == ()
        with pytest.raises(KeyError):
            people.end_grant(session, number)
    with pytest.raises(ValueError, match="no account"), writing(engine, WHO) as session:
        people.add_grant(session, "nobody", "auditor")


def test_entries_end(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        people.add_account(session, LIN)
        people.enter(session, "one", "lin", "2999-01-01")
        people.enter(session, "two", "lin", "2999-01-01")
        people.enter(session, "old", "lin", "2020-01-01")
        assert [people.entered(session, t) for t in ("one", "two", "old", "none")] == [
            "lin",
            "lin",
            None,
            None,
        ]
        assert people.leave(session, "lin", "one") == 1
        assert people.entered(session, "one") is None
        assert people.leave(session, "lin") == 2
        assert people.entered(session, "two") is None


def test_failures_since_the_last_success(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session:
        for passed in (False, True, False, False):
            people.attempt(session, "lin", passed=passed)
        assert people.failures(session, "lin")[0] == 2
        assert people.failures(session, "nobody") == (0, "")


def test_a_change_of_an_account_that_is_not_there(engine: sa.Engine) -> None:
    with writing(engine, WHO) as session, pytest.raises(KeyError):
        people.change_account(session, "nobody", "account.close", active=False)
