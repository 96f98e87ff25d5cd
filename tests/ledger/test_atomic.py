"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.atomic import write_text, write_with
from tongyuan.ledger.finding import FindingError


def test_a_failure_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def fail(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_with(path, fail)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_success_replaces(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.txt"
    write_text(path, "一\n二\n")
    write_with(path, lambda p: p.write_bytes(b"three"))
    assert path.read_bytes() == b"three"
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_full_disk_is_a_finding(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(FindingError) as raised:
        write_with(tmp_path / "a.txt", full)
    assert "No space left" in raised.value.findings[0].message("en")
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_of_the_folder_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", encoding="utf-8")
    with pytest.raises(FindingError):
        write_text(tmp_path / "a" / "b.txt", "x")
