"""The mutation runner sees what it should: changes that matter are noticed, those that do not are not."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import mutate  # noqa: E402

TEXT = '''"""A module; its sentences stay."""
LIMIT: float = 0.5


def share(part: float, whole: float) -> float:
    """Return part of whole."""
    if whole <= 0:
        raise ValueError("no 1 whole")
    return part / whole if part < LIMIT else -part
'''


def test_every_operator_number_and_condition_is_changed_once() -> None:
    changes = {(m.before.split("⟨")[1][:-1], m.after) for m in mutate.mutants("m", TEXT)}
    assert changes == {
        ("0.5", "1.5"),
        ("whole <= 0", "whole < 0"),
        ("0", "1"),
        ("part / whole if part < LIMIT else -part", "-part if part < LIMIT else part / whole"),
        ("part / whole", "part * whole"),
        ("part < LIMIT", "part <= LIMIT"),
        ("-part", "part"),
    }


def test_a_mutant_differs_from_the_module_in_its_place_only() -> None:
    found = mutate.mutants("m", TEXT)
    times = next(m for m in found if m.after == "part * whole")
    space: dict[str, object] = {}
    exec(compile(mutate.mutated(TEXT, times.number), "m", "exec"), space)
    assert space["share"](0.25, 4.0) == 1.0  # type: ignore[operator]
    with pytest.raises(ValueError, match="no 1 whole"):
        space["share"](0.25, 0.0)  # type: ignore[operator]


def test_registered_modules_and_their_tests_exist() -> None:
    file = tomllib.loads((ROOT / "tools" / "mutate.toml").read_text("utf-8"))
    assert len(file["module"]) >= 25
    for module, tests in (file["module"] | file["next"]).items():
        assert mutate.path_of(module).is_file(), module
        assert all((ROOT / test).is_file() for test in tests), module


def test_a_few_mutants_of_two_modules_are_noticed() -> None:
    names = ["tongyuan.synergy.method.elasticity", "tongyuan.inventory.methods.cement"]
    command = [sys.executable, str(ROOT / "tools" / "mutate.py"), *names, "--most", "3", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    name, count, noticed, *_ = done.stdout.splitlines()[-1].split()
    assert (name, count) == ("all", "6")
    assert int(noticed) >= 4, done.stdout
