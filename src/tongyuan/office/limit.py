"""Limits on a process that reads what somebody else wrote, or that computes for long."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

try:
    import resource
except ImportError:  # not on Windows: there the time alone is limited
    resource = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Limit:
    """Memory [byte] and time of computing [s] that a process may use."""

    memory: int
    seconds: int


UPLOAD = Limit(4 * 2**30, 120)
"""Of reading an uploaded workbook: the largest that is read, unpacked 200 MB, stays below."""

JOB = Limit(16 * 2**30, 4 * 3600)
"""Of a job: a province's plan takes a tenth of either."""


def keep_to(limit: Limit) -> None:
    """Hold this process to `limit`: beyond it memory is refused, and in the end it is stopped."""
    if resource is None:
        return
    for kind, value in (
        (resource.RLIMIT_AS, limit.memory),
        (resource.RLIMIT_CPU, limit.seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, hard))


def started(module: str, *arguments: str, quiet: bool = False) -> subprocess.Popen[bytes]:
    """Start a module of this package as a process of its own that is told what to do on its input.

    What it says is handed back; a `quiet` one says nothing but to the log of this process.
    """
    command, pipe = [sys.executable, "-m", module, *arguments], subprocess.PIPE
    if quiet:
        return subprocess.Popen(command, stdin=pipe, stdout=subprocess.DEVNULL)
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe)
