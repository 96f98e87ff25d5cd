from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, WU, add_people, coal, submit

from tongyuan.store.database import AbsentError, reading, writing
from tongyuan.store.submission import head_of, set_state
from tongyuan.store.workspace import keep, kept


def test_what_stands_beside_the_tables_is_a_version(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with writing(engine, LIN) as session:
        assert kept(session, number) is None
        assert keep(session, number, {"settings": {"name": "厂"}}) == 3
        assert keep(session, number, {"settings": {"name": "Works"}}) == 4
    with reading(engine, LIN) as session:
        assert kept(session, number) == {"settings": {"name": "Works"}}
        assert head_of(session, number).version == 4
    with reading(engine, WU) as session:
        assert kept(session, number) is None


def test_another_organisation_keeps_nothing_there(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with pytest.raises(AbsentError), writing(engine, WU) as session:
        keep(session, number, {})


def test_what_was_submitted_is_not_changed(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with writing(engine, ALL) as session:
        set_state(session, number, "submitted", based_on=2)
    with pytest.raises(ValueError, match="submitted"), writing(engine, LIN) as session:
        keep(session, number, {})
