from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, WU, add_people, coal, submit

from tongyuan.store.database import reading, writing
from tongyuan.store.submission import (
    ConflictError,
    add_organisation,
    head_of,
    open_submission,
    set_state,
    submissions,
    versions,
)


def test_states_follow_each_other_as_versions_that_all_stay(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with writing(engine, LIN) as session:
        set_state(session, number, "submitted", based_on=2, reason="complete")
    with writing(engine, ALL) as session:
        set_state(session, number, "returned", based_on=3, reason="March is missing")
    with reading(engine, LIN) as session:
        told = versions(session, number)
        assert told["state"].to_list() == ["draft", "draft", "submitted", "returned"]
        assert told["version"].to_list() == [1, 2, 3, 4]
        assert told["person"].to_list() == ["lin", "lin", "lin", "bureau"]
        assert told["reason"][3] == "March is missing"
        assert head_of(session, number).state == "returned"


def test_who_decides_must_have_seen_what_stands(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with writing(engine, ALL) as session, pytest.raises(ConflictError) as raised:
        set_state(session, number, "accepted", based_on=1)
    assert raised.value.head == 2
    with writing(engine, ALL) as session, pytest.raises(ValueError, match="state 'lost'"):
        set_state(session, number, "lost", based_on=2)


def test_a_submission_of_another_is_not_there(engine: sa.Engine) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with reading(engine, WU) as session:
        assert submissions(session).is_empty()
        assert versions(session).is_empty()
        with pytest.raises(KeyError):
            head_of(session, number)
    with writing(engine, WU) as session:
        with pytest.raises(KeyError):
            set_state(session, number, "submitted", based_on=2)
        with pytest.raises(PermissionError):
            open_submission(session, "A", kind="month", period="2026-02")
        with pytest.raises(PermissionError):
            add_organisation(session, "C", kind="park", region="370100", title_zh="丙", title_en="C")


def test_one_submission_for_each_kind_and_period(engine: sa.Engine) -> None:
    add_people(engine)
    submit(engine, LIN, coal())
    with pytest.raises(ValueError, match="already"), writing(engine, LIN) as session:
        open_submission(session, "A", kind="month", period="2026-01")
    with writing(engine, LIN) as session:
        open_submission(session, "A", kind="month", period="2026-02")
    with pytest.raises(ValueError, match="already"), writing(engine, ALL) as session:
        add_organisation(session, "A", kind="park", region="370100", title_zh="甲", title_en="A")
    with pytest.raises(ValueError, match="not known"), writing(engine, ALL) as session:
        open_submission(session, "nobody", kind="month", period="2026-01")
