from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, WU, add_people, coal, submit

from tongyuan.store import work
from tongyuan.store.database import reading, writing
from tongyuan.store.scope import Scope

ONE, TWO = Scope("one"), Scope("two")


def propose(engine: sa.Engine, not_before: str = "2020-01-01") -> int:
    with writing(engine, ONE) as session:
        return work.propose(session, "grant.add", {"account": "林"}, not_before=not_before, reason="")


def test_a_proposal_is_decided_by_another_once(engine: sa.Engine) -> None:
    number = propose(engine)
    with writing(engine, ONE) as session, pytest.raises(PermissionError):
        work.decide(session, number, "approved", "")
    with writing(engine, TWO) as session:
        assert work.decide(session, number, "approved", "").content == {"account": "林"}
    with writing(engine, Scope("three")) as session, pytest.raises(ValueError, match="already"):
        work.decide(session, number, "refused", "")
    with reading(engine, TWO) as session:
        assert work.proposals(session)["decision"].to_list() == ["approved"]
        with pytest.raises(KeyError):
            work.proposal_of(session, 99)


def test_a_proposal_waits_for_its_time_but_may_be_refused_at_once(engine: sa.Engine) -> None:
    number = propose(engine, "2999-01-01")
    with writing(engine, TWO) as session, pytest.raises(ValueError, match="from 2999"):
        work.decide(session, number, "approved", "")
    with writing(engine, TWO) as session:
        work.decide(session, number, "refused", "too much")


def test_answers_and_notices_are_seen_by_their_own(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with writing(engine, LIN) as session:
        work.add_reply(session, number, "coal_low", "设备检修")
        work.notify(session, "A", "enterprise", "returned", {"reason": "x"}, due="2026-02-01")
    for scope, count in ((LIN, 1), (ALL, 1), (WU, 0)):
        with reading(engine, scope) as session:
            assert work.replies(session, number).height == count
            assert work.notices(session).height == count
    with writing(engine, WU) as session, pytest.raises(KeyError):
        work.add_reply(session, number, "coal_low", "x")
