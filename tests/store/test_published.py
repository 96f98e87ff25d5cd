from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.store.people import LIN, WU, add_people, coal, submit

from tongyuan.ledger.finding import FindingError
from tongyuan.store.database import reading, writing
from tongyuan.store.published import digest_of, folder_of, publish, published


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    (tmp_path / "run-1" / "tables").mkdir(parents=True)
    (tmp_path / "run-1" / "run.json").write_text("{}")
    (tmp_path / "run-1" / "tables" / "emission.parquet").write_bytes(b"rows")
    return tmp_path


def test_a_published_run_is_found_by_those_who_see_it(engine: sa.Engine, archive: Path) -> None:
    add_people(engine)
    number = submit(engine, LIN, coal())
    with writing(engine, LIN) as session:
        digest = publish(session, archive, "run-1", organisation="A", submission=number, version=2)
    with reading(engine, LIN) as session:
        assert published(session).select("run", "digest", "submission", "version").rows() == [
            ("run-1", digest, number, 2)
        ]
        assert folder_of(session, archive, "run-1") == archive / "run-1"
    with reading(engine, WU) as session:
        assert published(session).is_empty()
        with pytest.raises(KeyError):
            folder_of(session, archive, "run-1")


def test_it_is_published_once_and_by_its_own(engine: sa.Engine, archive: Path) -> None:
    add_people(engine)
    with writing(engine, WU) as session, pytest.raises(PermissionError):
        publish(session, archive, "run-1", organisation="A")
    with writing(engine, LIN) as session:
        publish(session, archive, "run-1", organisation="A")
    with pytest.raises(ValueError, match="published already"), writing(engine, LIN) as session:
        publish(session, archive, "run-1", organisation="A")
    with reading(engine, LIN) as session:
        assert published(session).height == 1


@pytest.mark.parametrize("act", ["change", "add", "remove", "rename"])
def test_a_set_that_is_not_what_was_published(act: str, engine: sa.Engine, archive: Path) -> None:
    add_people(engine)
    with writing(engine, LIN) as session:
        publish(session, archive, "run-1", organisation="A")
    path = archive / "run-1" / "tables" / "emission.parquet"
    if act == "change":
        path.write_bytes(b"other")
    elif act == "add":
        path.with_name("more").write_bytes(b"")
    elif act == "remove":
        path.unlink()
    else:
        path.rename(path.with_name("emissions.parquet"))
    with reading(engine, LIN) as session, pytest.raises(FindingError) as raised:
        folder_of(session, archive, "run-1")
    assert [f.check for f in raised.value.findings] == ["run_changed"]


def test_names_count_as_contents_do(archive: Path) -> None:
    before = digest_of(archive / "run-1")
    (archive / "run-1" / "run.json").rename(archive / "run-1" / "run.jsom")
    assert digest_of(archive / "run-1") != before
