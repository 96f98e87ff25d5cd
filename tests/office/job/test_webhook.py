from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from threading import Event

import polars as pl
import pytest
from tests.office.desk import Town, submission
from tests.office.test_address import Answering, server

from tongyuan.client import signed
from tongyuan.office.address import ALLOWED
from tongyuan.office.job import webhook
from tongyuan.office.job.worker import work
from tongyuan.store.database import writing
from tongyuan.store.job import jobs
from tongyuan.store.scope import Scope
from tongyuan.store.tables import system

__all__ = ["server"]
pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, bytes]]:
    """Return what was told to whom: delivery, signature, body."""
    got: list[tuple[str, str, bytes]] = []

    class Noting(Answering):
        def do_POST(self) -> None:
            super().do_POST()
            got.append((self.headers["Tongyuan-Delivery"], self.headers["Tongyuan-Signature"], self.got[-1]))

    monkeypatch.setattr("tests.office.test_address.Answering", Noting)
    return got


def publish(made: Town) -> int:
    number = submission(made, "lin", "A")
    made.told("lin", "submission.submit", submission=number, version=2)
    made.told("jinan", "submission.accept", submission=number, version=3)
    made.told("jinan", "submission.publish", submission=number, version=4)
    return number


def log(made: Town, person: str) -> pl.DataFrame:
    answer = made.do(person, "webhook.deliveries")
    assert isinstance(answer, pl.DataFrame)
    return answer


def test_who_sees_what_is_published_is_told_once_and_signed(
    kind: str, made: Town, told: list[tuple[str, str, bytes]], server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOWED, "127.0.0.0/8")
    hook = made.told("province", "webhook.add", title="portal", address=f"{server}/here")
    made.told("qingdao", "webhook.add", title="other", address=f"{server}/elsewhere")
    number = publish(made)
    assert work(made.office, Event(), once=True) == 1  # Qingdao does not see an enterprise of Jinan
    ((delivery, signature, body),) = told
    assert signed(hook["secret"], signature, body)
    assert json.loads(body) == {
        "event": "submission.published", "organisation": "A", "submission": number, "version": 5,
    }  # fmt: skip
    rows = log(made, "province")
    assert rows.select("job", "status", "error").rows() == [(int(delivery), 204, "")]
    assert log(made, "qingdao").is_empty()
    listed = made.do("province", "webhook.list")
    assert hook["secret"] not in str(listed.rows())  # type: ignore[union-attr]


def test_who_cannot_be_told_is_told_again_later_and_in_the_end_not(
    kind: str, made: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.told("province", "webhook.add", title="portal", address="https://127.0.0.1:9/")
    publish(made)
    for attempt in range(1, len(webhook.PAUSES) + 2):
        assert work(made.office, Event(), once=True) == 1
        assert work(made.office, Event(), once=True) == 0  # not before its time
        assert log(made, "province")["error"].to_list() == ["internal"] * attempt
        with writing(made.office.engine, Scope.everything("clock", writes=True)) as session:
            state = system("job_state")
            (row,) = jobs(session).iter_rows(named=True)
            before = datetime.now(UTC) - timedelta(seconds=1)
            session.connection.execute(
                state.update().where(state.c.state == "waiting").values(until=before.isoformat())
            )
    assert row["state"] == "failed"
    assert json.loads(row["answer"])["attempts"] == len(webhook.PAUSES) + 1


def test_who_ended_it_is_told_no_more(kind: str, made: Town) -> None:
    hook = made.told("province", "webhook.add", title="portal", address="https://127.0.0.1:9/")
    publish(made)
    made.told("province", "webhook.end", webhook=hook["webhook"])
    assert work(made.office, Event(), once=True) == 1
    assert log(made, "province")["error"].to_list() == ["ended"]
