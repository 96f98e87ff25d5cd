from __future__ import annotations

import pytest
from tests.office.job.conftest import LIN
from tests.office.job.test_worker import state

from tongyuan.office.job import child
from tongyuan.office.job.child import Act, attempt
from tongyuan.office.operation import Office
from tongyuan.store.database import reading, writing
from tongyuan.store.job import Job, cancel, take
from tongyuan.store.scope import Scope
from tongyuan.store.submission import head_of, set_state

EVERY = Scope.everything("worker", writes=True)
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def taken(office: Office) -> Job:
    with writing(office.engine, EVERY) as session:
        job = take(session)
    assert job is not None
    return job


def acting(monkeypatch: pytest.MonkeyPatch, prepare: object) -> None:
    def effect(session: object, office: Office, job: Job, made: object) -> dict[str, str]:
        set_state(session, 1, "submitted", based_on=3)  # type: ignore[arg-type]
        return {}

    monkeypatch.setattr(child, "ACTS", {"run": Act(prepare, effect)})  # type: ignore[arg-type]


def test_the_effect_of_an_attempt_that_lost_the_job_does_not_stand(
    kind: str, waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, number = waiting
    job = taken(office)

    def cancelled(_office: Office, _job: Job) -> None:
        with writing(office.engine, LIN) as session:
            cancel(session, number)

    acting(monkeypatch, cancelled)
    assert attempt(office, job) == "lost"
    with reading(office.engine, LIN) as session:
        assert head_of(session, 1).version == 3


def test_the_effect_of_an_attempt_stands_once(
    kind: str, waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, number = waiting
    acting(monkeypatch, lambda _office, _job: None)
    job = taken(office)
    assert [attempt(office, job), attempt(office, job)] == ["done", "lost"]
    with reading(office.engine, LIN) as session:
        assert head_of(session, 1).version == 4
    assert state(office, number)["state"] == "done"


def test_what_went_wrong_is_told_with_the_job(
    kind: str, waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, number = waiting

    def without_memory(_office: Office, _job: Job) -> None:
        raise MemoryError

    acting(monkeypatch, without_memory)
    assert attempt(office, taken(office)) == "failed"
    assert "job_memory" in state(office, number)["answer"]
