"""Nothing dangerous or unreadable is opened."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from tongyuan.ledger.read import guard as module
from tongyuan.ledger.read.guard import guard


def test_a_good_file_passes(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    assert guard(path) == []


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    monkeypatch.setattr(module, "UNPACKED_MAX", 4)
    assert [f.check for f in guard(path)] == ["file_too_large"]


def test_an_encrypted_part_is_a_password(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.start_dir
    data[start + 8] |= 1
    path.write_bytes(bytes(data))
    assert [f.check for f in guard(path)] == ["password"]


def test_a_file_without_permission_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "locked")

    monkeypatch.setattr(Path, "open", refuse)
    assert [f.check for f in guard(path)] == ["file_locked"]


def test_a_failing_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a", encoding="utf-8")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", refuse)
    found = guard(path)
    assert [f.check for f in found] == ["file_unreadable"]
    assert "Input/output error" in found[0].message("en")
