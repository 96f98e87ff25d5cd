from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa
from tests.store.people import ALL, LIN, WU, add_people, coal, submit

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.run_set import sha256
from tongyuan.store import trail
from tongyuan.store.backup import MANIFEST, back_up, check_backup, restore
from tongyuan.store.database import open_database, reading, writing
from tongyuan.store.record import Change, rows, write


@pytest.fixture
def copy(engine: sa.Engine, tmp_path: Path) -> Path:
    add_people(engine)
    submit(engine, LIN, coal(1.1), coal(2.2, "coke"))
    submit(engine, WU, coal(1e-300, note="甲\n乙"))
    back_up(engine, tmp_path / "copy", "keeper")
    return tmp_path / "copy"


def checks(error: pytest.ExceptionInfo[FindingError]) -> list[str]:
    return [f.check for f in error.value.findings]


def test_a_copy_is_brought_into_either_kind_of_database_and_goes_on(
    copy: Path, engine: sa.Engine, address: str, tmp_path: Path
) -> None:
    for target in (address, f"sqlite:///{tmp_path / 'other.db'}"):
        other = open_database(target)
        restore(copy, other, "keeper")
        with reading(engine, ALL) as here, reading(other, ALL) as there:
            assert rows(there, "activity").equals(rows(here, "activity"))
            assert trail.head(there) == trail.head(here)
            assert trail.faults(there) == []
        with writing(other, LIN) as session:
            write(session, 1, {"activity": Change(pl.DataFrame([coal(3.3, "gas")]))}, based_on=2)
        submit(other, LIN, coal(4.4), period="2026-02")
        with reading(other, ALL) as session:
            assert rows(session, "activity")["value"].to_list() == [1.1, 2.2, 3.3, 1e-300, 4.4]
        with pytest.raises(FindingError) as raised:
            restore(copy, other, "keeper")
        assert checks(raised) == ["not_empty"]
        other.dispose()


def test_a_copy_is_never_written_over(copy: Path, engine: sa.Engine) -> None:
    before = (copy / MANIFEST).read_bytes()
    with pytest.raises(FindingError) as raised:
        back_up(engine, copy, "keeper")
    assert checks(raised) == ["backup_exists"]
    assert (copy / MANIFEST).read_bytes() == before


def test_a_damaged_copy_is_not_brought_in(copy: Path, tmp_path: Path) -> None:
    path = copy / "record_activity.parquet"
    held = path.read_bytes()
    path.write_bytes(held[:-1] + bytes([held[-1] ^ 1]))
    with pytest.raises(FindingError) as raised:
        check_backup(copy)
    assert checks(raised) == ["backup_changed"]
    path.unlink()
    with pytest.raises(FindingError):
        check_backup(copy)
    path.write_bytes(held)
    (copy / "record_extra.parquet").write_bytes(held)
    with pytest.raises(FindingError):
        check_backup(copy)
    (copy / "record_extra.parquet").unlink()
    check_backup(copy)


def test_rows_that_were_changed_together_with_their_digest_of_the_file(copy: Path, address: str) -> None:
    path = copy / "record_activity.parquet"
    pl.read_parquet(path).with_columns(pl.col("value") * 2).write_parquet(path)
    manifest = json.loads((copy / MANIFEST).read_text())
    manifest["files"][path.name]["sha256"] = sha256(path)
    (copy / MANIFEST).write_text(json.dumps(manifest))
    other = open_database(address)
    with pytest.raises(FindingError) as raised:
        restore(copy, other, "keeper")
    assert checks(raised) == ["backup_changed"]
    with reading(other, ALL) as session:
        assert rows(session, "activity").is_empty()
    other.dispose()


@pytest.mark.parametrize("text", ["", "{}", "[]", "not json"])
def test_a_folder_that_is_no_copy(text: str, tmp_path: Path) -> None:
    if text:
        (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(FindingError) as raised:
        check_backup(tmp_path)
    assert checks(raised) == ["backup_unreadable"]


def test_a_copy_of_another_release(copy: Path, address: str) -> None:
    manifest = json.loads((copy / MANIFEST).read_text())
    (copy / MANIFEST).write_text(json.dumps(manifest | {"shape": "other"}))
    other = open_database(address)
    with pytest.raises(FindingError) as raised:
        restore(copy, other, "keeper")
    other.dispose()
    assert checks(raised) == ["backup_release"]
