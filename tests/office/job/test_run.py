from __future__ import annotations

from pathlib import Path

import pytest
from tests.office.job.test_child import taken

from tongyuan.office.job import run
from tongyuan.office.operation import Office

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])


def test_what_an_earlier_attempt_finished_is_not_done_again(
    kind: str, waiting: tuple[Office, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    office, number = waiting
    job = taken(office)
    (office.archive / run.name_of(job)).mkdir()
    monkeypatch.setattr(run, "run_workspace", None)
    run.prepare(office, job)
    assert run.name_of(job) == f"run-{number}"


def test_who_comes_second_leaves_what_stands(kind: str, tmp_path: Path) -> None:
    first, second, target = (tmp_path / name for name in ("first", "second", "run-1"))
    for folder in (first, second):
        folder.mkdir()
        (folder / "a").write_text(folder.name)
    run._place(first, target)
    run._place(second, target)
    assert (target / "a").read_text() == "first"
    with pytest.raises(OSError, match="nowhere"):
        run._place(tmp_path / "nowhere", tmp_path / "run-2")
