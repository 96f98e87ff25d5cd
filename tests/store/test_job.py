from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, WU, add_people

from tongyuan.store import job as queue
from tongyuan.store.database import AbsentError, reading, writing
from tongyuan.store.job import LostError, add, beat, cancel, finish, jobs, release, retry, take


def entered(engine: sa.Engine, count: int = 1) -> list[int]:
    add_people(engine)
    with writing(engine, LIN) as session:
        return [add(session, "A", "run", {"n": n}) for n in range(count)]


def state(engine: sa.Engine, number: int) -> tuple[str, int]:
    with reading(engine, ALL) as session:
        row = next(r for r in jobs(session).iter_rows(named=True) if r["job"] == number)
    return row["state"], row["attempt"]


def test_the_oldest_waits_least_and_each_is_taken_once(engine: sa.Engine) -> None:
    first, second = entered(engine, 2)
    with writing(engine, ALL) as session:
        one, two, none = take(session), take(session), take(session)
    assert (one and one.job, two and two.job, none) == (first, second, None)
    assert one is not None
    assert (one.act, one.content, one.person, one.organisation) == ("run", {"n": 0}, "lin", "A")


@pytest.mark.parametrize("kind", ["postgresql"])
def test_two_workers_do_not_wait_for_each_other(kind: str, engine: sa.Engine) -> None:
    first, second = entered(engine, 2)
    with writing(engine, ALL) as one, writing(engine, ALL) as two:
        taken = take(one), take(two)
    assert [t and t.job for t in taken] == [first, second]


def test_who_falls_silent_loses_the_job_and_cannot_finish_it(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = entered(engine)
    monkeypatch.setattr(queue, "LEASE", timedelta(seconds=-1))
    with writing(engine, ALL) as session:
        first = take(session)
        again = take(session)
    assert first is not None
    assert again is not None
    assert (first.attempt, again.attempt) == (1, 2)
    with pytest.raises(LostError), writing(engine, ALL) as session:
        finish(session, number, first.attempt, "done", {})
    with writing(engine, ALL) as session:
        finish(session, number, again.attempt, "done", {"run": "x"})
    with pytest.raises(LostError), writing(engine, ALL) as session:
        finish(session, number, again.attempt, "done", {})
    assert state(engine, number) == ("done", 2)


def test_a_job_whose_workers_end_without_a_word_fails(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (number,) = entered(engine)
    monkeypatch.setattr(queue, "LEASE", timedelta(seconds=-1))
    with writing(engine, ALL) as session:
        attempts = [t.attempt if t else None for t in (take(session) for _ in range(4))]
    assert attempts == [1, 2, 3, None]
    assert state(engine, number) == ("failed", 3)


def test_a_job_given_back_is_taken_anew_and_one_that_is_alive_is_not(engine: sa.Engine) -> None:
    (number,) = entered(engine)
    with writing(engine, ALL) as session:
        assert take(session) is not None
        beat(session, number, 1, "account", 0.25)
        assert take(session) is None
        release(session, number, 1)
        again = take(session)
    assert again is not None
    assert again.attempt == 2
    with reading(engine, LIN) as session:
        assert jobs(session).select("stage", "share").row(0) == ("account", 0.25)


def test_a_cancelled_job_is_nobodys_and_may_be_tried_again(engine: sa.Engine) -> None:
    (number,) = entered(engine)
    with writing(engine, ALL) as session:
        assert take(session) is not None
    with writing(engine, LIN) as session:
        cancel(session, number)
    with pytest.raises(LostError), writing(engine, ALL) as session:
        beat(session, number, 1)
    with pytest.raises(ValueError, match="cancelled"), writing(engine, LIN) as session:
        cancel(session, number)
    with writing(engine, LIN) as session:
        retry(session, number)
    with pytest.raises(ValueError, match="waiting"), writing(engine, LIN) as session:
        retry(session, number)
    assert state(engine, number) == ("waiting", 1)
    with writing(engine, ALL) as session:
        again = take(session)
    assert again is not None
    assert again.attempt == 2  # the one that was cancelled, still at work, cannot finish this one


def test_a_job_of_another_is_not_there(engine: sa.Engine) -> None:
    (number,) = entered(engine)
    with reading(engine, WU) as session:
        assert jobs(session).is_empty()
    for act in (cancel, retry):
        with pytest.raises(AbsentError), writing(engine, WU) as session:
            act(session, number)
    with pytest.raises(PermissionError), writing(engine, WU) as session:
        add(session, "A", "run", {})
