from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tongyuan.office.limit import started

KEEP = "from tongyuan.office.limit import Limit, keep_to; keep_to(Limit({memory}, {seconds}));"


def ended(code: str, **limit: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", KEEP.format(**limit) + code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_memory_beyond_the_limit_is_refused() -> None:
    done = ended("bytearray(2**30)", memory=2**29, seconds=60)
    assert "MemoryError" in done.stderr
    assert ended("bytearray(2**27)", memory=2**29, seconds=60).returncode == 0


def test_a_process_that_computes_for_too_long_is_stopped() -> None:
    assert ended("\nwhile True: pass", memory=2**30, seconds=1).returncode in (
        -signal.SIGXCPU,
        -signal.SIGKILL,
    )


def test_a_module_is_started_as_a_process_that_listens(capfd: pytest.CaptureFixture[str]) -> None:
    said, wrong = started("json.tool").communicate(b"[1]")
    assert (said.split(), wrong) == ([b"[", b"1", b"]"], b"")
