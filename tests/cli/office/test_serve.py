"""``tongyuan serve`` as a person starts it: passwords once, an address, a clean end."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest


def free() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def begun(office: Path, port: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tongyuan", "serve", str(office), "--port", str(port), "-l", "en"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def until_ready(process: subprocess.Popen[str]) -> str:
    told = ""
    assert process.stdout is not None
    for line in process.stdout:
        told += line
        if "http://" in line:
            return told
    raise AssertionError(told)


def test_passwords_are_shown_once_and_it_listens_on_this_computer_alone(tmp_path: Path) -> None:
    port = free()
    for first in (True, False):
        process = begun(tmp_path / "office", port)
        try:
            told = until_ready(process)
            assert ("admin2" in told) == first
            assert f"http://127.0.0.1:{port}/" in told
            asking = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            asking.request("GET", "/healthz")
            assert asking.getresponse().read() == b"ok"
            asking.close()
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
            process.stdout.close()  # type: ignore[union-attr]


def test_without_the_parts_of_the_office_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "sqlalchemy.py").write_text("raise ModuleNotFoundError('no', name='sqlalchemy')")
    env = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    for words in (["serve"], ["office", "verify"]):
        command = [sys.executable, "-m", "tongyuan", *words, "-l", "en"]
        done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, check=False)
        assert done.returncode == 2
        assert "pip install 'tongyuan[office]'" in done.stderr


@pytest.mark.parametrize("words", [["serve", "--help"], ["office", "--help"]])
def test_help_stands_without_the_office(words: list[str]) -> None:
    done = subprocess.run([sys.executable, "-m", "tongyuan", *words], capture_output=True, check=False)
    assert done.returncode == 0
