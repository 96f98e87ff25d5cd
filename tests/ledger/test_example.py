"""An example is copied into an empty folder, or beside nothing but itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tongyuan.ledger.example import copy_example, examples
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.workspace import check


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_copy_can_be_checked_and_copied_again(tmp_path: Path) -> None:
    assert "minimal" in examples()
    folder = tmp_path / "new" / "demo"
    copy_example("minimal", folder)
    workspace, findings = check(folder)
    assert workspace is not None
    assert not [f for f in findings if f.severity == "error"]
    (folder / "results").mkdir()
    (folder / "results" / "x").write_text("x")
    before = bytes_of(folder)
    next(iter(folder.glob("tables/*"))).unlink()
    copy_example("minimal", folder)
    assert bytes_of(folder) == before


@pytest.mark.parametrize(
    ("name", "text"),
    [("tongyuan.toml", 'name = "own"\nkind = "city"\n'), ("tables/活动水平.xlsx", "mine"), ("notes.txt", "")],
)
def test_a_folder_with_anything_of_its_own_is_refused(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text, encoding="utf-8")
    before = bytes_of(tmp_path)
    with pytest.raises(FindingError) as raised:
        copy_example("minimal", tmp_path)
    (told,) = raised.value.findings
    assert (told.check, told.values["name"]) == ("folder_not_example", name)
    assert bytes_of(tmp_path) == before


def test_a_changed_copy_is_refused(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path)
    with (tmp_path / "tongyuan.toml").open("a", encoding="utf-8") as settings:
        settings.write("# mine\n")
    before = bytes_of(tmp_path)
    with pytest.raises(FindingError):
        copy_example("minimal", tmp_path)
    with pytest.raises(FindingError):
        copy_example("park", tmp_path)
    assert bytes_of(tmp_path) == before


def test_a_file_in_place_of_the_folder_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(FindingError) as raised:
        copy_example("minimal", tmp_path / "demo")
    assert [f.check for f in raised.value.findings] == ["not_a_folder"]
    with pytest.raises(FindingError) as raised:
        copy_example("minimal", tmp_path / "demo" / "below")
    assert [f.severity for f in raised.value.findings] == ["error"]
