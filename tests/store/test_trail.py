from __future__ import annotations

import hashlib
from contextlib import suppress

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, add_people

from tongyuan.store import trail
from tongyuan.store.database import reading, writing
from tongyuan.store.tables import system

TRAIL = system("trail")


def tell(engine: sa.Engine, count: int = 4) -> tuple[int, str]:
    with writing(engine, LIN) as session:
        for number in range(count):
            trail.append(session, "test", {"n": number, "zh": "甲"})
        return trail.head(session)


def forge(engine: sa.Engine, statement: sa.Executable) -> list[tuple[int, str]]:
    with writing(engine, ALL) as session:
        session.connection.execute(statement)
    with reading(engine, ALL) as session:
        return trail.faults(session)


def test_a_digest_by_hand() -> None:
    told = '["",1,"2026-01-01T00:00:00+00:00","lin","test","{\\"n\\":1}"]'
    expected = hashlib.sha256(told.encode()).hexdigest()
    assert trail.digest("sha256", "", 1, "2026-01-01T00:00:00+00:00", "lin", "test", '{"n":1}') == expected


def test_sm3_is_the_digest_of_the_standard() -> None:
    # GB/T 32905-2016, example A.1
    if "sm3" not in hashlib.algorithms_available:
        pytest.skip("needs an OpenSSL with SM3")
    expected = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert hashlib.new("sm3", b"abc").hexdigest() == expected


def test_a_chain_holds_and_its_head_is_the_last_entry(engine: sa.Engine) -> None:
    number, digest = tell(engine)
    with reading(engine, ALL) as session:
        assert trail.faults(session) == []
        assert trail.faults(session, (number, digest)) == []
        assert trail.head(session) == (4, digest)


@pytest.mark.parametrize("column", ["at", "person", "act", "content", "before", "digest", "algorithm"])
def test_a_changed_entry_is_found_at_its_row(column: str, engine: sa.Engine) -> None:
    tell(engine)
    found = forge(engine, sa.update(TRAIL).where(TRAIL.c.number == 2).values({column: "x"}))
    assert (2, "changed") in found
    assert (1, "changed") not in found


def test_an_entry_that_was_forged_with_a_digest_of_its_own(engine: sa.Engine) -> None:
    tell(engine)
    with reading(engine, ALL) as session:
        entry = session.connection.execute(sa.select(TRAIL).where(TRAIL.c.number == 2)).one()
    forged = trail.digest("sha256", entry.before, 2, entry.at, entry.person, entry.act, "{}")
    values = {"content": "{}", "digest": forged}
    assert forge(engine, sa.update(TRAIL).where(TRAIL.c.number == 2).values(values)) == [(3, "changed")]


def test_an_entry_that_is_missing(engine: sa.Engine) -> None:
    tell(engine)
    assert forge(engine, sa.delete(TRAIL).where(TRAIL.c.number == 2)) == [(2, "missing")]


def test_a_tail_that_was_cut_off_is_seen_by_a_head_kept_elsewhere(engine: sa.Engine) -> None:
    known = tell(engine)
    assert forge(engine, sa.delete(TRAIL).where(TRAIL.c.number >= 3)) == []
    with reading(engine, ALL) as session:
        assert trail.faults(session, known) == [(4, "cut")]


def test_an_act_that_fails_leaves_no_entry(engine: sa.Engine) -> None:
    add_people(engine)
    with reading(engine, ALL) as session:
        before = trail.head(session)
    with suppress(RuntimeError), writing(engine, LIN) as session:
        trail.append(session, "test", {})
        raise RuntimeError
    with reading(engine, ALL) as session:
        assert trail.head(session) == before


def test_what_cannot_be_told(engine: sa.Engine) -> None:
    with writing(engine, LIN) as session:
        with pytest.raises(ValueError, match="algorithm"):
            trail.append(session, "test", {}, algorithm="md5")
        with pytest.raises(ValueError, match="JSON"):
            trail.append(session, "test", {"x": float("nan")})
