"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.write.atomic import exchanging, settle, sweep, write_text, write_with


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


def test_a_full_disk_seen_by_another_library_is_a_finding(tmp_path: Path) -> None:
    def full(path: Path) -> None:
        try:
            raise OSError(28, "No space left on device")
        except OSError as reason:
            raise RuntimeError("could not write") from reason

    def rust(path: Path) -> None:
        raise ValueError("parquet: underlying IO error: (os error 28)")

    for write in (full, rust):
        with pytest.raises(FindingError) as raised:
            write_with(tmp_path / "a.txt", write)
        assert "No space left" in raised.value.findings[0].message("en")


def test_what_a_dead_process_left_is_swept(tmp_path: Path) -> None:
    dead = next(n for n in range(4_000_000, 1, -1) if not Path(f"/proc/{n}").exists())
    (tmp_path / f".writing-{dead}-x.csv").write_text("half")
    (tmp_path / f".writing-{dead}-y").mkdir()
    (tmp_path / ".writing-of-a-user").write_text("mine")
    sweep(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == [".writing-of-a-user"]
    write_text(tmp_path / "a.txt", "x")
    assert sorted(p.name for p in tmp_path.iterdir()) == [".writing-of-a-user", "a.txt"]


def test_a_set_is_exchanged_and_earlier_ones_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    for number in range(4):
        with exchanging(folder, "earlier") as draft:
            (draft / "a").write_text(str(number))
        assert (folder / "a").read_text() == str(number)
    kept = {p.name: (p / "a").read_text() for p in (folder / "earlier").iterdir()}
    assert kept == {"001": "0", "002": "1", "003": "2"}
    assert [p.name for p in tmp_path.iterdir()] == ["set"]


def test_a_set_without_earlier_ones_keeps_other_files(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a").write_text("old")
    (folder / "notes").write_text("mine")
    with exchanging(folder) as draft:
        (draft / "a").write_text("new")
    assert {p.name: p.read_text() for p in folder.iterdir()} == {"a": "new", "notes": "mine"}


def test_a_failure_leaves_the_old_set(tmp_path: Path) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "a").write_text("old")
    with pytest.raises(FindingError), exchanging(folder):
        raise OSError(28, "No space left on device")
    with pytest.raises(FindingError), exchanging(folder) as draft:
        (draft / "a" / "b").write_text("half")
    assert (folder / "a").read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["set"]


def test_an_interrupted_exchange_is_undone_or_completed(tmp_path: Path) -> None:
    folder, before = tmp_path / "set", tmp_path / ".before-set"
    (before / "earlier" / "001").mkdir(parents=True)
    (before / "a").write_text("old")
    settle(folder, "earlier")
    assert (folder / "a").read_text() == "old"
    folder.rename(before)
    folder.mkdir()
    (folder / "a").write_text("new")
    settle(folder, "earlier")
    assert (folder / "a").read_text() == "new"
    assert (folder / "earlier" / "002" / "a").read_text() == "old"
    settle(folder, "earlier")
    assert not before.exists()
