"""What watches over the server: counts for Prometheus, and a line of log a request, without people's data."""

from __future__ import annotations

import json
import logging
import os
import time
import traceback
from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, TextIO

from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("tongyuan.web")

STEPS = (0.01, 0.05, 0.1, 0.25, 0.5, 0.8, 2.0, 10.0)
"""Upper bounds of the classes that times of answers are counted in [s]."""

SLOW = 2.0
"""A request that takes longer is told as slow [s]."""


class Counts:
    """Requests by method, address as it was declared, and status; their times by address."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._requests: dict[tuple[str, str, int], int] = defaultdict(int)
        self._times: dict[str, list[float]] = {}

    def add(self, method: str, place: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self._lock:
            self._requests[method, place, status] += 1
            held = self._times.setdefault(place, [0.0] * (len(STEPS) + 2))
            for number, step in enumerate(STEPS):
                held[number] += seconds <= step
            held[-2] += 1
            held[-1] += seconds

    def text(self) -> str:
        """Return all counts in the text format of Prometheus."""
        with self._lock:
            lines = ["# TYPE tongyuan_requests_total counter"]
            lines += [
                f'tongyuan_requests_total{{method="{method}",path="{place}",status="{status}"}} {count}'
                for (method, place, status), count in sorted(self._requests.items())
            ]
            lines.append("# TYPE tongyuan_request_seconds histogram")
            for place, held in sorted(self._times.items()):
                name, label = "tongyuan_request_seconds", f'path="{place}"'
                lines += [
                    f'{name}_bucket{{{label},le="{step:g}"}} {held[number]:.0f}'
                    for number, step in enumerate(STEPS)
                ]
                lines.append(f'{name}_bucket{{{label},le="+Inf"}} {held[-2]:.0f}')
                lines += [f"{name}_count{{{label}}} {held[-2]:.0f}", f"{name}_sum{{{label}}} {held[-1]:.6f}"]
        return "\n".join(lines) + "\n"


def gauges(jobs: Mapping[str, int], slow: int) -> str:
    """Return what stands at the moment: jobs by state, slow statements, memory of this process."""
    lines = ["# TYPE tongyuan_jobs gauge"]
    lines += [f'tongyuan_jobs{{state="{state}"}} {count}' for state, count in jobs.items()]
    lines += ["# TYPE tongyuan_slow_queries_total counter", f"tongyuan_slow_queries_total {slow}"]
    status = Path("/proc/self/statm")
    if status.is_file():
        pages = int(status.read_text("ascii").split()[1])
        held = pages * os.sysconf("SC_PAGE_SIZE")
        lines += ["# TYPE tongyuan_memory_bytes gauge", f"tongyuan_memory_bytes {held}"]
    return "\n".join(lines) + "\n"


class Lines(logging.Formatter):
    """One line of JSON for each record: moment, level, and what it says; errors with where they happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        said = record.getMessage()
        try:
            told = json.loads(said)
        except ValueError:
            told = None
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, Any] = {"time": moment, "level": record.levelname.lower(), "from": record.name}
        line |= told if isinstance(told, dict) else {"event": "message", "message": said}
        if record.exc_info and record.exc_info[2] is not None:
            # Where, not what: the text of an error may hold what somebody sent.
            line["error"] = record.exc_info[0].__name__ if record.exc_info[0] else ""
            steps = traceback.extract_tb(record.exc_info[2])[-8:]
            line["where"] = [f"{Path(step.filename).name}:{step.lineno} {step.name}" for step in steps]
        return json.dumps(line, ensure_ascii=False)


def log_to(stream: TextIO, level: int = logging.INFO) -> logging.Handler:
    """Let everything this package logs go to `stream`, a line of JSON each; return the handler."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logger = logging.getLogger("tongyuan")
    logger.addHandler(handler)
    logger.setLevel(level)
    logger.propagate = False
    return handler


def place_of(scope: Scope) -> str:
    """Return the address as it was declared, so that no number or name of anybody is counted or logged."""
    return str(getattr(scope.get("route"), "path", "-"))


class Watch:
    """Count and log every request on its way."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self.app, self.counts = app, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Watch one request; what is no request passes."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), 500

        async def seen(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, seen)
        finally:
            seconds, place, method = time.perf_counter() - begun, place_of(scope), scope["method"]
            self.counts.add(method, place, status, seconds)
            level = logging.WARNING if seconds > SLOW else logging.INFO
            if log.isEnabledFor(level):
                event = "slow" if seconds > SLOW else "request"
                told = {"method": method, "path": place, "status": status, "seconds": round(seconds, 4)}
                log.log(level, json.dumps({"event": event, **told}))
