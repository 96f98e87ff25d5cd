from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.store.people import LIN, WU

from tongyuan.store import trail, view
from tongyuan.store.database import AbsentError, reading, writing
from tongyuan.store.view import drop_view, keep_view, views


def test_a_view_is_its_owners_alone_and_replaced_under_its_title(engine: sa.Engine) -> None:
    with writing(engine, LIN) as session:
        keep_view(session, "CO2", "/run/a/table/emission?where=species%3DCO2")
        number = keep_view(session, "CO2", "/run/b")
    with writing(engine, WU) as session:
        keep_view(session, "CO2", "/room/job")
        with pytest.raises(AbsentError):
            drop_view(session, number)
    with reading(engine, LIN) as session:
        assert views(session).select("view", "title", "address").rows() == [(number, "CO2", "/run/b")]
        assert trail.faults(session) == []
    with writing(engine, LIN) as session:
        drop_view(session, number)
        assert views(session).is_empty()
    with reading(engine, WU) as session:
        assert views(session)["address"].to_list() == ["/room/job"]


def test_nobody_keeps_without_end(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "MOST", 2)
    with writing(engine, LIN) as session:
        for name in ("a", "b", "b"):
            keep_view(session, name, "/")
        with pytest.raises(ValueError, match="no more than 2"):
            keep_view(session, "c", "/")
