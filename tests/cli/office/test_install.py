"""``tongyuan doctor``, ``bundle`` and ``mcp`` as they are typed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tongyuan import cli
from tongyuan.ledger.finding import FindingError
from tongyuan.office.place import first_passwords, open_office

runner = CliRunner()


def invoke(*words: str, **env: str) -> tuple[int, str]:
    done = runner.invoke(cli.application(), list(words), env=env)
    return done.exit_code, done.output


def test_doctor_says_what_is_there_and_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code, told = invoke("doctor", "-l", "en")
    assert code == 0
    assert str(tmp_path) in told
    code, told = invoke("doctor", "--office", "none", "-l", "en")
    assert "tongyuan serve or tongyuan office import makes one" in told
    assert not Path("none").exists()
    first_passwords(open_office(Path("o")))
    found: dict[str, Any] = json.loads(invoke("doctor", "--office", "o", "--json")[1])
    assert (found["archive"], found["accounts"], found["trail"]) == ("sqlite", "2", "4")


def test_doctor_names_a_trail_that_is_not_whole(tmp_path: Path) -> None:
    office = open_office(tmp_path)
    first_passwords(office)
    with office.engine.connect().execution_options(writing=True) as connection, connection.begin():
        connection.exec_driver_sql("update trail set content = '{}' where number = 1")
    _, told = invoke("doctor", "--office", str(tmp_path), "-l", "en")
    assert "not whole: run tongyuan office verify" in told


def test_an_assistant_needs_a_token(tmp_path: Path) -> None:
    code, told = invoke("mcp", "--office", str(tmp_path), "-l", "en", TONGYUAN_TOKEN="")
    assert code == 2
    assert "TONGYUAN_TOKEN" in told
    code, told = invoke("mcp", "--office", str(tmp_path), "-l", "en", TONGYUAN_TOKEN="forged")
    assert code == 1


def test_a_bundle_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "bundle").mkdir()
    refused = runner.invoke(cli.application(), ["bundle", str(tmp_path / "bundle")]).exception
    assert isinstance(refused, FindingError)
    assert [f.check for f in refused.findings] == ["bundle_exists"]
