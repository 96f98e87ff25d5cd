"""An office that listens on a port of this machine, for tests that ask it over the network."""

from __future__ import annotations

import threading

import uvicorn
from tests.office.desk import Town

from tongyuan.web.app import create_app


class Server:
    """The application, listening on a port of this machine."""

    def __init__(self, made: Town) -> None:
        config = uvicorn.Config(
            create_app(made.office), port=0, log_level="error", access_log=False, timeout_graceful_shutdown=1
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.02)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
