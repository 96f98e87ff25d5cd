"""Serve an office: the application, and beside it the process of the worker, begun anew if it ends."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import uvicorn

from tongyuan.office.job.worker import address_of
from tongyuan.office.limit import started
from tongyuan.office.operation import Office
from tongyuan.web.app import create_app
from tongyuan.web.watch import log_to

WORKER = "tongyuan.office.job.worker"
log = logging.getLogger("tongyuan.web")


@contextmanager
def working(office: Office) -> Iterator[None]:
    """Have a worker at work as long as the block lasts."""
    stop, place = Event(), {"database": address_of(office.engine), "archive": str(office.archive)}
    held: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not stop.is_set():
            process = started(WORKER, quiet=True)
            held[:] = [process]
            assert process.stdin is not None
            process.stdin.write(json.dumps(place).encode() + b"\n")
            process.stdin.close()
            while process.poll() is None and not stop.wait(0.5):
                pass
            if not stop.is_set():
                log.error("the worker ended with %s and is begun anew", process.returncode)
                stop.wait(1.0)

    watcher = Thread(target=keep, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        stop.set()
        watcher.join(5)
        for process in held:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def serve(office: Office, host: str, port: int, ready: Callable[[], None] = lambda: None) -> None:
    """Serve an office until the process is asked to end; `ready` is called when it listens."""

    class Server(uvicorn.Server):
        async def startup(self, sockets: object = None) -> None:
            await super().startup(None)
            if self.started:
                ready()

    config = uvicorn.Config(
        create_app(office), host=host, port=port, log_level="warning", server_header=False,
        proxy_headers=False, access_log=False, timeout_keep_alive=10, limit_concurrency=200,
    )  # fmt: skip
    # Who sits before it is told what is wrong; a file or a journal gets every request.
    handler = log_to(sys.stderr, logging.WARNING if sys.stderr.isatty() else logging.INFO)
    try:
        with working(office):
            Server(config).run()
    finally:
        logging.getLogger("tongyuan").removeHandler(handler)
