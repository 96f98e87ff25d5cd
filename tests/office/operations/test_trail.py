from __future__ import annotations

import polars as pl
import sqlalchemy as sa
from tests.office.desk import Town, submission

from tongyuan.store.database import writing
from tongyuan.store.scope import Scope
from tongyuan.store.tables import system


def test_an_auditor_reads_who_did_what_and_finds_what_was_changed(made: Town) -> None:
    submission(made, "lin", "A")
    told = made.told("auditor", "trail.verify")
    assert told["faults"] == []
    entries = made.do("auditor", "trail.entries", after=0, limit=1_000)
    assert isinstance(entries, pl.DataFrame)
    assert entries["number"].to_list() == list(range(1, told["number"] + 1))
    last = entries.filter(pl.col("act") == "submission.version").row(-1, named=True)
    assert (last["person"], '"version":2' in last["content"]) == ("lin", True)
    assert "password" not in " ".join(entries["content"]).replace('"fields":["must_change","password"]', "")
    trail = system("trail")
    with writing(made.office.engine, Scope("forger")) as session:
        session.connection.execute(sa.update(trail).where(trail.c.number == 5).values(person="nobody"))
    assert made.told("auditor", "trail.verify")["faults"] == [{"number": 5, "fault": "changed"}]
    known = made.told("auditor", "trail.verify", number=told["number"], digest="0" * 64)
    assert {"number": told["number"], "fault": "changed"} in known["faults"]
