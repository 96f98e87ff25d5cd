from __future__ import annotations

import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, add_people

from tongyuan.store import hook
from tongyuan.store.database import AbsentError, writing
from tongyuan.store.job import add
from tongyuan.store.people import Account, add_account


def test_a_webhook_is_ended_by_its_owner_alone_and_its_attempts_are_counted(engine: sa.Engine) -> None:
    add_people(engine)
    with writing(engine, ALL) as session:
        for name in ("lin", "wu"):
            add_account(session, Account(name, None, name, "x", None, False, True))
        number = hook.add(session, "lin", "portal", "https://example.org/", "s3cret")
    with writing(engine, LIN) as session:
        job = add(session, "A", "webhook", {"webhook": number})
        assert hook.note(session, number, job, "run.published", 500, "refused") == 1
        assert hook.note(session, number, job, "run.published", 204, "") == 2
        assert hook.deliveries(session, "lin")["status"].to_list() == [204, 500]
        assert hook.deliveries(session, "wu").is_empty()
        assert [h.secret for h in hook.standing(session)] == ["s3cret"]
        assert "secret" not in hook.hooks(session, "lin").columns
        with pytest.raises(AbsentError):
            hook.end(session, "wu", number)
        hook.end(session, "lin", number)
        assert hook.standing(session, number) == ()
