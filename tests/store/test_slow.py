from __future__ import annotations

import json
import logging

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, add_people, coal, submit

from tongyuan.store import slow
from tongyuan.store.database import reading
from tongyuan.store.record import rows


def test_a_slow_statement_is_told_without_any_value(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    add_people(engine)
    monkeypatch.setenv(slow.SETTING, "0.0")
    before = slow.count()
    with caplog.at_level(logging.WARNING, "tongyuan.store"):
        submit(engine, LIN, coal(note="secret words"))
        with reading(engine, ALL) as session:
            assert rows(session, "activity", submission=1)["note"].to_list() == ["secret words"]
    told = [json.loads(r.getMessage()) for r in caplog.records if r.name == "tongyuan.store"]
    assert slow.count() - before == len(told)
    statements = [one["statement"] for one in told]
    assert any(s.startswith("INSERT INTO submission") for s in statements)
    assert any("FROM record_activity" in s for s in statements)
    assert "secret words" not in str(told)


def test_what_is_quick_is_not_told(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(slow.SETTING, "1000")
    with caplog.at_level(logging.WARNING, "tongyuan.store"):
        add_people(engine)
    assert not caplog.records
    monkeypatch.setenv(slow.SETTING, "soon")
    assert slow.limit() == slow.USUAL
