"""Work in a process of its own that is ended, by a signal it cannot see, at one of its steps on the disk."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent

_COUNT = """
    import os, signal, sys
    from pathlib import Path

    folder, stop = Path(sys.argv[1]), int(sys.argv[2])
    steps = 0
    STEPS = ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.chmod", "shutil.rmtree")

    def step(event, args):
        global steps
        if event in STEPS and isinstance(args[0], (str, bytes)) and str(folder) in os.fsdecode(args[0]):
            steps += 1
            if steps == stop:
                os.kill(os.getpid(), signal.SIGKILL)
"""


def ended(work: str, folder: Path, stop: int, *arguments: str) -> int | None:
    """Run `work` (statements that use `folder` and `sys.argv[3:]`), ended before step `stop` on the disk.

    Returns
    -------
    int or None
        The number of steps of work that came to its end (with `stop` 0 it does), None where it was ended.
    """
    code = dedent(_COUNT) + dedent(work).replace("BEGIN", "sys.addaudithook(step)") + "\nprint(steps)\n"
    command: Sequence[str] = [sys.executable, "-c", code, str(folder), str(stop), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode in (0, -9), done.stderr
    return int(done.stdout) if done.returncode == 0 else None


def litter(folder: Path) -> list[str]:
    """Return what unfinished writers left in `folder`."""
    return [p.name for p in folder.rglob("*") if p.name.startswith((".writing-", ".before-"))]
