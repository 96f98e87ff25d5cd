from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tongyuan.flows.run import run
from tongyuan.ledger.example import copy_example
from tongyuan.ledger.finding import FindingError
from tongyuan.office.operator import bring_folder
from tongyuan.office.place import (
    back_up,
    first_passwords,
    look,
    open_office,
    restore,
    send_away,
    take_in,
    verify,
)
from tongyuan.store import backup
from tongyuan.store.database import writing
from tongyuan.store.scope import Scope


def test_the_first_administrators_are_made_once(tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    assert set(first_passwords(office)) == {"admin", "admin2"}
    assert first_passwords(office) == {}
    assert first_passwords(open_office(tmp_path / "o")) == {}


def test_a_copy_goes_into_an_empty_office_alone(tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    first_passwords(office)
    assert back_up(office, tmp_path / "copy")["runs"] == 0
    with pytest.raises(FindingError) as refused:
        restore(tmp_path / "copy", office)
    assert {f.check for f in refused.value.findings} == {"not_empty"}
    assert restore(tmp_path / "copy", open_office(tmp_path / "new"))["runs"] == 0


def test_a_tail_that_was_cut_off_is_seen_by_the_head_kept_elsewhere(tmp_path: Path) -> None:
    office = open_office(tmp_path / "o")
    first_passwords(office)
    told = verify(office)
    assert told["faults"] == []
    with writing(office.engine, Scope("thief")) as session:
        session.connection.exec_driver_sql("delete from trail where number = ?", (told["number"],))
    assert verify(office)["faults"] == []
    assert verify(office, (told["number"], told["digest"]))["faults"] == [(told["number"], "cut")]


def test_an_organisation_moves_with_its_runs(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path / "w")
    run(tmp_path / "w", only=("account",))
    here, there = open_office(tmp_path / "here"), open_office(tmp_path / "there")
    brought = bring_folder(here, tmp_path / "w")
    assert send_away(here, brought.organisation, tmp_path / "away")["runs"] == 1
    assert take_in(there, tmp_path / "away")["runs"] == 1
    told = verify(there)
    assert (told["faults"], told["changed"], told["runs"]) == ([], [], 1)
    with pytest.raises(FindingError):
        take_in(there, tmp_path / "away")
    assert verify(there)["runs"] == 1
    with pytest.raises(FindingError):
        send_away(here, "nobody", tmp_path / "nobody")


def test_a_copy_holds_what_is_published_while_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_example("minimal", tmp_path / "w")
    run(tmp_path / "w", only=("account",))
    here, there = open_office(tmp_path / "here"), open_office(tmp_path / "there")
    usual = backup.back_up

    def busy(*given: Any) -> dict[str, Any]:
        bring_folder(here, tmp_path / "w")
        return usual(*given)

    monkeypatch.setattr(backup, "back_up", busy)
    assert back_up(here, tmp_path / "copy")["runs"] == 1
    restore(tmp_path / "copy", there)
    told = verify(there)
    assert (told["faults"], told["changed"], told["runs"]) == ([], [], 1)


def test_an_office_is_looked_at_without_being_made(tmp_path: Path) -> None:
    assert look(tmp_path / "none") == {"archive": "", "accounts": "", "trail": ""}
    assert not (tmp_path / "none").exists()
