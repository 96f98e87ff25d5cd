from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, WU, add_people, coal, submit

from tongyuan.ledger.finding import FindingError
from tongyuan.store import trail
from tongyuan.store.database import AbsentError, open_database, reading, writing
from tongyuan.store.move import bring, content, export, held
from tongyuan.store.record import Change, rows, write
from tongyuan.store.submission import submissions
from tongyuan.store.upgrade import upgrade
from tongyuan.store.work import add_reply


@pytest.fixture
def left(engine: sa.Engine, tmp_path: Path) -> Path:
    """Return what organisation A has, after two submissions in versions and an answer, as it left."""
    add_people(engine)
    submit(engine, WU, coal(9.9))
    number = submit(engine, LIN, coal(1.5, note="甲\n乙"), coal(2.5, "coke"))
    submit(engine, LIN, coal(3.5), period="2026-02")
    with writing(engine, LIN) as session:
        write(session, number, {"activity": Change(pl.DataFrame([coal(7.0, "gas")]))}, based_on=2)
        add_reply(session, number, "x", "so it is")
    with reading(engine, ALL) as session:
        export(session, "A", tmp_path / "A")
    return tmp_path / "A"


def other(tmp_path: Path) -> sa.Engine:
    engine = open_database(f"sqlite:///{tmp_path / 'other.db'}")
    upgrade(engine)
    return engine


def test_all_an_organisation_has_arrives_under_numbers_of_its_own(
    left: Path, engine: sa.Engine, tmp_path: Path
) -> None:
    target = other(tmp_path)
    with writing(target, ALL) as session:
        bring(session, left)
    with reading(engine, ALL) as here, reading(target, ALL) as there:
        assert submissions(there)["submission"].to_list() == [1, 2]
        assert submissions(here).filter(organisation="A")["submission"].to_list() == [2, 3]
        for before, now in ((2, 1), (3, 2)):
            for version in (None, 2):
                was = rows(here, "activity", submission=before, version=version)
                came = rows(there, "activity", submission=now, version=version)
                assert came.drop("_submission", strict=False).equals(was.drop("_submission", strict=False))
        assert content(held(there, "A"))["record_activity"] == content(held(here, "A"))["record_activity"]
        assert trail.faults(there) == []
        assert rows(there, "activity")["value"].sum() == 1.5 + 2.5 + 3.5 + 7.0
    with writing(target, ALL) as session, pytest.raises(ValueError, match="already"):
        bring(session, left)
    target.dispose()


def test_what_was_changed_on_the_way_does_not_come_in(left: Path, tmp_path: Path) -> None:
    target, path = other(tmp_path), left / "record_activity.parquet"
    pl.read_parquet(path).with_columns(pl.col("value") * 2).write_parquet(path)
    with pytest.raises(FindingError) as raised, writing(target, ALL) as session:
        bring(session, left)
    assert [f.check for f in raised.value.findings] == ["backup_changed"]
    path.unlink()
    with pytest.raises(FindingError), writing(target, ALL) as session:
        bring(session, left)
    with reading(target, ALL) as session:
        assert submissions(session).is_empty()
    target.dispose()


def test_what_is_not_there_does_not_leave(left: Path, engine: sa.Engine, tmp_path: Path) -> None:
    with reading(engine, ALL) as session:
        with pytest.raises(AbsentError):
            export(session, "Z", tmp_path / "Z")
        with pytest.raises(FindingError):
            export(session, "A", left)
