"""The commands of ``cli/office/keep.py``, from a folder to a proved copy elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tongyuan import cli

runner = CliRunner()


def invoke(*words: str) -> tuple[int, Any]:
    done = runner.invoke(cli.application(), ["office", *words, "--json"])
    return done.exit_code, json.loads(done.stdout) if done.stdout.startswith("{") else done.output


@pytest.fixture(scope="module")
def folder(minimal_run: Path) -> Path:
    return minimal_run


def test_from_a_folder_to_a_proved_copy_elsewhere(folder: Path, tmp_path: Path) -> None:
    office, copy, other = (str(tmp_path / name) for name in ("office", "copy", "other"))
    code, told = invoke("import", str(folder), "--office", office, "--people")
    assert code == 0
    assert len(told["runs"]) == 1
    assert {"admin", "admin2", "bureau", "works"} <= set(told["passwords"])
    code, again = invoke("import", str(folder), "--office", office, "--people")
    assert (code, again["runs"], "passwords" in again) == (0, [], False)

    code, told = invoke("organisation", "w7", "--region", "济南市", "--title", "七厂", "--office", office)
    assert (code, told["organisation"]) == (0, "w7")
    code, told = invoke("user", "lin", "--role", "enterprise", "--organisation", "w7", "--office", office)
    assert code == 0
    assert len(told["passwords"]["lin"]) > 10
    code, told = invoke("user", "lin", "--role", "park", "--organisation", "w7", "--office", office)
    assert (code, "passwords" in told) == (0, False)

    code, head = invoke("verify", "--office", office)
    assert (code, head["faults"], head["runs"]) == (0, [], 1)
    assert invoke("backup", copy, "--office", office)[0] == 0
    assert invoke("backup", copy, "--office", office)[0] == 1  # a copy is never written over
    code, told = invoke("restore", copy, "--office", other)
    assert (code, told["runs"]) == (0, 1)
    code, same = invoke(
        "verify", "--office", other, "--number", str(head["number"]), "--digest", head["digest"]
    )
    assert (code, same["digest"]) == (0, head["digest"])

    run_file = next(Path(other, "runs").glob("import-*/emission.parquet"))
    run_file.write_bytes(run_file.read_bytes() + b"x")
    code, told = invoke("verify", "--office", other)
    assert (code, len(told["faults"])) == (1, 1)
    damaged = next(Path(copy, "runs").glob("import-*/run.json"))
    damaged.write_text("{}")
    code, told = invoke("restore", copy, "--office", str(tmp_path / "third"))
    assert (code, {f["check"] for f in told["findings"]}) == (1, {"backup_changed"})


@pytest.mark.parametrize(
    ("words", "check"),
    [
        (("user", "x", "--role", "king"), "role_unknown"),
        (("user", "x", "--role", "public"), "role_unknown"),
        (("user", "x", "--role", "city_bureau", "--region", "nowhere"), "role_region"),
        (("user", "x", "--role", "enterprise"), "role_organisation"),
        (("user", "x", "--role", "enterprise", "--organisation", "none"), "not_there"),
        (("organisation", "x", "--region", "nowhere"), "region_unknown"),
    ],
)
def test_what_cannot_be_is_told_and_nothing_done(words: tuple[str, ...], check: str, tmp_path: Path) -> None:
    code, told = invoke(*words, "--office", str(tmp_path / "office"))
    assert (code, {f["check"] for f in told["findings"]}) == (1, {check})
    assert invoke("verify", "--office", str(tmp_path / "office"))[1]["number"] == 0


def test_an_organisation_goes_from_one_office_to_another(folder: Path, tmp_path: Path) -> None:
    here, there, away = (str(tmp_path / name) for name in ("here", "there", "away"))
    _, told = invoke("import", str(folder), "--office", here)
    code, gone = invoke("export", told["organisation"], away, "--office", here)
    assert (code, gone["runs"]) == (0, 1)
    code, come = invoke("accept", away, "--office", there)
    assert (code, come["tables"]) == (0, gone["tables"])
    assert invoke("accept", away, "--office", there)[0] == 1
