"""A run gives the same bytes on any number of threads, and two runs of one workspace never mix."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tongyuan.ledger.example import copy_example
from tongyuan.ledger.run_set import RESULTS, broken, latest, read_set, sets

STEPS = """
import sys
from pathlib import Path
from tongyuan.flows.source import Inputs, open_workspace
from tongyuan.flows.step import FLOWS, of_flows, run_steps
from tongyuan.ledger.write.write import write_parquet

brought = open_workspace(Path(sys.argv[1]))
given = Inputs(brought.settings, brought.tables, brought.texts, letters=brought.letters)
write_parquet(run_steps(of_flows(tuple(FLOWS)), given)[0], Path(sys.argv[2]))
"""


def hashed(world: Path, folder: Path, threads: int) -> dict[str, str]:
    setting = {**os.environ, "POLARS_MAX_THREADS": str(threads), "SOURCE_DATE_EPOCH": "1700000000"}
    folder.mkdir()
    subprocess.run([sys.executable, "-c", STEPS, str(world), str(folder)], check=True, env=setting)
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def same_on_any_number_of_threads(world: str, folder: Path, more: tuple[int, ...] = (2, 4)) -> None:
    copy_example(world, folder / world)
    one = hashed(folder / world, folder / "1", 1)
    assert "emission.parquet" in one
    for threads in more:
        assert hashed(folder / world, folder / str(threads), threads) == one


def test_a_run_with_a_drafted_plan_is_the_same_to_the_byte_on_any_number_of_threads(tmp_path: Path) -> None:
    same_on_any_number_of_threads("minimal", tmp_path, (4,))


@pytest.mark.soak
@pytest.mark.parametrize(
    "world", ["enterprise", "enterprises", "park", "park_chemicals", "nation", "province"]
)
def test_every_world_is_the_same_to_the_byte_on_any_number_of_threads(world: str, tmp_path: Path) -> None:
    same_on_any_number_of_threads(world, tmp_path)


def test_two_runs_at_once_leave_two_whole_sets(tmp_path: Path) -> None:
    copy_example("minimal", tmp_path / "w")
    settings = tmp_path / "w" / "tongyuan.toml"
    settings.write_text(
        settings.read_text("utf-8") + '\n[report]\nlanguages = ["zh"]\ndocuments = false\n', "utf-8"
    )
    line = [sys.executable, "-m", "tongyuan", "run", str(tmp_path / "w"), "--only", "account"]
    clock = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    both = [
        subprocess.Popen(line, env=clock, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) for _ in "ab"
    ]
    said = [process.communicate(timeout=300)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    made = sets(tmp_path / "w" / RESULTS)
    assert len(made) == 2
    assert not any(broken(path) for path in made)
    first, second = (read_set(path)[0] for path in made)
    assert first.keys() == second.keys()
    assert all(first[name].equals(second[name]) for name in first)
    assert latest(tmp_path / "w") in made
    assert [p.name for p in (tmp_path / "w" / RESULTS).iterdir() if p.name.startswith(".")] == []
