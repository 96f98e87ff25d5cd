from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import ctypes, os
from tongyuan.ledger.quiet import quiet
printf = ctypes.CDLL(None).printf
print("before")
with quiet():
    os.write(1, b"written\\n")
    with quiet():
        printf(b"held by C\\n")
print("after")
"""


def test_what_a_library_prints_goes_to_the_standard_error() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["before", "after"]
    assert "written" in done.stderr
    assert "held by C" in done.stderr


def test_without_streams_nothing_is_changed() -> None:
    program = (
        "import os; os.close(1)\nfrom tongyuan.ledger.quiet import quiet\nwith quiet(): x = 1\nassert x == 1"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert "Traceback" not in done.stderr
