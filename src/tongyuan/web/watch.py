"""What watches over the server: counts for Prometheus, and a line of log a request, without people's data."""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from threading import Lock

from fastapi import Request, Response

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


def place_of(request: Request) -> str:
    """Return the address as it was declared, so that no number or name of anybody is counted or logged."""
    return str(getattr(request.scope.get("route"), "path", "-"))


def watching(
    counts: Counts,
) -> Callable[[Request, Callable[[Request], Awaitable[Response]]], Awaitable[Response]]:
    """Return what counts and logs every request on its way."""

    async def watch(request: Request, go_on: Callable[[Request], Awaitable[Response]]) -> Response:
        begun, status = time.perf_counter(), 500
        try:
            answer = await go_on(request)
            status = answer.status_code
            return answer
        finally:
            seconds, place = time.perf_counter() - begun, place_of(request)
            counts.add(request.method, place, status, seconds)
            told = {"method": request.method, "path": place, "status": status, "seconds": round(seconds, 4)}
            level = logging.WARNING if seconds > SLOW else logging.INFO
            log.log(level, json.dumps({"event": "slow" if seconds > SLOW else "request", **told}))

    return watch
