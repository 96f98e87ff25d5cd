"""What nobody expects and anybody can type: findings, and exit codes 1 or 2."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.cases.test_case_rel_11_disk_full import command

from tongyuan.ledger.read.read import read
from tongyuan.ledger.workspace import check

CSV = "region,year,process,product,value,unit,source\n济南市,2021,energy.power,bituminous,100,万吨,x\n"


def workspace(path: Path, tables: str = '"tables/*"') -> Path:
    (path / "tables").mkdir(parents=True)
    settings = f'name = "case"\nkind = "city"\nregion = "济南市"\ntables = [{tables}]\n'
    (path / "tongyuan.toml").write_text(settings, encoding="utf-8")
    (path / "tables" / "activity.csv").write_text(CSV, encoding="utf-8")
    return path


@pytest.mark.parametrize("pattern", ["***", "a**b", "**x/*", "tables/**y"])
def test_a_pattern_that_is_none(pattern: str, tmp_path: Path) -> None:
    _, findings = check(workspace(tmp_path / "w", f'"{pattern}"'))
    told = {f.check for f in findings}
    assert "pattern_invalid" in told or told <= {"pattern_without_file", "no_tables"}
    assert findings


def test_a_pattern_with_a_null_character(tmp_path: Path) -> None:
    _, findings = check(workspace(tmp_path / "w", '"a\\u0000b"'))
    assert {f.check for f in findings} & {"pattern_invalid", "pattern_without_file"}


@pytest.mark.parametrize("name", [b"\xff\xfe.csv", b"\xce\xef.xlsx", b"a\x80.parquet"])
def test_a_file_whose_name_is_not_utf_8(name: bytes, tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w")
    try:
        Path(os.fsdecode(os.fsencode(folder / "tables") + b"/" + name)).write_text(CSV, encoding="utf-8")
    except OSError:
        pytest.skip("names of this file system are UTF-8")
    _, findings = check(folder)
    assert [f.check for f in findings] == ["file_name"]
    assert all(f.place().encode() and f.message("zh").encode() for f in findings)
    assert command("check", os.fsdecode(folder), cwd=tmp_path).returncode == 1


@pytest.mark.parametrize(
    "values", [[dt.timedelta(days=1)], [b"\xff\xfe"], [[1, 2]], [{"a": 1}], [dt.time(3, 4)], [None]]
)
def test_columns_of_any_type(values: list[object], tmp_path: Path) -> None:
    path = tmp_path / "activity.parquet"
    row = pl.read_csv(CSV.encode())
    row.with_columns(pl.Series("value", values)).write_parquet(path)
    told = [f for f in read(path).findings if f.severity == "error"]
    assert told
    assert all(f.column == "value" for f in told)


ONE_AFTER_THE_OTHER = """
import json, os, sys
from tongyuan.cli import main

codes = []
for arguments, environment in json.loads(sys.argv[1]):
    os.environ.update(environment)
    sys.argv = ["tongyuan", *arguments]
    try:
        main()
    except SystemExit as end:
        codes.append(end.code or 0)
    for name in environment:
        del os.environ[name]
print("codes:", json.dumps(codes))
"""


def test_odd_commands_end_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    odd: list[tuple[list[str], dict[str, str], int]] = [
        (["check", "a/" * 2_500], {}, 2),
        (["run", "a" * 300], {}, 2),
        (["demo", "file"], {}, 1),
        (["demo", "file/below"], {}, 1),
        (["init", "file"], {}, 1),
        (["demo", "new", "--world", "minimal"], {"SOURCE_DATE_EPOCH": "abc"}, 1),
        (["init", os.fsdecode(b"n\xff")], {}, 1),
    ]
    typed = json.dumps([(arguments, environment) for arguments, environment, _ in odd])
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, typed],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
    )
    assert f"codes: {[code for *_, code in odd]}" in done.stdout, (done.stdout[-400:], done.stderr[-400:])
    assert "Traceback" not in done.stdout + done.stderr
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_consoles_of_any_encoding(encoding: str, tmp_path: Path) -> None:
    folder = workspace(tmp_path / "w")
    done = command("check", str(folder), cwd=tmp_path, PYTHONIOENCODING=encoding, TONGYUAN_LANGUAGE="zh")
    assert done.returncode == 0, (done.stdout[-400:], done.stderr[-400:])
    assert "Traceback" not in done.stdout + done.stderr


def test_a_template_is_not_written_twice_and_says_so_in_ascii(tmp_path: Path) -> None:
    for code in (0, 1):
        done = command("template", "file.xlsx", cwd=tmp_path, PYTHONIOENCODING="ascii")
        assert done.returncode == code, (done.stdout[-400:], done.stderr[-400:])
        assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.skipif(os.name == "nt", reason="shell redirections of POSIX")
@pytest.mark.parametrize(("output", "code"), [(">&-", 0), (">&- 2>&-", 0), (">/dev/full", 2)])
def test_standard_output_that_takes_nothing(output: str, code: int, tmp_path: Path) -> None:
    if "full" in output and not Path("/dev/full").exists():
        pytest.skip("there is no device that is always full")
    folder = workspace(tmp_path / "w")
    line = f'"{sys.executable}" -c "from tongyuan.cli import main; main()" check "{folder}" {output}'
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=120)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
