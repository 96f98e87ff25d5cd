from __future__ import annotations

import subprocess
import sys

from tongyuan import __version__


def test_the_package_can_be_run() -> None:
    done = subprocess.run([sys.executable, "-m", "tongyuan", "--version"], capture_output=True, check=True)
    assert done.stdout.decode().strip() == f"tongyuan {__version__}"
