from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from tongyuan.ledger import run_set
from tongyuan.ledger.finding import FindingError
from tongyuan.ledger.run_set import (
    LATEST,
    broken,
    hashed,
    latest,
    new_set,
    read_set,
    remove,
    run_record,
    run_table,
    sets,
)
from tongyuan.ledger.write.atomic import WRITING
from tongyuan.ledger.write.write import write_parquet

FRAME = pl.DataFrame({"value": [1.0, 2.0]})


@pytest.fixture(autouse=True)
def fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def write(results: Path, value: float = 1.0) -> Path:
    tables = {"emission": FRAME * value}
    with new_set(results) as draft:
        write_parquet(tables, draft.folder)
        draft.seal(run_record({"seed": 1}, {}, tables, steps=["account"]))
    return draft.final


def test_a_record_vouches_for_inputs_outputs_shelves_and_versions(tmp_path: Path) -> None:
    source = tmp_path / "w" / "tables" / "a.csv"
    source.parent.mkdir(parents=True)
    source.write_bytes(b"hello")
    assert hashed([source], tmp_path / "w") == {
        "tables/a.csv": {"sha256": hashlib.sha256(b"hello").hexdigest(), "bytes": 5}
    }
    folder = write(tmp_path / "results")
    tables, record = read_set(folder)
    assert folder.name == "20231114-221320"  # 1,700,000,000 s after 1970-01-01
    assert record["at"] == "2023-11-14T22:13:20+00:00"
    assert tables["emission"].equals(FRAME)
    assert record["rows"] == {"emission": 2}
    digest = hashlib.sha256((folder / "emission.parquet").read_bytes()).hexdigest()
    assert record["outputs"]["emission.parquet"]["sha256"] == digest
    assert set(record["reference"]) >= {"reference/data", "reference/factors/library", "ledger/schema"}
    assert record["versions"]["polars"] == pl.__version__
    shown = dict(run_table(record).iter_rows())
    assert shown["settings.seed"] == "1"
    assert not any(key.startswith(("letters", "outputs")) for key in shown)


def test_equal_runs_are_equal_to_the_byte_and_both_stand(tmp_path: Path) -> None:
    first, second = write(tmp_path), write(tmp_path)
    assert [p.name for p in sets(tmp_path)] == ["20231114-221320", "20231114-221320-2"]
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
    assert latest(tmp_path) == second
    numbers = [write(tmp_path) for _ in range(9)]
    assert sets(tmp_path)[-1] == numbers[-1] == tmp_path / "20231114-221320-11"


def test_a_run_that_fails_leaves_the_last_set(tmp_path: Path) -> None:
    whole = write(tmp_path)

    def fail() -> None:
        with new_set(tmp_path) as draft:
            write_parquet({"emission": FRAME}, draft.folder)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert latest(tmp_path) == whole
    assert sorted(p.name for p in tmp_path.iterdir()) == ["20231114-221320", LATEST]


def test_what_is_missing_or_changed_is_said(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert broken(folder) == []
    (folder / "emission.parquet").write_bytes(b"other")
    assert broken(folder) == ["emission.parquet"]
    with pytest.raises(FindingError, match="emission"):
        read_set(folder)
    (folder / "emission.parquet").unlink()
    assert broken(folder) == ["emission.parquet"]
    (folder / "run.json").write_text("{", "utf-8")
    with pytest.raises(FindingError, match="run"):
        read_set(folder)
    with pytest.raises(FileNotFoundError):
        read_set(tmp_path / "nowhere")


def test_a_pointer_to_nothing_gives_way_to_the_newest_set(tmp_path: Path) -> None:
    assert latest(tmp_path) is None
    folder = write(tmp_path / "results")
    (tmp_path / "results" / LATEST).write_text("../../etc", "utf-8")
    assert latest(tmp_path) == folder
    assert latest(folder) == folder


def test_removing_moves_the_pointer(tmp_path: Path) -> None:
    first, second = write(tmp_path), write(tmp_path)
    remove(second)
    assert latest(tmp_path) == first
    remove(first)
    assert latest(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_ended_runs_are_swept_and_living_ones_stay(tmp_path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True)
    (tmp_path / f"{WRITING}{int(ended.stdout)}-abc").mkdir()
    alive = tmp_path / f"{WRITING}{os.getppid()}-abc"
    alive.mkdir()
    write(tmp_path)
    assert [p.name for p in tmp_path.glob(f"{WRITING}*")] == [alive.name]


def test_a_time_that_is_no_time_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for text in ("abc", "1e9", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
        with pytest.raises(FindingError, match="SOURCE_DATE_EPOCH"):
            run_set.moment()


WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import test_run_set
for value in range(1, 1000):
    test_run_set.write(Path({results!r}), float(value))
    print(value, flush=True)
"""


def test_killed_at_any_moment_the_last_whole_set_stands(tmp_path: Path) -> None:
    code = WRITER.format(tests=str(Path(__file__).parent), results=str(tmp_path))
    for turn in range(6):
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.003 * turn)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        newest = latest(tmp_path)
        assert newest is not None
        assert all(not broken(folder) for folder in sets(tmp_path))
        assert read_set(newest)[0]["emission"].height == 2
    write(tmp_path)
    assert not list(tmp_path.glob(f"{WRITING}*"))
