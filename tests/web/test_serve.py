from __future__ import annotations

import os
import signal
from pathlib import Path
from threading import Event

import pytest

from tongyuan.office.place import open_office
from tongyuan.web import serve


def test_a_worker_that_ends_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, again = [], Event()
    begin = serve.started

    def started(module: str, **options: bool) -> object:
        process = begin(module, **options)
        begun.append(process)
        if len(begun) == 2:
            again.set()
        return process

    monkeypatch.setattr(serve, "started", started)
    with serve.working(open_office(tmp_path / "o")):
        while not begun:
            Event().wait(0.05)
        os.kill(begun[0].pid, signal.SIGKILL)
        assert again.wait(30)
    assert begun[0].returncode == -signal.SIGKILL
    assert begun[1].wait(15) is not None
